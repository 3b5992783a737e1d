"""Rows of files that change or go are gone from Parquet files, too, and all other rows are still there."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from made.samples import Run, Words, ask, count_into, text, write_jsonl

from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.move_rows import move_rows
from tokaudit.catalog.row_files import found_row_files
from tokaudit.core.progress import ignore

VIEWS = {
    "documents": "select source, path, ordinal, bytes, counts, counts_exact from documents order by all",
    "tokens": "select path, ordinal, tokenizer, tokens from token_counts order by all",
    "labels": "select path, ordinal, name, value from labels order by all",
    "groups": "select path, ordinal, kept_path, kept_ordinal, similarity, kind from groups order by all",
    "rows": "select (select count(*) from store.documents), (select count(*) from store.token_counts),"
    " (select count(*) from store.labels)",
}
LICENCE = {"licence": "licence"}


class Two(NamedTuple):
    """Two catalogs of the same files, of which one has its rows in Parquet files, and the folder of the files."""

    plain: Path
    moved: Path
    folder: Path


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Two:
    for place in ("move_rows", "take_back"):
        monkeypatch.setattr(f"tokaudit.catalog.{place}.PART_DOCUMENTS", 4)
    both = Two(tmp_path / "plain.duckdb", tmp_path / "moved.duckdb", tmp_path / "given")
    write_jsonl(both.folder / "web" / "a.jsonl", [text(0), text(1), text(2)], licence=["a", "b", None])
    write_jsonl(both.folder / "web" / "b.jsonl", [text(1), text(3), text(3)], licence=["a", "a", "c"])
    write_jsonl(both.folder / "books" / "c.jsonl", [text(0), text(4), "", text(5)])
    count_into(both.plain, both.folder / "web", "web", labels=LICENCE)
    count_into(both.plain, both.folder / "books", "books")
    shutil.copytree(f"{both.plain}.parts", f"{both.moved}.parts")
    shutil.copy(both.plain, both.moved)
    with exclusive_writer(both.moved) as file:
        move_rows(file, 0, ignore)
    return both


def check_alike(two: Two) -> None:
    """Check that both catalogs have the same rows, and that no file is left that has been taken back."""
    for name, sql in VIEWS.items():
        assert ask(two.moved, sql) == ask(two.plain, sql), name
    named = {f"{contents}/{name}" for contents, name in ask(two.moved, "select contents, name from row_files")}
    assert {f"{file.parent.name}/{file.name}" for file in found_row_files(two.moved)} == named


def test_a_changed_file_replaces_its_rows(two: Two) -> None:
    write_jsonl(two.folder / "web" / "b.jsonl", [text(1), text(9)], licence=["d", None])
    for catalog in (two.plain, two.moved):
        count_into(catalog, two.folder / "web", "web", labels=LICENCE)

    check_alike(two)
    assert ask(two.moved, "select count(*) from labels where value = 'd'") == [(1,)]


def test_labels_that_are_read_again_replace_those_of_before(two: Two) -> None:
    for catalog in (two.plain, two.moved):
        count_into(catalog, two.folder / "web", "web", labels={**LICENCE, "again": "licence"})

    check_alike(two)
    assert ask(two.moved, "select name, count(*) from labels group by all order by 1") == [
        ("again", 5),
        ("licence", 5),
    ]
    assert ask(two.moved, "select distinct contents from row_files order by 1") == [("documents",), ("token_counts",)]


def test_another_tokenizer_adds_its_counts(two: Two) -> None:
    for catalog in (two.plain, two.moved):
        count_into(catalog, two.folder / "web", "web", (Words("twice", "1"),), labels=LICENCE)

    check_alike(two)
    assert ask(two.moved, "select count(*) from token_counts where tokenizer = 'twice'") == [(6,)]


@pytest.mark.parametrize("source", ["web", "books"])
def test_a_forgotten_source_leaves_no_row(run: Run, two: Two, source: str) -> None:
    for catalog in (two.plain, two.moved):
        run("--catalog", catalog, "forget", source)

    check_alike(two)
    assert ask(two.moved, f"select count(*) from documents where source = '{source}'") == [(0,)]  # noqa: S608 - of two


def test_files_of_other_documents_stay_as_they_are(run: Run, two: Two) -> None:
    before = set(found_row_files(two.moved))
    run("--catalog", two.moved, "forget", "books")
    left = set(found_row_files(two.moved))

    assert left
    assert left < before
    assert ask(two.moved, "select max(last_document) from row_files where contents = 'documents'") == [(3,)]
    assert ask(two.moved, "select count(*) from store.documents_here") == [(2,)]


def test_numbers_of_documents_in_files_are_not_given_again(two: Two) -> None:
    write_jsonl(two.folder / "late" / "d.jsonl", [text(20)])
    count_into(two.moved, two.folder / "late", "web")

    assert ask(two.moved, "select count(*), count(distinct document) from documents") == [(11, 11)]
