"""The limits of an ingest hold wherever its files are read again."""

import json
from pathlib import Path

import pytest
from made.samples import Words, altered, ask, count_into, text, write_jsonl

from tokaudit.audit.show import show
from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.counted_files import counted_files
from tokaudit.catalog.source_settings import limits_of_ingests, limits_of_source
from tokaudit.cli.progress import ProgressReport
from tokaudit.core.errors import InputError
from tokaudit.measure.tokenizers.protocol import Vocabulary
from tokaudit.pipeline.retry import retry
from tokaudit.pipeline.verify import verify
from tokaudit.readers.unpack.limits import EARLIER, Limits

LONG = text(0, 9000)
SMALL = ("record=50kB",)


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the default limit of a record be less than a text of the tests."""
    monkeypatch.setattr(
        "tokaudit.readers.unpack.limits.Limits.__init__.__defaults__",
        (20_000, 20_000, 500, 1 << 31, 1 << 44, 9, 8192, None),
    )


def checked(catalog: Path) -> list[tuple[int | None, str]]:
    """Ordinals and kinds of what `verify` lists."""
    with ProgressReport(quiet=True) as report:
        return [(row["ordinal"], row["kind"]) for row in verify(catalog, None, 1.0, 1, report).differences]


def again(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The number of bad records that a retry leaves."""
    vocabulary = Vocabulary("words", "0" * 64, "the tests", lambda: b"")
    monkeypatch.setattr("tokaudit.pipeline.find_tokenizer.resolve", lambda *_: vocabulary)
    monkeypatch.setattr("tokaudit.pipeline.retry.load_counters", lambda found, _: [Words() for _ in found])
    with ProgressReport(quiet=True) as report:
        (result,) = retry(catalog, None, 1, 2**30, report).results
    return result.bad_records


def test_an_ingest_records_its_limits_with_its_settings(tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    write_jsonl(tmp_path / "s" / "a.jsonl", [text(0)])
    count_into(catalog, tmp_path / "s", "web", limits=("record=50kB", "ratio=7"))
    ((settings,),) = ask(catalog, "select settings from ingests")

    assert json.loads(settings)["limits"] == {
        "record": 50_000,
        "page": 1 << 27,
        "ratio": 7,
        "total": 1 << 44,
        "members": 10_000_000,
        "label": 8192,
    }


def test_an_ingest_of_an_older_version_had_the_default_limits(tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    write_jsonl(tmp_path / "s" / "a.jsonl", [text(0)])
    count_into(catalog, tmp_path / "s", "web", limits=SMALL)
    with write_transaction(catalog) as connection:
        connection.execute("update store.ingests set settings = '{}'")
        assert limits_of_ingests(connection, [1]) == {1: EARLIER}
        assert limits_of_source(connection, "s") == EARLIER


def test_a_source_is_retried_with_the_largest_limits_that_its_files_need(tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    for name, limits in (("a", ("record=2GiB",)), ("b", ("ratio=900",)), ("a", ("members=5",))):
        write_jsonl(tmp_path / name / f"{name}.jsonl", [text(0)])
        count_into(catalog, tmp_path / name, "web", source="s", limits=limits)
    with open_readonly(catalog) as connection:
        found = limits_of_source(connection, "s")
        of_files = [file.limits for file in counted_files(connection, "s")]

    assert found == Limits(record=2 << 30, ratio=900)
    assert of_files == [Limits(record=2 << 30), Limits(ratio=900)]


def test_files_are_compared_and_shown_with_the_limits_of_their_ingest(tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    file = write_jsonl(tmp_path / "s" / "a.jsonl", [text(1), LONG])
    write_jsonl(tmp_path / "t" / "b.jsonl", [text(2)])
    count_into(catalog, tmp_path / "s", "web", source="s", limits=SMALL)
    count_into(catalog, tmp_path / "t", "web", source="s", limits=("record=1MB",))

    assert checked(catalog) == []
    with pytest.raises(InputError, match=r"record 1 could not be counted: .*--limit record=SIZE"):
        show(catalog, str(file), 1)


def test_a_retry_takes_the_higher_limit_of_a_later_ingest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = tmp_path / "x.duckdb"
    write_jsonl(tmp_path / "s" / "a.jsonl", [text(1), LONG])
    write_jsonl(tmp_path / "t" / "b.jsonl", [text(2)])
    count_into(catalog, tmp_path / "s", "web", source="s", limits=SMALL)
    refused = again(catalog, monkeypatch)
    count_into(catalog, tmp_path / "t", "web", source="s", limits=("record=1MB",))
    counted = again(catalog, monkeypatch)

    assert (refused, counted) == (1, 0)
    found = ask(catalog, "select ordinal, bytes from documents where path like '%a.jsonl' order by 1")
    assert found == [(0, len(text(1))), (1, len(LONG))]
    assert checked(catalog) == []


def test_a_higher_limit_counts_what_was_too_large_and_nothing_else(tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    write_jsonl(tmp_path / "s" / "a.jsonl", [text(1), LONG])
    write_jsonl(tmp_path / "s" / "b.jsonl", [text(2)])
    count_into(catalog, tmp_path / "s", "web", limits=SMALL)
    lower = count_into(catalog, tmp_path / "s", "web", limits=("record=40kB",))
    higher = count_into(catalog, tmp_path / "s", "web", limits=("record=1MB",))

    assert (lower.documents, lower.bad_records, lower.files_unchanged) == (2, 1, 2)
    assert (higher.documents, higher.bad_records, higher.files_unchanged) == (3, 0, 1)


@pytest.mark.usefixtures("strict")
@pytest.mark.slow
def test_a_raised_limit_holds_wherever_its_files_are_read_again(tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    raised = ("record=1MB",)
    file = write_jsonl(tmp_path / "s" / "a.jsonl", [text(1), LONG])
    write_jsonl(tmp_path / "t" / "b.jsonl", [altered(LONG, 180)])
    first = count_into(catalog, tmp_path / "s", "web", limits=raised)
    count_into(catalog, tmp_path / "t", "web", limits=raised)
    added = count_into(catalog, tmp_path / "s", "web", counters=[Words("letters", "1")])
    refused = count_into(tmp_path / "y.duckdb", tmp_path / "s", "web")

    assert (first.documents, refused.documents, refused.bad_records) == (2, 1, 1)
    assert added.tokens == {"letters": 9120}
    assert ask(catalog, "select how from pairs") == [("reread",)]
    assert checked(catalog) == []
    assert show(catalog, str(file), 1)["text"] == LONG
