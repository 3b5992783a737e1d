"""Which source has a name."""

from pathlib import Path

import pytest

from tokaudit.core.errors import UsageError
from tokaudit.measure.tokenizers.protocol import DEFAULT
from tokaudit.measure.tokenizers.resolve import resolve
from tokaudit.measure.tokenizers.sources import SOURCES


def test_an_unknown_name_is_answered_with_all_that_can_be_given() -> None:
    with pytest.raises(UsageError, match=f"unknown tokenizer 'no-such' .*{DEFAULT}.*path.*hub"):
        resolve("no-such")


def test_a_bundled_name_is_not_looked_for_as_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / DEFAULT).write_text("a file of that name")
    monkeypatch.chdir(tmp_path)

    assert resolve(DEFAULT).source.startswith("OpenAI")


@pytest.mark.parametrize("kind", SOURCES.names())
def test_every_source_says_what_its_names_look_like_and_passes_on_other_names(kind: str) -> None:
    source = SOURCES.get(kind)

    assert source.forms
    assert source.find("no-such") is None


def test_no_two_sources_have_the_same_precedence() -> None:
    order = [SOURCES.get(kind).precedence for kind in SOURCES.names()]

    assert len(set(order)) == len(order)
