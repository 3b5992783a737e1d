"""Which source finds a name."""

from pathlib import Path

import pytest

from tokaudit.core.errors import UsageError
from tokaudit.measure.tokenizers.protocol import DEFAULT
from tokaudit.measure.tokenizers.resolve import resolve
from tokaudit.measure.tokenizers.sources import SOURCES


def test_the_error_for_an_unknown_name_lists_what_is_known() -> None:
    with pytest.raises(UsageError, match=f"unknown tokenizer 'no-such' .*{DEFAULT}.*path.*hub"):
        resolve("no-such")


def test_a_bundled_name_wins_over_a_file_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / DEFAULT).write_text("a file of that name")
    monkeypatch.chdir(tmp_path)

    assert resolve(DEFAULT).source.startswith("OpenAI")


@pytest.mark.parametrize("kind", SOURCES.names())
def test_every_source_describes_its_names_and_skips_others(kind: str) -> None:
    source = SOURCES.get(kind)

    assert source.forms
    assert source.find("no-such") is None


def test_no_two_sources_have_the_same_precedence() -> None:
    order = [SOURCES.get(kind).precedence for kind in SOURCES.names()]

    assert len(set(order)) == len(order)
