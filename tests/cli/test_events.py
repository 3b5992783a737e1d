"""Stderr as JSON Lines."""

import io
import json
import math
import sys
import threading
import time
from collections import Counter
from typing import Any

import pytest

from tokaudit.cli.events import Events


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    out, err = capsys.readouterr()
    assert out == ""
    return [json.loads(line, parse_constant=pytest.fail) for line in err.splitlines()]


@pytest.fixture
def events() -> Events:
    return Events(time.monotonic())


def test_an_event_is_one_line_of_ascii_json(events: Events, capsys: pytest.CaptureFixture[str]) -> None:
    events.write("note", text='caf\xe9 "\u202e\x1b[31m\n\x9b', files=[{"path": "caf\udce9"}])
    said = capsys.readouterr().err

    assert said.isascii()
    assert said.count("\n") == 1
    assert "\x1b" not in said
    assert json.loads(said) == {
        "event": "note",
        "text": 'caf\xe9 "\u202e\x1b[31m\n\x9b',
        "files": [{"path": "caf\\udce9"}],
    }


def test_numbers_that_are_not_finite_are_null(events: Events, capsys: pytest.CaptureFixture[str]) -> None:
    events.write("progress", done=math.nan, files=[{"seconds": math.inf}], documents=3, bytes=None)

    assert lines(capsys) == [
        {"event": "progress", "done": None, "files": [{"seconds": None}], "documents": 3, "bytes": None}
    ]


def test_nothing_follows_the_last_event(events: Events, capsys: pytest.CaptureFixture[str]) -> None:
    events.error("no such file", 3)
    events.done(3)
    events.done(3)
    events.write("note", text="too late")
    error, done = lines(capsys)

    assert error == {"event": "error", "text": "no such file", "exit_code": 3}
    assert {**done, "seconds": 0} == {"event": "done", "exit_code": 3, "seconds": 0}
    assert 0 <= done["seconds"] < 60


@pytest.mark.parametrize("said", [[], ["error"], ["error", "done"]])
def test_last_words_are_the_events_that_are_missing(
    said: list[str], events: Events, capsys: pytest.CaptureFixture[str]
) -> None:
    if "error" in said:
        events.error("interrupted", 130)
    if "done" in said:
        events.done(130)
    sys.stderr.write(events.last_words("interrupted", 130))

    assert [(each["event"], each["exit_code"]) for each in lines(capsys)] == [("error", 130), ("done", 130)]


class Full(io.StringIO):
    """A file on a full disk."""

    def write(self, _: str) -> int:
        """Refuse."""
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "full"])
def test_a_closed_or_full_stderr_ends_nothing(is_closed: bool, events: Events, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Full()
    if is_closed:
        stream.close()
    monkeypatch.setattr(sys, "stderr", stream)
    events.write("note", text="lost")
    events.done(0)

    assert events.last_words("", 0) == ""


def test_events_of_many_threads_do_not_mix(events: Events, capsys: pytest.CaptureFixture[str]) -> None:
    def write(number: int) -> None:
        for _ in range(50):
            events.write("note", text=str(number) * 500)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(each["text"] for each in lines(capsys)) == {str(number) * 500: 50 for number in range(8)}
