"""Reading failed files again."""

import gzip
from pathlib import Path

import pytest
from made.samples import Run, Words, ask, count_into, tables, text, write_jsonl

from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.unfinished import unfinished
from tokaudit.cli.progress import ProgressReport
from tokaudit.core.errors import UsageError
from tokaudit.measure.tokenizers.protocol import Vocabulary
from tokaudit.pipeline.retry import RetryResult, retry

MEMORY = 2**30


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find the tokenizer of `count_into` again."""
    vocabulary = Vocabulary("words", "0" * 64, "the tests", lambda: b"")
    monkeypatch.setattr("tokaudit.pipeline.find_tokenizer.resolve", lambda *_: vocabulary)
    monkeypatch.setattr("tokaudit.pipeline.retry.load_counters", lambda found, _: [Words() for _ in found])


def again(catalog: Path, source: str | None = None) -> RetryResult:
    """What a retry returns."""
    with ProgressReport(quiet=True) as report:
        return retry(catalog, source, 2, MEMORY, report)


def counted(tmp_path: Path) -> Path:
    """A catalog with three sources: one whole, one with a bad record, one of which nothing could be read."""
    write_jsonl(tmp_path / "whole" / "a.jsonl", [text(0)])
    write_jsonl(tmp_path / "part" / "a.jsonl", [text(1)])
    bad = write_jsonl(tmp_path / "part" / "b.jsonl", [text(2), text(3)], licence=["mit", "bsd"])
    bad.write_text(bad.read_text() + '{"text": \n')
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "x.jsonl.gz").write_bytes(b"\x1f\x8b")
    catalog = tmp_path / "x.duckdb"
    count_into(catalog, tmp_path / "whole", "web")
    count_into(catalog, tmp_path / "part", "books", labels={"licence": "licence"}, clean="none")
    count_into(catalog, tmp_path / "none", "web", text_fields=("body",))
    return catalog


@pytest.mark.slow
def test_repaired_files_are_as_if_they_had_never_failed(tmp_path: Path, run: Run) -> None:
    catalog = counted(tmp_path)
    write_jsonl(tmp_path / "part" / "b.jsonl", [text(2), text(3), text(0)], licence=["mit", "bsd", None])
    (tmp_path / "none" / "x.jsonl.gz").write_bytes(gzip.compress(b'{"body": "some text"}\n'))
    result = again(catalog)
    fresh = tmp_path / "fresh.duckdb"
    count_into(fresh, tmp_path / "whole", "web")
    count_into(fresh, tmp_path / "part", "books", labels={"licence": "licence"}, clean="none")
    count_into(fresh, tmp_path / "none", "web", text_fields=("body",))

    assert [(each.source, each.files, each.documents, each.bad_records) for each in result.results] == [
        ("none", 1, 1, 0),
        ("part", 1, 3, 0),
    ]
    assert result.complete
    assert tables(run, catalog) == tables(run, fresh)
    assert ask(catalog, "from labels select * exclude document order by all") == ask(
        fresh, "from labels select * exclude document order by all"
    )
    assert ask(catalog, "from sources order by all") == ask(fresh, "from sources order by all")


def test_an_unchanged_bad_file_is_read_and_still_bad(tmp_path: Path) -> None:
    catalog = counted(tmp_path)
    before = ask(catalog, "select path, ordinal, code, why from bad_records order by all")
    result = again(catalog, "part")

    assert [(each.source, each.files_unchanged, each.documents, each.bad_records) for each in result.results] == [
        ("part", 0, 2, 1)
    ]
    assert not result.complete
    assert ask(catalog, "select path, ordinal, code, why from bad_records order by all") == before


def test_a_file_that_became_readable_without_changing_is_counted(tmp_path: Path) -> None:
    catalog = counted(tmp_path)
    with exclusive_writer(catalog), write_transaction(catalog) as connection:  # as an older reader left it
        connection.execute("update store.files set documents = 0, bad_records = 1 where path like '%whole/a.jsonl'")

    assert [each.documents for each in again(catalog, "whole").results] == [1]
    assert ask(catalog, "select bad_records, documents from files where source = 'whole'") == [(0, 1)]


def test_a_file_that_is_gone_keeps_its_rows(tmp_path: Path) -> None:
    catalog = counted(tmp_path)
    (tmp_path / "part" / "b.jsonl").unlink()
    result = again(catalog, "part")

    assert (result.results, result.gone) == ((), (str(tmp_path / "part" / "b.jsonl"),))
    assert not result.complete
    assert ask(catalog, "select documents from files where path like '%b.jsonl'") == [(2,)]


def test_without_bad_records_nothing_is_read(tmp_path: Path) -> None:
    catalog = counted(tmp_path)

    assert again(catalog, "whole") == RetryResult((), (), ())
    assert ask(catalog, "select count(*) from ingests") == [(3,)]


def test_an_unknown_source_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="known: none, part, whole"):
        again(counted(tmp_path), "nope")


def test_a_retry_does_not_finish_an_ingest_that_was_cut_off(tmp_path: Path) -> None:
    catalog = counted(tmp_path)
    with exclusive_writer(catalog), write_transaction(catalog) as connection:
        connection.execute("update store.ingests set finished = null where source = 'part'")
    again(catalog, "part")

    with open_readonly(catalog) as connection:
        (work,) = unfinished(connection)
    assert work.words().startswith("source 'part' is incomplete")


def test_the_notes_say_what_is_left_and_the_document_has_them() -> None:
    nothing, left = RetryResult((), (), ()), RetryResult((), ("/a", "/b"), ("/c: can't be looked up",))

    assert nothing.document() == {
        "rows": [],
        "complete": True,
        "gone": [],
        "warnings": ["nothing to do: no file has a bad record"],
    }
    assert left.document() == {"rows": [], "complete": False, "gone": ["/a", "/b"], "warnings": left.notes()}
    assert left.notes() == [
        "2 files with bad records can't be found any more, such as /a",
        "/c: can't be looked up",
    ]


def test_a_retry_with_nothing_to_read_makes_stale_groups_anew(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "web" / "a.jsonl", [text(0), text(0)])
    catalog = tmp_path / "x.duckdb"
    count_into(catalog, tmp_path / "web", "web")
    with exclusive_writer(catalog), write_transaction(catalog) as connection:
        connection.execute("update store.derived set fresh = false")
    result = again(catalog)

    assert result.results == ()
    with open_readonly(catalog) as connection:
        assert unfinished(connection) == []
