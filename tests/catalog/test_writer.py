"""What a writer leaves in the catalog: whole files, or no trace of them."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from made.samples import Words, ask, text

from tokaudit.catalog import sources
from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.layout import parts_folder
from tokaudit.catalog.writer import CatalogWriter
from tokaudit.core.batches import BadRecord, MeasuredBatch, TextBatch
from tokaudit.measure.measure import measure, meet_nobody
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.files import InputFile


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with one source, one tokenizer and no counts."""
    path = tmp_path_factory.mktemp("begun") / "x.duckdb"
    with exclusive_writer(path), write_transaction(path) as connection:
        sources.register_source(connection, sources.SourceSettings("s", "web", "auto", TextFields(), "default", (), {}))
        sources.register_tokenizer(connection, "words", "0" * 64, "the tests")
    return path


@pytest.fixture
def catalog(begun: Path, tmp_path: Path) -> Path:
    """A copy of that catalog, to write to."""
    return Path(shutil.copy(begun, tmp_path))


def writer(catalog: Path) -> CatalogWriter:
    return CatalogWriter(catalog, "s", 1, {"words": 0})


def batch(texts: Sequence[str], first: int = 0, **labels: list[str | None]) -> MeasuredBatch:
    """The texts, measured, with ordinals from `first`."""
    return measure(
        [
            TextBatch(
                pa.array(texts, pa.large_string()),
                np.arange(first, first + len(texts)),
                pa.nulls(len(texts), pa.int64()),
                {name: pa.array(values, pa.string()) for name, values in labels.items()},
            )
        ],
        {"words": Words()},
        (),
        meet_nobody,
    )


def add(to: CatalogWriter, name: str, *batches: MeasuredBatch, replaces: int | None = None) -> None:
    """Add a whole file."""
    to.begin(InputFile(f"/c/{name}", name, 10, "1"), "hash", "text", replaces)
    for one in batches:
        to.add(one, [len(one.ordinal)], ends=False)
    to.add(None, [0])


def test_small_files_wait_until_they_are_flushed(catalog: Path) -> None:
    to = writer(catalog)
    add(to, "a", batch(["one two", ""]), batch(["three"], first=2))
    add(to, "b", batch(["four"]))
    assert ask(catalog, "select count(*) from store.files") == [(0,)]
    to.flush()

    assert ask(catalog, "select path, documents, bytes, bad_records, state from files order by path") == [
        ("/c/a", 3, 12, 0, "counted"),
        ("/c/b", 1, 4, 0, "counted"),
    ]
    assert ask(catalog, "select path, ordinal, tokens from token_counts order by path, ordinal") == [
        ("/c/a", 0, 2),
        ("/c/a", 1, 0),
        ("/c/a", 2, 1),
        ("/c/b", 0, 1),
    ]
    assert ask(catalog, "select count(distinct document) from documents") == [(4,)]


