"""Progress as log records."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from made.samples import count_into, text, write_jsonl

from tokaudit.core.logged_progress import LoggedProgress

FIELDS = ("phase", "done", "documents", "tokens", "bytes", "seconds")


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that the library logs."""
    caplog.set_level(logging.INFO, "tokaudit")
    return caplog


def ticking() -> tuple[list[float], Callable[[], float]]:
    """A time that a test sets, and the clock that shows it."""
    now = [100.0]
    return now, lambda: now[0]


def fields(record: logging.LogRecord) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in FIELDS)


def test_phases_and_counts_are_logged_at_a_bounded_rate(log: pytest.LogCaptureFixture) -> None:
    now, clock = ticking()
    with LoggedProgress(clock=clock) as progress:
        progress.note("looking for files")
        progress.total(2_000, 1_000.0)
        for _ in range(25):
            now[0] += 1
            progress.advance(10, 0, 30, 1, 5)
        progress.note("grouping duplicates")

    assert [record.getMessage() for record in log.records] == [
        "looking for files",
        "counting",
        "counting 10%: 300 B of text, 10 documents, 50 tokens",
        "counting 20%: 600 B of text, 20 documents, 100 tokens",
        "counting 25%: 750 B of text, 25 documents, 125 tokens",
        "grouping duplicates",
    ]
    assert {(record.name, record.levelname) for record in log.records} == {("tokaudit.progress", "INFO")}
    assert fields(log.records[2]) == ("counting", 0.1, 10, 50, 300, 10.0)
    assert fields(log.records[5]) == ("grouping duplicates", None, 25, 125, 750, 25.0)


def test_a_remark_is_a_warning_with_the_phase(log: pytest.LogCaptureFixture) -> None:
    LoggedProgress().remark("something is slow")

    assert [(record.levelname, record.getMessage()) for record in log.records] == [("WARNING", "something is slow")]
    assert fields(log.records[0])[:5] == ("starting", None, 0, 0, 0)


def test_counts_of_several_ingests_add_up(log: pytest.LogCaptureFixture) -> None:
    with LoggedProgress() as progress:
        for _ in range(3):
            progress.total(100, 100)
            progress.advance(50, 0, 30, 2, 5)

    assert [fields(record)[1:5] for record in log.records] == [
        *((0.0, 0, 0, 0), (0.5, 2, 5, 30), (0.0, 2, 5, 30)),
        *((0.5, 4, 10, 60), (0.0, 4, 10, 60), (0.5, 6, 15, 90)),
    ]


def test_work_that_counts_no_tokens_logs_none(log: pytest.LogCaptureFixture) -> None:
    with LoggedProgress("verifying") as progress:
        progress.total(0, 0)
        progress.advance(50, 0, 30, 2, 0)

    assert log.records[-1].getMessage() == "verifying: 30 B of text, 2 documents"
    assert fields(log.records[-1])[:4] == ("verifying", None, 2, None)


@pytest.mark.slow
def test_the_last_counts_of_an_ingest_are_those_of_its_result(tmp_path: Any, log: pytest.LogCaptureFixture) -> None:
    write_jsonl(tmp_path / "c" / "a.jsonl", [text(seed) for seed in range(30)])
    with LoggedProgress() as progress:
        result = count_into(tmp_path / "x.duckdb", tmp_path / "c", "web", listener=progress)
    last = next(record for record in reversed(log.records) if record.name == "tokaudit.progress")

    assert fields(last)[2:5] == (result.documents, result.tokens["words"], result.bytes)
    assert result.documents == 30
