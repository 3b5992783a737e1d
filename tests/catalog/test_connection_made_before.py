"""A catalog made by an earlier tokaudit, with the program's answers of that day.

``made_before_rooms/catalog.tar.xz`` was made from `small_corpus`, at ``/corpus``, by the version whose modules lay side
by side; ``said.json`` has what that version said of it, and what it said after one more source was counted into it.
"""

import json
import tarfile
from pathlib import Path
from typing import Any, Final

import pytest
from made.samples import Run, altered, ingested, text, write_jsonl

from tokaudit.catalog.connection import exclusive_writer
from tokaudit.core.resources import shipped

pytestmark = pytest.mark.slow

GIVEN: Final = Path(__file__).parent / "made_before_rooms"
MIGRATED: Final = 13
"""Number of the newest migration that the catalog has."""
SAID: Final[dict[str, dict[str, Any]]] = json.loads((GIVEN / "said.json").read_text(encoding="utf-8"))
QUESTIONS: Final = {
    "supply": ["supply"],
    "by source": ["supply", "--by", "source"],
    "overlap": ["overlap"],
    "duplicates": ["duplicates"],
    "errors": ["errors"],
    "documents": [
        "query",
        "select source, domain, path, ordinal, bytes, words, counts_exact, counts from documents order by all",
    ],
    "groups": [
        "query",
        (
            "select source, path, ordinal, kept_path, kept_ordinal, round(similarity, 9) as s, kind "
            "from groups order by all"
        ),
    ],
    "labels": ["query", "select path, ordinal, name, value from labels order by all"],
    "tokens": ["query", "select path, ordinal, tokens from token_counts order by all"],
}


def as_of_then(found: Any, said: Any) -> Any:
    """What is found, without fields that nobody knew of then."""
    if isinstance(said, dict):
        return {name: as_of_then(found[name], said[name]) for name in said}
    if isinstance(said, list):
        return [as_of_then(*pair) for pair in zip(found, said, strict=True)]
    return found


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """The catalog as it was made."""
    with tarfile.open(GIVEN / "catalog.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "catalog.duckdb"


@pytest.mark.parametrize("question", SAID["as_it_was"])
def test_an_older_catalog_is_read_as_before(run: Run, catalog: Path, question: str) -> None:
    newest = max(int(file.name[:4]) for file in (shipped("catalog") / "schema").glob("*.sql"))
    if newest > MIGRATED:  # who only reads is told so; whatever writes brings it up
        assert "made by an older tokaudit" in run("--catalog", catalog, *QUESTIONS[question], code=4).err
        with exclusive_writer(catalog):
            pass
    found = run("--catalog", catalog, *QUESTIONS[question], "--format", "json").json

    assert as_of_then(found, SAID["as_it_was"][question]) == SAID["as_it_was"][question]


def test_an_older_catalog_is_extended_as_before(run: Run, catalog: Path, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "more" / "pages.jsonl", [text(1), altered(text(0), 3), text(77)])
    ingested(run, "--catalog", catalog, tmp_path / "more", "--domain", "web", "--source", "more")
    found = {
        question: run("--catalog", catalog, *QUESTIONS[question], "--format", "json").json
        for question in SAID["extended"]
    }

    assert as_of_then(found, SAID["extended"]) == SAID["extended"]
