"""Moving rows to Parquet files: every answer stays, and a move that breaks off loses and doubles nothing."""

from collections.abc import Sequence
from pathlib import Path

import hypothesis.strategies as st
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from made.samples import Counted, Run, altered, ask, count_into, text, write_jsonl

from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.move_rows import move_rows
from tokaudit.catalog.queries import shipped_queries, shipped_query
from tokaudit.catalog.row_files import COLUMNS, VERSION, found_row_files, row_files
from tokaudit.catalog.statements import fetch_rows
from tokaudit.core.errors import CatalogError
from tokaudit.core.progress import ignore

COMMANDS = (
    "supply --by source",
    "supply --by licence",
    "supply --where licence='a'",
    "overlap",
    "duplicates --diff",
    "errors",
    "schema documents",
    "compare web C4/en",
)
"""Commands that read rows of documents, and answer in JSON."""


def held(catalog: Path) -> list[int]:
    """The number of rows of each kind in the catalog's file."""
    return [ask(catalog, f"select count(*) from store.{contents}_here")[0][0] for contents in COLUMNS]


def move(catalog: Path, most: int = 0) -> None:
    """Move the rows of a catalog if there are more."""
    with exclusive_writer(catalog) as file:
        move_rows(file, most, ignore)


def test_all_rows_are_in_files_and_no_longer_in_the_catalog(counted: Counted, moved: Path) -> None:
    with open_readonly(moved) as connection:
        files = row_files(connection)
    before = [ask(counted.catalog, f"select count(*) from store.{contents}")[0][0] for contents in COLUMNS]

    assert held(moved) == [0, 0, 0]
    assert [sum(file.rows for file in files if file.contents == contents) for contents in COLUMNS] == before
    assert sorted(file.path(moved) for file in files) == sorted(found_row_files(moved))
    assert len(files) > len(COLUMNS)


def test_every_shipped_query_answers_as_before(counted: Counted, moved: Path) -> None:
    with open_readonly(counted.catalog) as before, open_readonly(moved) as after:
        for query in shipped_queries():
            shipped = shipped_query(query)
            wanted, found = (fetch_rows(each, shipped.sql, shipped.values(each, {})) for each in (before, after))
            assert found == wanted, query


def test_every_command_answers_as_before(run: Run, counted: Counted, moved: Path) -> None:
    for command in COMMANDS:
        wanted, found = (run("--catalog", each, *command.split(), "--json").json for each in (counted.catalog, moved))
        assert found == wanted, command


def test_an_export_is_as_before(run: Run, counted: Counted, moved: Path) -> None:
    for name, catalog in (("before", counted.catalog), ("after", moved)):
        run("--catalog", catalog, "export", "--kept", f"{name}.parquet", "--dropped", f"{name}-dropped.parquet", "-q")
    read = {path.stem: pq.read_table(path).to_pylist() for path in Path().glob("*.parquet")}

    assert read["after"] == read["before"]
    assert read["after-dropped"] == read["before-dropped"] != []


def test_a_document_is_shown_as_before(run: Run, counted: Counted, moved: Path) -> None:
    page = counted.folder / "web" / "pages.jsonl"
    wanted, found = (run("--catalog", each, "show", page, 1).out for each in (counted.catalog, moved))

    assert found == wanted


def test_nothing_differs_from_the_catalog_before(run: Run, counted: Counted, moved: Path) -> None:
    changed, same = (run("diff", each, moved, "--json").json["rows"] for each in (counted.catalog, moved))

    assert changed == same


def test_the_size_that_status_gives_includes_the_files(run: Run, moved: Path) -> None:
    size = run("--catalog", moved, "status", "--json").json["catalog_bytes"]
    parts = Path(f"{moved}.parts")

    assert size == sum(path.stat().st_size for path in (moved, *parts.rglob("*")) if path.is_file())


def test_rows_stay_where_they_are_below_the_setting(copy: Path) -> None:
    before = held(copy)
    move(copy, max(before))

    assert held(copy) == before
    assert found_row_files(copy) == []


def test_only_the_kind_of_which_there_are_too_many_is_moved(copy: Path) -> None:
    documents, tokens, labels = held(copy)
    assert documents == tokens < labels
    move(copy, tokens)

    assert held(copy) == [documents, tokens, 0]


def test_rows_of_a_file_that_is_not_complete_stay(copy: Path) -> None:
    with exclusive_writer(copy) as file, write_transaction(file) as connection:
        connection.execute("update store.files set state = 'staged' where path like '%novel.txt'")
    move(copy)

    assert held(copy) == [1, 1, 0]


