"""The published facts that ship with tokaudit."""

from pathlib import Path

import pytest

from tokaudit.catalog.reference import read
from tokaudit.catalog.reference.corpora import PublishedCorpus, published_corpora
from tokaudit.catalog.reference.read import read_table
from tokaudit.core.resources import shipped

REFERENCE = shipped("catalog") / "reference"


@pytest.mark.parametrize("file", sorted(REFERENCE.glob("*.csv")), ids=lambda file: file.name)
def test_every_file_has_a_source_column_or_is_in_sources_md(file: Path) -> None:
    listed = f"| `{file.name}` |" in (REFERENCE / "SOURCES.md").read_text(encoding="utf-8")
    assert listed is not ("source" in read_table(file.name)[0])


@pytest.mark.parametrize(
    ("column", "cell"), [("standard", "maybe"), ("kind", "guessed"), ("tokens", "many"), ("year", "")]
)
@pytest.mark.usefixtures("made_reference")
def test_a_cell_of_another_type_is_an_error(monkeypatch: pytest.MonkeyPatch, column: str, cell: str) -> None:
    spoilt = read.read_table("published_corpora.csv")[:1]
    assert read.read_rows(PublishedCorpus, "published_corpora.csv")[0].tokens is not None
    spoilt[0][column] = cell
    monkeypatch.setattr(read, "read_table", lambda _: spoilt)
    with pytest.raises(ValueError, match=r"not one of|invalid literal"):
        published_corpora()
