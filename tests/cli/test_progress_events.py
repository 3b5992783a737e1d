"""Progress as events."""

import json
import threading
import time
from typing import Any

import pytest
from made.clock import Clock

from tokaudit.cli.events import Events
from tokaudit.cli.progress_events import ProgressEvents

NAMES = "event phase done documents tokens bytes bytes_per_second seconds_left seconds files".split()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def progress(clock: Clock) -> ProgressEvents:
    """It is not entered, so that it beats only when it is asked to."""
    return ProgressEvents(Events(time.monotonic()), clock=clock)


def events(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_events_come_at_each_phase_and_once_per_second(
    progress: ProgressEvents, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    progress.note("looking for files")
    progress.total(2_000, 1_000.0)
    for _ in range(50):
        clock.now += 0.1
        progress.advance(10, 0, 30, 1, 5)
    progress.note("grouping duplicates")
    said = events(capsys)

    assert {tuple(each) for each in said} == {tuple(NAMES)}
    assert [(each["phase"], each["done"], each["documents"]) for each in said] == [
        ("looking for files", None, 0),
        ("counting", 0.0, 0),
        *(("counting", share / 100, share) for share in (10, 20, 30, 40)),
        ("counting", 0.5, 50),
        ("grouping duplicates", None, 50),
    ]
    assert (said[4]["bytes_per_second"], said[4]["seconds_left"]) == (300, 7.0)
    assert (said[-1]["tokens"], said[-1]["bytes"], said[-1]["seconds"]) == (250, 1_500, 5)


def test_counts_never_fall_when_counting_begins_anew(
    progress: ProgressEvents, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        progress.total(100, 100.0)
        progress.advance(100, 0, 30, 2, 5)
    progress.__exit__(None, None, None)
    said = events(capsys)

    assert [each["documents"] for each in said] == [0, 2, 2, 4, 4, 6]
    assert [each["done"] for each in said] == [0.0, 1.0] * 3


def test_files_that_take_long_are_named_with_their_place(
    progress: ProgressEvents, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress.working("/data/caf\udce9.jsonl", " from record 7, 8 MB"):
        clock.now += 6
        with progress.working("/data/quick.jsonl", ""):
            progress.beat()
    clock.now += 6
    progress.beat()
    first, second = events(capsys)

    assert first["files"] == [{"path": "/data/caf\\udce9.jsonl", "detail": "from record 7, 8 MB", "seconds": 6.0}]
    assert second["files"] == []


def test_a_thread_of_its_own_writes_events_while_nothing_happens(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tokaudit.cli.progress_events._SECONDS", 0.01)
    said = ""
    with ProgressEvents(Events(time.monotonic())) as progress:
        progress.note("looking for files")
        while said.count("looking") < 3:
            time.sleep(0.05)
            said += capsys.readouterr().err


def test_nothing_is_written_after_the_end(
    progress: ProgressEvents, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress._lock:  # noqa: SLF001 - a beat waits for it
        clock.now += 20
        waiting = threading.Thread(target=progress.beat)
        waiting.start()
        time.sleep(0.05)
        progress.__exit__(None, None, None)
    waiting.join()
    progress.note("late")

    assert events(capsys) == []


def test_a_remark_is_a_warning(progress: ProgressEvents, capsys: pytest.CaptureFixture[str]) -> None:
    progress.remark("something is slow")

    assert events(capsys) == [{"event": "warning", "text": "something is slow"}]


def test_work_that_counts_no_tokens_has_null(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    progress = ProgressEvents(Events(time.monotonic()), doing="verifying", clock=clock)
    progress.total(0, 0)

    assert [(each["phase"], each["tokens"], each["done"]) for each in events(capsys)] == [("verifying", None, None)]
