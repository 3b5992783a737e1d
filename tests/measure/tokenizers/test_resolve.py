"""The source that knows a name."""

from pathlib import Path

import pytest

from tokaudit.core.errors import UsageError
from tokaudit.measure.tokenizers.protocol import DEFAULT
from tokaudit.measure.tokenizers.resolve import resolve
from tokaudit.measure.tokenizers.sources import SOURCES


def test_an_unknown_tokenizer_lists_the_forms_of_names() -> None:
    with pytest.raises(UsageError, match=f"unknown tokenizer 'no-such' .*{DEFAULT}.*path.*hub"):
        resolve("no-such")


def test_a_bundled_name_is_not_looked_up_as_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / DEFAULT).write_text("a file of that name")
    monkeypatch.chdir(tmp_path)

    assert resolve(DEFAULT).source.startswith("OpenAI")


@pytest.mark.parametrize("kind", SOURCES.names())
def test_a_source_ignores_names_of_other_forms(kind: str) -> None:
    source = SOURCES.get(kind)

    assert source.forms
    assert source.find("no-such") is None


def test_no_two_sources_have_the_same_precedence() -> None:
    order = [SOURCES.get(kind).precedence for kind in SOURCES.names()]

    assert len(set(order)) == len(order)
