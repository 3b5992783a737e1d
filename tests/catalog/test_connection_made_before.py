"""A catalog made by an earlier tokaudit, with that version's answers.

``made_before_rooms/catalog.tar.xz`` was made from `small_corpus`, at ``/corpus``, by the version whose modules lay side
by side. ``said.json`` has that version's answers, and its answers after one more source was counted into the catalog;
only their warnings are worded as today. Its storage version is that of DuckDB 2.
"""

import json
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pytest
from made.samples import Run, altered, ingested, small_corpus, text, write_jsonl
from made.storage import storage_version

from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.lock_down import STORAGE_VERSION
from tokaudit.core.resources import shipped

pytestmark = pytest.mark.slow

GIVEN: Final = Path(__file__).parent / "made_before_rooms"
MIGRATED: Final = 13
"""Number of the catalog's newest migration."""
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
    """The answer without fields that did not exist then."""
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
    if newest > MIGRATED:  # commands that only read say so; any that writes upgrades it
        assert "made by an older tokaudit" in run("--catalog", catalog, *QUESTIONS[question], code=4).err
        with exclusive_writer(catalog):
            pass
    found = run("--catalog", catalog, *QUESTIONS[question], "--format", "json").json

    assert as_of_then(found, SAID["as_it_was"][question]) == SAID["as_it_was"][question]


@pytest.fixture
def moved(catalog: Path, tmp_path: Path) -> Path:
    """The catalog, with its files at their present place."""
    folder = small_corpus(tmp_path / "corpus")
    with exclusive_writer(catalog), write_transaction(catalog) as connection:
        connection.execute("update store.files set path = replace(path, '/corpus', ?)", [str(folder)])
    return catalog


def test_an_older_catalog_is_upgraded_and_answers_as_before(run: Run, catalog: Path) -> None:
    done = run("--catalog", catalog, "upgrade", "--json").json
    found = answers(run, catalog, SAID["as_it_was"])

    assert (done["from"], done["changed"]) == ({"storage_version": "v2.0.0", "schema": MIGRATED}, True)
    assert done["to"]["storage_version"] == STORAGE_VERSION
    assert as_of_then(found, SAID["as_it_was"]) == SAID["as_it_was"]
    assert run("--catalog", catalog, "upgrade", "--json").json["changed"] is False


def more(folder: Path) -> Path:
    """A source that is not in the catalog."""
    write_jsonl(folder / "more" / "pages.jsonl", [text(1), altered(text(0), 3), text(77)])
    return folder / "more"


def answers(run: Run, catalog: Path, questions: Iterable[str]) -> dict[str, Any]:
    """The catalog's answers now."""
    return {name: run("--catalog", catalog, *QUESTIONS[name], "--format", "json").json for name in questions}


@pytest.mark.parametrize("upgraded", [False, True])
def test_an_older_catalog_is_extended_after_its_texts_are_reread(
    run: Run, moved: Path, tmp_path: Path, upgraded: bool
) -> None:
    if upgraded:
        run("--catalog", moved, "upgrade")
    stored = storage_version(moved)
    done = ingested(run, "--catalog", moved, more(tmp_path), "--domain", "web", "--source", "more")
    found = answers(run, moved, SAID["extended"])
    again = ingested(run, "--catalog", moved, more(tmp_path / "x"), "--domain", "web", "--source", "again")

    assert [warning for warning in done["warnings"] if "made by an older tokaudit" in warning]
    assert as_of_then(found, SAID["extended"]) == SAID["extended"]
    assert again["warnings"] == []
    assert storage_version(moved) == stored


def test_an_older_catalog_is_unchanged_if_nothing_is_added(run: Run, moved: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in moved.with_name(moved.name + ".parts").iterdir())
    done = ingested(run, "--catalog", moved, tmp_path / "corpus" / "blog", "--domain", "web", "--source", "blog")

    assert done["files_unchanged"] == done["files"]
    assert sorted(path.name for path in moved.with_name(moved.name + ".parts").iterdir()) == before


def test_an_older_catalog_without_its_files_is_not_extended(run: Run, catalog: Path, tmp_path: Path) -> None:
    with exclusive_writer(catalog), write_transaction(catalog) as connection:
        connection.execute("update store.files set path = replace(path, '/corpus', ?)", [str(tmp_path / "nowhere")])
    before = answers(run, catalog, ("documents", "groups"))
    refused = run("--catalog", catalog, "ingest", more(tmp_path), "--domain", "web", "--source", "more", code=4)

    assert "made by an older tokaudit" in refused.err
    assert "`tokaudit forget blog --catalog " in refused.err
    after = answers(run, catalog, ("documents", "groups"))
    assert [note.partition(":")[0] for answer in after.values() for note in answer.pop("warnings")] == [
        "source 'more' is incomplete",
        "source 'more' is incomplete",
    ]
    assert {answer.pop("complete") for answer in after.values()} == {False}
    assert after == {name: {"rows": answer["rows"], "truncated": False} for name, answer in before.items()}