def test_enough_text_is_committed_without_a_flush(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.catalog.buffer.COMMIT_BYTES", 8)
    to = writer(catalog)
    add(to, "a", batch(["1234567"]))
    assert ask(catalog, "select count(*) from files") == [(0,)]
    add(to, "b", batch(["8"]))

    assert ask(catalog, "select count(*) from files") == [(2,)]


def test_a_file_is_committed_seconds_after_the_last_commit(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.catalog.buffer.COMMIT_SECONDS", 0.0)
    add(writer(catalog), "a", batch(["1"]))

    assert ask(catalog, "select count(*) from files") == [(1,)]


@pytest.mark.slow
def test_a_huge_file_is_staged_and_visible_when_complete(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.catalog.buffer.PART_DOCUMENTS", 1)
    views = ("files", "documents", "token_counts", "labels", "bad_records", "supply")
    to = writer(catalog)
    to.begin(InputFile("/c/a", "a", 10, "1"), "hash", "text", None)
    for ordinal in range(3):
        to.add(batch(["123456"], first=ordinal, licence=["mit"]), [1], ends=False)
    to.add(None, [0], [(0, BadRecord(3, None, "malformed", "why"))], ends=False)

    assert ask(catalog, "select count(*) from store.documents") == [(3,)]
    assert [len(ask(catalog, f"from {view}")) for view in views] == [0] * 6
    to.add(None, [0])
    to.flush()
    assert [len(ask(catalog, f"from {view}")) for view in views] == [1, 3, 3, 3, 1, 1]
    assert ask(catalog, "select documents, bytes, bad_records, state from files") == [(3, 18, 1, "counted")]


def test_long_labels_are_staged_in_parts(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.catalog.buffer.COMMIT_BYTES", 1_000)
    to = writer(catalog)
    to.begin(InputFile("/c/a", "a", 10, "1"), "hash", "text", None)
    for ordinal in range(5):
        to.add(batch(["short"], first=ordinal, meta=["x" * 400]), [1], ends=False)

    assert ask(catalog, "select count(*) from store.labels") == [(3,)]
    to.add(None, [0])
    to.flush()
    assert ask(catalog, "select count(*), min(length(value)) from labels") == [(5, 400)]


def test_bad_records_are_staged_and_visible_when_complete(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.catalog.buffer.PART_DOCUMENTS", 4)
    to = writer(catalog)
    add(to, "a", batch(["one"]))
    to.begin(InputFile("/c/b", "b", 10, "1"), "hash", "jsonl", None)
    for ordinal in range(0, 9, 3):
        bad = [(0, BadRecord(ordinal + i, None, "malformed", f"why {ordinal + i}")) for i in range(2)]
        to.add(batch(["two"], first=ordinal + 2), [1], bad, ends=False)

    assert ask(catalog, "select count(*) from store.bad_records") == [(6,)]
    assert [len(ask(catalog, f"from {view}")) for view in ("bad_records", "files")] == [0, 1]
    to.add(None, [0], [(0, BadRecord(None, None, "cut", "early"))])
    to.flush()
    assert ask(catalog, "select documents, bad_records, state from files order by path") == [
        (1, 0, "counted"),
        (3, 7, "partial"),
    ]
    found = ask(catalog, "select ordinal, why from bad_records order by ordinal nulls last")
    assert found == [*((ordinal, f"why {ordinal}") for ordinal in (0, 1, 3, 4, 6, 7)), (None, "early")]
    assert ask(catalog, "select ordinal from documents where path = '/c/b' order by all") == [(2,), (5,), (8,)]


def test_staged_bad_records_of_a_refused_file_leave_no_trace(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.catalog.buffer.PART_DOCUMENTS", 2)
    to = writer(catalog)
    to.begin(InputFile("/c/b", "b", 10, "1"), "hash", "jsonl", None)
    for ordinal in range(3):
        to.add(None, [0], [(0, BadRecord(ordinal, None, "malformed", "why"))], ends=False)
    assert ask(catalog, "select bad_records, state from store.files") == [(2, "staged")]
    to.refuse_unfinished()
    to.flush()

    assert [ask(catalog, f"from store.{table}") for table in ("files", "bad_records")] == [[], []]


def test_files_measured_together_keep_their_own_documents(catalog: Path) -> None:
    to = writer(catalog)
    for name in "abcd":
        to.begin(InputFile(f"/c/{name}", name, 10, "1"), "hash", "text", None)
    faults = [(1, BadRecord(0, 0, "encoding", "no UTF-8")), (3, BadRecord(None, None, "cut", "ends early"))]
    to.add(batch(["one", "two", "three"]), [2, 0, 0, 1], faults)
    to.flush()

    assert ask(catalog, "select path, documents, bytes, bad_records, state from files order by path") == [
        ("/c/a", 2, 6, 0, "counted"),
        ("/c/b", 0, 0, 1, "counted"),
        ("/c/c", 0, 0, 0, "counted"),
        ("/c/d", 1, 5, 1, "partial"),
    ]
    assert ask(catalog, "select path, bytes from documents order by all") == [("/c/a", 3), ("/c/a", 3), ("/c/d", 5)]
    assert ask(catalog, "select path, code from bad_records order by all") == [("/c/b", "encoding"), ("/c/d", "cut")]


def test_dropping_an_incomplete_file_drops_only_its_rows(catalog: Path) -> None:
    to = writer(catalog)
    add(to, "a", batch(["one", "two"]))
    to.begin(InputFile("/c/b", "b", 10, "1"), "hash", "text", None)
    to.add(batch(["three"]), [1], ends=False)
    to.add(batch(["four", "five"], first=1), [2], ends=False)
    to.refuse_unfinished()
    add(to, "c", batch(["six"]))
    to.flush()

    found = ask(catalog, "select path, ordinal, bytes, words from documents")
    assert sorted(found) == [("/c/a", 0, 3, 1), ("/c/a", 1, 3, 1), ("/c/c", 0, 3, 1)]
    assert ask(catalog, "select path, documents, bytes from files order by path") == [("/c/a", 2, 6), ("/c/c", 1, 3)]


def test_a_refused_file_leaves_no_trace_and_earlier_ones_stay(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.catalog.buffer.PART_DOCUMENTS", 1)
    to = writer(catalog)
    add(to, "a", batch(["one"]))
    to.begin(InputFile("/c/b", "b", 10, "1"), "hash", "text", None)
    to.add(batch(["123456"]), [1], ends=False)  # a part, so it is stored
    to.add(batch(["7"], first=1), [1], ends=False)
    to.refuse_unfinished()
    to.flush()

    assert ask(catalog, "select path from store.files") == [("/c/a",)]
    tables = ("documents", "token_counts", "labels", "counted_with")
    assert [len(ask(catalog, f"from store.{table}")) for table in tables] == [1, 1, 0, 1]


def test_refusing_drops_only_incomplete_files(catalog: Path) -> None:
    to = writer(catalog)
    to.refuse_unfinished()
    add(to, "a", batch(["one"]))
    to.refuse_unfinished()
    to.begin(InputFile("/c/b", "b", 10, "1"), "hash", "text", None)
    to.begin(InputFile("/c/c", "c", 10, "1"), "hash", "text", None)
    to.refuse_unfinished()
    to.flush()

    assert ask(catalog, "select path from files") == [("/c/a",)]


def test_a_changed_file_replaces_its_old_rows_in_one_commit(catalog: Path) -> None:
    to = writer(catalog)
    add(to, "a", batch(["one", "two"], licence=["mit", "gpl"]))
    add(to, "b", batch(["three"]))
    to.flush()
    ((old,),) = ask(catalog, "select file from store.files where path = '/c/a'")
    add(to, "a", batch(["new"]), replaces=old)
    assert ask(catalog, "select count(*) from documents") == [(3,)]
    to.flush()

    assert ask(catalog, "select path, documents from files order by path") == [("/c/a", 1), ("/c/b", 1)]
    assert ask(catalog, "select count(*) from store.token_counts") == [(2,)]
    assert ask(catalog, "select count(*) from store.labels") == [(0,)]


def test_a_bad_record_is_a_row_and_a_bad_rest_a_partial_file(catalog: Path) -> None:
    to = writer(catalog)
    for name, record in (("a", BadRecord(0, 5, "null_text", "is null")), ("b", BadRecord(None, None, "cut", "early"))):
        to.begin(InputFile(f"/c/{name}", name, 10, "1"), "hash", "jsonl", None)
        to.add(None, [0], [(0, record)])
    to.flush()

    assert ask(catalog, 'select path, ordinal, "offset", code, why from bad_records order by path') == [
        ("/c/a", 0, 5, "null_text", "is null"),
        ("/c/b", None, None, "cut", "early"),
    ]
    assert ask(catalog, "select bad_records, state from files order by path") == [(1, "counted"), (1, "partial")]


def test_a_document_without_a_label_has_no_row_for_it(catalog: Path) -> None:
    to = writer(catalog)
    add(to, "a", batch(["1", "2"], licence=["mit", None]), batch(["3"], first=2, origin=["natural"]))
    to.flush()

    assert ask(catalog, "select ordinal, name, value from labels order by all") == [
        (0, "licence", "mit"),
        (2, "origin", "natural"),
    ]


def test_signatures_are_written_once_per_text_with_words(catalog: Path) -> None:
    to = writer(catalog)
    add(to, "a", batch([text(1), text(1), "", "...", text(2)]))
    to.flush()
    add(to, "b", batch(["", "!!"]))
    to.flush()

    ((name, texts, probed),) = ask(catalog, "select fragment, texts, probed from store.fragments")
    assert (texts, probed) == (2, False)
    assert [path.name for path in parts_folder(catalog).iterdir()] == [name]


def test_new_rows_make_derived_rows_stale(catalog: Path) -> None:
    assert ask(catalog, "select fresh from store.derived") == [(True,)]
    to = writer(catalog)
    add(to, "a", batch(["1"]))
    to.flush()

    assert ask(catalog, "select fresh from store.derived") == [(False,)]
