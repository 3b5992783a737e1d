"""Which field contains the text: the values of ``--text-field``."""

import pytest

from tokaudit.core.errors import UsageError
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.options import TEXT_FIELDS


def test_without_names_the_usual_fields_are_tried() -> None:
    assert TextFields.parse([]).of("a.jsonl") == TEXT_FIELDS
    assert TextFields.parse([]).general == "auto"


def test_names_and_rules_are_parsed_and_the_last_rule_decides() -> None:
    fields = TextFields.parse(["body, text", "title", "*.parquet=doc,content", "new/*=messages[].content"])

    assert fields.of("a.jsonl") == ("body", "text", "title")
    assert fields.of("x/a.parquet") == ("doc", "content")
    assert fields.of("new/a.parquet") == ("messages[].content",)
    assert TextFields.stored(fields.general, fields.stored_rules()) == fields


@pytest.mark.parametrize("given", ["", ",", "a,,b", "=a", "*.x="])
def test_an_empty_name_or_glob_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match="--text-field"):
        TextFields.parse([given])


def test_rules_of_an_earlier_ingest_still_hold() -> None:
    earlier = TextFields.parse(["a.jsonl=x", "b.jsonl=y"])

    assert TextFields.parse([]).after(earlier) == earlier
    assert TextFields.parse(["b.jsonl=z"]).after(earlier).of("b.jsonl") == ("z",)
