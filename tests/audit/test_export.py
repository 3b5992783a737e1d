"""The documents that count, and the others with their kept copy, as Parquet files."""

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import hypothesis.strategies as st
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from made.samples import Counted, Words, altered, ask, count_into, text, write_jsonl

from tokaudit.audit import export_rows
from tokaudit.audit.export import METADATA_KEY, export
from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.statements import fetch_rows
from tokaudit.core.errors import CatalogError, UsageError

Row = dict[str, Any]


def exported(catalog: Path, folder: Path) -> tuple[list[Row], list[Row]]:
    """The rows of both files."""
    kept, dropped = folder / "kept.parquet", folder / "dropped.parquet"
    export(catalog, kept, dropped, force=True)
    return pq.read_table(kept).to_pylist(), pq.read_table(dropped).to_pylist()


def place(row: Row) -> tuple[str, int]:
    """The path and ordinal of a document."""
    return row["path"], row["ordinal"]


def about(file: Path) -> Any:
    """What a file says about itself."""
    return json.loads(pq.read_metadata(file).metadata[METADATA_KEY])


def check(catalog: Path, folder: Path) -> None:
    """Check both files against the views of the catalog."""
    kept, dropped = exported(catalog, folder)
    both = kept + dropped
    columns = ("path", "ordinal", "source", "domain", "below", "offset", "bytes", "words")
    with open_readonly(catalog) as connection:
        found = fetch_rows(connection, "select * from documents")
    documents = [tuple(row[name] for name in columns) for row in found]
    counts = {place(row): row["counts"] for row in found}

    assert len(both) == len(documents)
    assert {tuple(row[name] for name in columns) for row in both} == set(documents)
    assert {place(row) for row in kept} == {where for where, kept_there in counts.items() if kept_there}
    for rows in (kept, dropped):
        assert rows == sorted(
            rows, key=lambda row: (row["source"].encode(), row["below"].encode(), row["ordinal"], row["path"].encode())
        )
    tokens = {
        (path, ordinal, name): n
        for path, ordinal, name, n in ask(catalog, "select path, ordinal, tokenizer, tokens from token_counts")
    }
    labels = {
        (path, ordinal, name): value
        for path, ordinal, name, value in ask(catalog, "select path, ordinal, name, value from labels")
    }
    given_tokens = {(*place(row), name): n for row in both for name, n in row["tokens"].items() if n is not None}
    given_labels = {
        (*place(row), name): value for row in both for name, value in (row["labels"] or {}).items() if value is not None
    }
    assert given_tokens == tokens
    assert given_labels == labels
    check_groups(catalog, kept, dropped)


def check_groups(catalog: Path, kept: list[Row], dropped: list[Row]) -> None:
    """Check groups and kept copies against the view of groups."""
    groups = ask(catalog, "select path, ordinal, kept_path, kept_ordinal, kept_source, similarity, kind from groups")
    copies = {row[:2]: row[2:] for row in groups}
    where = {place(row): row for row in kept}
    for row in dropped:
        copy = (row["kept_path"], row["kept_ordinal"])
        assert copies[place(row)] == (*copy, row["kept_source"], row["similarity"], row["kind"])
        assert where[copy]["group"] == row["group"]
        assert where[copy]["source"] == row["kept_source"]
    assert {place(row) for row in kept if row["group"] is not None} == {
        at for at, row in copies.items() if row[-1] == "kept"
    }
    numbers = [row["group"] for row in kept if row["group"] is not None]
    assert numbers == list(range(len(numbers)))


def test_the_files_have_what_the_views_have(counted: Counted, tmp_path: Path) -> None:
    check(counted.catalog, tmp_path)
    (kept, dropped) = exported(counted.catalog, tmp_path)

    assert (len(kept), len(dropped)) == (7, 4)
    assert sum(row["kind"] == "near" for row in dropped) == 1
    assert {row["labels"]["licence"] for row in kept + dropped} == {"a", "b", None}


def test_the_tokens_written_are_the_unique_tokens(counted: Counted, tmp_path: Path) -> None:
    done = export(counted.catalog, tmp_path / "kept.parquet", tmp_path / "dropped.parquet")
    ((seen, unique),) = ask(
        counted.catalog,
        "select sum(tokens), sum(tokens) filter (counts) from documents join token_counts using (document)",
    )

    assert done.kept
    assert done.dropped
    assert done.kept.tokens == {"words": unique}
    assert done.dropped.tokens == {"words": seen - unique}