def test_a_file_has_its_rows_in_order_and_says_what_they_are(moved: Path) -> None:
    with open_readonly(moved) as connection:
        files = row_files(connection)
    for file in files:
        read = pq.read_table(file.path(moved))
        documents = read.column("document").to_pylist()
        said = {key.decode(): value.decode() for key, value in read.schema.metadata.items()}

        assert documents == sorted(documents)
        assert (documents[0], documents[-1], len(documents)) == (file.first_document, file.last_document, file.rows)
        assert {document // 5 for document in documents} == {file.part}
        assert said["tokaudit_rows"] == f"{file.contents} {VERSION}"
        assert {name: said[name] for name in COLUMNS[file.contents]} == COLUMNS[file.contents]
        assert read.schema.names == list(COLUMNS[file.contents])


def test_the_views_have_the_comments_of_the_files(moved: Path) -> None:
    asked = "select column_name, comment from duckdb_columns() where schema_name = 'store' and table_name = '{}'"

    assert [dict(ask(moved, asked.format(contents))) for contents in COLUMNS] == list(map(dict, COLUMNS.values()))


def test_later_rows_of_a_part_join_its_file(tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    for name in ("a", "b"):
        write_jsonl(tmp_path / name / "x.jsonl", [name, "both"])
        count_into(catalog, tmp_path / name, "web")
        move(catalog)

    assert ask(catalog, 'select contents, part, "rows" from row_files') == [("documents", 0, 4), ("token_counts", 0, 4)]
    assert len(found_row_files(catalog)) == 2


def with_many_documents(catalog: Path) -> None:
    """Add 200,000 documents to a file of a catalog, without their counts."""
    with exclusive_writer(catalog) as file, write_transaction(file) as connection:
        connection.execute(
            "insert into store.documents_here (document, file, ordinal, bytes, words, key_hi, key_lo)"
            " select 1000 + i, 0, 1000 + i, 9, 0, hash(i), hash(i + 1) from range(200_000) t(i)"
        )


def test_the_file_is_smaller_after_a_move_and_says_the_same(copy: Path) -> None:
    with_many_documents(copy)
    size, before = copy.stat().st_size, ask(copy, "select count(*), sum(ordinal) from documents")
    move(copy)

    assert copy.stat().st_size < 0.8 * size
    assert ask(copy, "select count(*), sum(ordinal) from documents") == before
    assert ask(copy, "select count(*) from unfinished") == [(0,)]


def test_a_file_that_can_not_be_made_smaller_stays(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise CatalogError("no space")

    with_many_documents(copy)
    monkeypatch.setattr("tokaudit.catalog.move_rows.rewrite", refuse)
    move(copy)

    assert held(copy) == [0, 0, 0]
    assert ask(copy, "select count(*) from documents") == [(200_011,)]


class StoppedError(Exception):
    """The process ended here."""


@pytest.mark.parametrize("step", ["temporary_name", "sync_file", "hash_of", "sync_folder", "renew_row_views", "sweep"])
def test_a_move_that_breaks_off_is_made_up_for_by_the_next(
    counted: Counted, copy: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def stop(*_: object) -> None:
        raise StoppedError

    before = ask(counted.catalog, "from documents order by all")
    with monkeypatch.context() as patch:
        patch.setattr(f"tokaudit.catalog.move_rows.{step}", stop)
        with pytest.raises(StoppedError):
            move(copy)
    between = ask(copy, "from documents order by all")
    move(copy)

    assert between == before
    assert ask(copy, "from documents order by all") == before
    assert held(copy) == [0, 0, 0]
    assert len(found_row_files(copy)) == len(COLUMNS)
    assert list(Path(f"{copy}.parts").rglob("*.tmp")) == []


def test_a_killed_move_leaves_nothing_for_good(moved: Path) -> None:
    folder = found_row_files(moved)[0].parent
    left = [folder / "half.tmp", folder / f"{'b' * 32}.rows.parquet"]
    for file in left:
        file.write_bytes(b"half")
    move(moved)

    assert [file for file in left if file.exists()] == []
    assert ask(moved, "select count(*) from documents") == [(11,)]


def test_a_folder_that_can_not_be_made_is_named(copy: Path) -> None:
    Path(f"{copy}.parts", "documents").write_text("in the way")
    with pytest.raises(CatalogError, match="can't be written"):
        move(copy)

    assert held(copy)[0] > 0


TEXTS = st.lists(st.sampled_from([text(0), altered(text(0), 2), text(1), "short", ""]), max_size=6)
STEPS = st.lists(st.tuples(st.sampled_from("abc"), TEXTS, st.integers(0, 9)), min_size=1, max_size=4)


@pytest.mark.slow
@given(STEPS)
@settings(max_examples=4)
def test_a_catalog_with_moved_rows_is_as_one_without(
    tmp_path_factory: pytest.TempPathFactory, steps: Sequence[tuple[str, list[str], int]]
) -> None:
    folder = tmp_path_factory.mktemp("steps")
    with pytest.MonkeyPatch.context() as patch:
        for place in ("move_rows", "take_back"):
            patch.setattr(f"tokaudit.catalog.{place}.PART_DOCUMENTS", 3)
        for name, texts, most in steps:
            write_jsonl(folder / name / "x.jsonl", texts)
            for catalog in ("plain", "moved"):
                count_into(folder / catalog, folder / name, "web", source=name)
            move(folder / "moved", most)
            answers = [
                ask(folder / catalog, "select path, ordinal, bytes, counts, counts_exact from documents order by all")
                + ask(folder / catalog, "select path, ordinal, tokens from token_counts order by all")
                for catalog in ("plain", "moved")
            ]
            assert answers[0] == answers[1]
