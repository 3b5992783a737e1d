"""Progress of long work."""

import io
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from made.clock import Clock
from rich.cells import cell_len

from tokaudit.cli.progress import ProgressReport

Say = Callable[[], str]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def report(clock: Clock) -> ProgressReport:
    """Off a terminal. It is not entered, so that it beats only when it is asked to."""
    return ProgressReport(quiet=False, clock=clock)


def count(report: ProgressReport, clock: Clock, seconds: int, speed: float = 1e7) -> None:
    """Count in steps of a second: one document of 30 bytes and five tokens each."""
    for _ in range(seconds):
        clock.now += 1
        report.advance(speed, 0.0, 30, 1, 5)


def test_progress_off_a_terminal_is_plain_lines(
    report: ProgressReport, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    report.total(2_000, 1e9)
    count(report, clock, 25)
    out, err = capsys.readouterr()

    assert out == ""
    assert err.splitlines() == [
        "tokaudit: 10% of 2 kB: 300 B of text, 10 documents, 50 tokens; 30 B/s, about 90 s left",
        "tokaudit: 20% of 2 kB: 600 B of text, 20 documents, 100 tokens; 30 B/s, about 80 s left",
    ]


def test_a_short_phase_is_not_shown(report: ProgressReport, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    report.note("looking for files")
    clock.now += 0.9
    report.beat()
    report.note("loading tokenizer x")
    clock.now += 0.9
    report.beat()

    assert capsys.readouterr().err == ""


def test_a_long_phase_is_shown_after_1_s_and_then_every_10_s(
    report: ProgressReport, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    report.note("looking for files")
    for _ in range(220):
        clock.now += 0.1
        report.beat()

    assert capsys.readouterr().err.splitlines() == [
        "tokaudit: looking for files",
        "tokaudit: still looking for files",
        "tokaudit: still looking for files",
    ]


def test_progress_is_written_without_news(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("tokaudit.cli.progress._PHASE_SECONDS", 0.0)
    monkeypatch.setattr("tokaudit.cli.progress._BEAT_SECONDS", 0.01)
    said = ""
    with ProgressReport(quiet=False) as report:
        report.note("looking for files")
        while "looking" not in said:
            time.sleep(0.1)  # what is written while the output is taken can be lost
            said += capsys.readouterr().err

    assert said == "tokaudit: looking for files\n"


def test_quiet_writes_nothing(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressReport(quiet=True, clock=clock) as report:
        report.note("looking for files")
        report.remark("something is slow")
        report.total(2_000, 1e9)
        count(report, clock, 25)

    assert capsys.readouterr() == ("", "")


def test_nothing_is_written_after_the_end(
    report: ProgressReport, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    report.note("looking for files")
    clock.now += 11
    with report._lock:  # noqa: SLF001 - a beat waits for it
        waiting = threading.Thread(target=report.beat)
        waiting.start()
        time.sleep(0.05)
        report.__exit__(None, None, None)
    waiting.join()

    assert capsys.readouterr().err == ""


def test_the_work_goes_on_if_stderr_can_t_be_written(
    report: ProgressReport, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(sys.stderr, "write", fail)
    report.total(2_000, 1e9)
    count(report, clock, 25)
    report.remark("something is slow")


def test_a_remark_is_written_at_once(report: ProgressReport, capsys: pytest.CaptureFixture[str]) -> None:
    report.remark("something is slow\n")

    assert capsys.readouterr().err == "tokaudit: something is slow\\x0a\n"


def test_no_speed_is_shown_before_anything_is_counted(
    report: ProgressReport, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    report.total(2_000, 1e9)
    clock.now += 11
    report.beat()

    assert capsys.readouterr().err == "tokaudit: 0% of 2 kB: 0 B of text, 0 documents, 0 tokens\n"


@pytest.mark.parametrize("stored", [0, 100])
def test_no_time_left_is_shown_if_the_size_is_unknown(
    stored: int, report: ProgressReport, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    report.total(stored, 5_000.0 if stored else 0.0)
    count(report, clock, 12, speed=0.0)
    said = capsys.readouterr().err

    assert "left" not in said
    assert said.startswith("tokaudit: 0% of 100 B: 300 B" if stored else "tokaudit: 300 B of text")


def test_a_new_total_resets_the_counts(
    report: ProgressReport, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    report.total(2_000, 1e9)
    count(report, clock, 9)
    report.total(1_000, 1e8)
    count(report, clock, 5)
    clock.now += 5
    report.beat()

    assert capsys.readouterr().err.startswith("tokaudit: 50% of 1 kB: 150 B of text, 5 documents, 25 tokens;")


@pytest.mark.parametrize(("later", "left"), [(0.0, "about 90 s"), (1e6, "about 2 min"), (1e8, "about 18 min")])
def test_the_time_left_includes_the_grouping_that_follows(
    later: float, left: str, report: ProgressReport, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    report.total(10**9, 1e9)
    for _ in range(10):
        clock.now += 1
        report.advance(1e7, later, 1, 100, 1)

    assert f"{left} left" in capsys.readouterr().err


def test_the_time_left_has_a_fitting_unit(
    report: ProgressReport, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for work in (1.01e8, 1e9, 1e10, 2e11):
        report.total(100, work)
        count(report, clock, 10)
        said.append(capsys.readouterr().err.strip().rpartition("about ")[2])

    assert said == ["1 s left", "90 s left", "16 min left", "6 h left"]


def test_the_file_that_takes_longest_is_named_with_its_time(
    report: ProgressReport, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    report.total(2_000, 1e9)
    clock.now += 20
    report.beat()
    assert " s at " not in capsys.readouterr().err
    with report.working("/data/" + "folder/" * 20 + "a.jsonl", " from record 7, 8 MB"):
        clock.now += 4
        with report.working("/data/b.jsonl", ""):
            clock.now += 7
            report.beat()
    said = capsys.readouterr().err

    assert said.endswith(f"; for 11 s at …/{'folder/' * 8}a.jsonl from record 7, 8 MB\n")
    clock.now += 20
    report.beat()
    assert " s at " not in capsys.readouterr().err


def test_a_strange_file_name_does_not_break_a_plain_line(
    report: ProgressReport, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    report.note("reading the first files")
    with report.working("/data/a\n\x1b[31mb\r.txt", ""):
        clock.now += 6
        report.beat()

    assert capsys.readouterr().err == "tokaudit: reading the first files; for 6 s at /data/a\\x0a\\x1b[31mb\\x0d.txt\n"


class Terminal(io.StringIO):
    """A terminal that notes what is written."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """It is one."""
        return True

    def lines(self) -> list[str]:
        """What was drawn one after the other in the one line."""
        return [line.rstrip() for line in self.getvalue().split("\r") if line.strip()]


@contextmanager
def on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, columns: int, **of_terminal: Any
) -> Iterator[tuple[ProgressReport, Terminal]]:
    terminal = Terminal()
    for name, value in of_terminal.items():
        monkeypatch.setattr(terminal, name, value, raising=False)
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr("tokaudit.cli.progress._BEAT_SECONDS", 1_000.0)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", str(columns))
    with ProgressReport(quiet=False, clock=clock) as report:
        yield report, terminal


def test_the_live_line_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    with on_a_terminal(monkeypatch, clock, 200) as (report, terminal):
        report.note("looking for files")
        clock.now += 2
        report.beat()
        report.total(2_000, 1e9)
        count(report, clock, 5)
        report.note("grouping duplicates")
    last = terminal.lines()[-1]

    assert [line[2:] for line in terminal.lines()] == [
        "looking for files",
        "looking for files · 2 s",
        "counting 0% · ──────────────── · 0 B · 0 documents · 0 tokens",
        "counting 1% · ──────────────── · 30 B · 1 document · 5 tokens",
        "counting 2% · ──────────────── · 60 B · 2 documents · 10 tokens",
        "counting 3% · ──────────────── · about 97 s left · 90 B · 3 documents · 15 tokens · 30 B/s",
        "counting 4% · ──────────────── · about 96 s left · 120 B · 4 documents · 20 tokens · 30 B/s",
        "counting 5% · ──────────────── · about 95 s left · 150 B · 5 documents · 25 tokens · 30 B/s",
        "grouping duplicates",
    ]
    assert "\n" not in terminal.getvalue()
    assert "\x1b" not in terminal.getvalue()
    assert terminal.getvalue().endswith("\r" + " " * (len(last) + 2) + "\r")


@pytest.mark.parametrize("columns", [*range(20, 201, 12), 1, 2, 5])
def test_the_live_line_never_wraps(columns: int, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    with on_a_terminal(monkeypatch, clock, columns) as (report, terminal):
        report.note("checking tokenizer some-organisation/some-model (once per version, takes some seconds)")
        report.total(2_000_000, 1e9)
        count(report, clock, 8, speed=1.2e8)
        with report.working(
            "/data/中文/" + "folder/" * 20 + "ein langer Name.jsonl.zst", " and 8,999 more files, 8 MB"
        ):
            clock.now += 3_000
            report.beat()
            report.note("grouping duplicates")
    drawn = terminal.getvalue().split("\r")

    assert len(drawn) > 10
    assert max(map(cell_len, drawn)) <= max(1, columns - 1)
    assert "\n" not in terminal.getvalue()
    if columns >= 20:
        assert any("counting 96%" in line for line in drawn)
    if columns >= 68:
        assert any("for 3000 s at …" in line for line in drawn)
    if columns >= 100:
        assert any(line.rstrip().endswith("Name.jsonl.zst and 8,999 more files, 8 MB") for line in drawn)


def test_a_remark_stays_above_the_live_line(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    with on_a_terminal(monkeypatch, clock, 80) as (report, terminal):
        report.note("loading tokenizer x")
        report.remark("something is slow")

    assert terminal.getvalue().endswith("\rtokaudit: something is slow\n")


def test_a_terminal_without_unicode_gets_ascii(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    with on_a_terminal(monkeypatch, clock, 80, encoding="latin-1") as (report, terminal):
        report.total(2_000, 1e9)
        clock.now += 1
        report.advance(5e8, 0.0, 30, 1, 5)

    assert terminal.getvalue().isascii()
    assert "counting 50% - ########--------" in terminal.lines()[-1]


def test_a_dumb_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "dumb")
    report = ProgressReport(quiet=False, clock=clock)
    report.note("looking for files")
    clock.now += 2
    report.beat()

    assert terminal.getvalue() == "tokaudit: looking for files\n"


def test_work_that_counts_no_tokens_says_none(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    report = ProgressReport(quiet=False, doing="verifying", clock=clock)
    report.total(2_000, 2_000)
    report.advance(1_000, 0, 3_000, 2, 0)
    clock.now += 11
    report.beat()

    assert capsys.readouterr().err == "tokaudit: 50% of 2 kB: 3 kB of text, 2 documents\n"