def test_columns_have_the_same_types_without_rows(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a" / "x.jsonl", [text(1), text(1)])
    write_jsonl(tmp_path / "b" / "x.jsonl", [text(1)])
    schemas = []
    for name in ("a", "b"):
        count_into(tmp_path / f"{name}.duckdb", tmp_path / name, "web")
        exported(tmp_path / f"{name}.duckdb", tmp_path)
        schemas.append(pq.read_schema(tmp_path / "dropped.parquet"))

    assert schemas[0] == schemas[1]
    assert schemas[0].field("labels").type == pa.null()
    assert schemas[0].field("tokens").type == pa.struct({"words": pa.int64()})
    assert pq.read_metadata(tmp_path / "dropped.parquet").num_rows == 0


def test_the_files_say_what_they_are(counted: Counted, tmp_path: Path) -> None:
    exported(counted.catalog, tmp_path)
    kept = about(tmp_path / "kept.parquet")

    assert kept["documents"] == "kept"
    assert about(tmp_path / "dropped.parquet") == kept | {"documents": "dropped"}
    assert kept["tokenizers"] == [{"name": "words", "vocabulary_sha256": "0" * 64}]
    assert kept["complete"] is False
    assert any("bad record" in warning for warning in kept["warnings"])
    assert "0.8" in kept["unique"]["near"]


def test_the_same_catalog_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        for source in ("a", "b") if name == "one" else ("b", "a"):
            folder = tmp_path / source
            write_jsonl(folder / "x.jsonl", [text(1), text(2), altered(text(2), 2), text(len(source))], q=[1, 2, 3, 4])
            count_into(tmp_path / f"{name}.duckdb", folder, "web", labels={"q": "q"})
        (tmp_path / name).mkdir()
        exported(tmp_path / f"{name}.duckdb", tmp_path / name)

    for file in ("kept.parquet", "dropped.parquet"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


def test_tables_have_a_fixed_length(counted: Counted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, _ = exported(counted.catalog, tmp_path)
    monkeypatch.setattr(export_rows, "_ROWS", 3)
    again, _ = exported(counted.catalog, tmp_path)
    found = pq.read_metadata(tmp_path / "kept.parquet")

    assert again == kept
    assert [found.row_group(number).num_rows for number in range(found.num_row_groups)] == [3, 3, 1]


HOSTILE = ["", "a.b", 'say "x"', "'; drop table store.files; --", "ß\u202e", "A", "a", "value", "document"]


def test_labels_and_files_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "a'b\"c"
    write_jsonl(folder / "x\n'\";--.jsonl", [text(1), text(1), text(2)], q=[*"123"])
    count_into(tmp_path / "c.duckdb", folder, 'o\'domain "x"', [Words('w."; --')], labels=dict.fromkeys(HOSTILE, "q"))
    check(tmp_path / "c.duckdb", tmp_path)
    kept, _ = exported(tmp_path / "c.duckdb", tmp_path)

    assert [row["labels"] for row in kept] == [dict.fromkeys(sorted(HOSTILE, key=str.encode), value) for value in "13"]
    assert set(kept[0]["tokens"]) == {'w."; --'}


def test_datasets_reads_both_files(counted: Counted, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    kept, dropped = exported(counted.catalog, tmp_path)
    for name, rows in (("kept", kept), ("dropped", dropped)):
        read = datasets.load_dataset(
            "parquet", data_files=str(tmp_path / f"{name}.parquet"), split="train", cache_dir=tmp_path / "cache"
        )
        assert list(read) == rows


def test_files_of_the_same_name_below_are_ordered_as_duplicates_are(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_jsonl(tmp_path / name / "x.jsonl", [text(n if name == "a" else n + 1) for n in range(3)])
        count_into(tmp_path / "c.duckdb", tmp_path / name, "web", source="both")
    check(tmp_path / "c.duckdb", tmp_path)


def test_a_file_without_a_tokenizer_has_null_tokens_of_it(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a" / "x.jsonl", [text(1)])
    write_jsonl(tmp_path / "b" / "x.jsonl", [text(2), text(2)])
    count_into(tmp_path / "c.duckdb", tmp_path / "a", "web", [Words("one"), Words("two", "1")])
    count_into(tmp_path / "c.duckdb", tmp_path / "b", "web", [Words("one")])
    done = export(tmp_path / "c.duckdb", tmp_path / "kept.parquet", tmp_path / "dropped.parquet")
    rows = pq.read_table(tmp_path / "kept.parquet").to_pylist()

    assert [row["tokens"] for row in rows] == [{"one": 120, "two": 120}, {"one": 120, "two": None}]
    assert done.kept
    assert done.kept.tokens == {"one": 240, "two": 120}
    assert done.warnings == ("2 documents are not counted with tokenizer 'two' and have no tokens of it",)
    check(tmp_path / "c.duckdb", tmp_path)


def test_an_unfinished_catalog_is_exported_as_incomplete(copy: Path, tmp_path: Path) -> None:
    with write_transaction(copy) as connection:
        connection.execute("update store.derived set fresh = false")
    done = export(copy, tmp_path / "kept.parquet")

    assert not done.complete
    assert any("groups of duplicates are not final" in note for note in done.warnings)
    assert about(tmp_path / "kept.parquet")["complete"] is False
    check(copy, tmp_path)


def test_a_complete_catalog_is_exported_as_complete(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a" / "x.jsonl", [text(1), text(1)])
    count_into(tmp_path / "c.duckdb", tmp_path / "a", "web")
    done = export(tmp_path / "c.duckdb", dropped=tmp_path / "dropped.parquet")

    assert done.document() == {
        "kept": None,
        "dropped": {"path": str(tmp_path / "dropped.parquet"), "documents": 1, "tokens": {"words": 120}},
        "complete": True,
        "warnings": [],
    }
    assert not (tmp_path / "kept.parquet").exists()


@pytest.mark.parametrize(
    ("kept", "dropped"),
    [(None, None), ("x", "x"), ("x", "./x"), ("small.duckdb", None), (None, "small.duckdb"), (".", None)],
)
def test_names_that_would_do_harm_are_refused(
    kept: str | None, dropped: str | None, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(counted.catalog.parent)
    before = set(Path().iterdir())
    with pytest.raises(UsageError):
        export(Path("small.duckdb"), *(None if file is None else Path(file) for file in (kept, dropped)))

    assert set(Path().iterdir()) == before


def test_a_link_to_the_catalog_is_refused(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.parquet").symlink_to(copy)
    with pytest.raises(UsageError, match="is the catalog"):
        export(copy, tmp_path / "kept.parquet")


def test_a_catalog_without_counts_is_refused(copy: Path, tmp_path: Path) -> None:
    with write_transaction(copy) as connection:
        connection.execute("delete from store.tokenizers")
    with pytest.raises(UsageError, match="run `tokaudit ingest"):
        export(copy, tmp_path / "kept.parquet")
    with pytest.raises(CatalogError):
        export(tmp_path / "missing.duckdb", tmp_path / "kept.parquet")

    assert not (tmp_path / "kept.parquet").exists()


@settings(max_examples=12)
@given(
    sources=st.lists(
        st.tuples(
            st.sampled_from(["web", "books"]), st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), max_size=6)
        ),
        min_size=1,
        max_size=3,
    )
)
@pytest.mark.slow
def test_exports_of_any_catalog_agree_with_its_views(
    sources: list[tuple[str, list[tuple[int, int]]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("random")
    for number, (domain, texts) in enumerate(sources):
        written = [altered(text(seed, 40), changes) if changes else text(seed, 40) for seed, changes in texts]
        write_jsonl(folder / f"s{number}" / "x.jsonl", written, q=[str(seed) for seed, _ in texts])
        count_into(folder / "c.duckdb", folder / f"s{number}", domain, labels={"q": "q"} if number % 2 else {})
    check(folder / "c.duckdb", folder)
    shutil.rmtree(folder)


def test_parquet_is_read_by_duckdb_too(counted: Counted, tmp_path: Path) -> None:
    kept, _ = exported(counted.catalog, tmp_path)
    with duckdb.connect() as connection:
        found = connection.execute(
            "select path, ordinal, tokens.words from read_parquet(?)", [str(tmp_path / "kept.parquet")]
        ).fetchall()

    assert found == [(*place(row), row["tokens"]["words"]) for row in kept]
