"""Progress of long work."""

import io

import pytest

from tokaudit.cli.progress import ProgressReport


def work(report: ProgressReport) -> None:
    """Two files of a hundred bytes."""
    report.note("looking for files")
    report.total(200)
    report.advance(50, 60, 2, 15)
    report.finish_file(100)
    report.advance(100, 60, 1, 15)
    report.finish_file(100)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain line at every step rather than every few seconds."""
    monkeypatch.setattr("tokaudit.cli.progress._PLAIN_SECONDS", -1.0)


@pytest.mark.usefixtures("often")
def test_off_a_terminal_there_are_plain_lines_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressReport(quiet=False) as report:
        work(report)
    out, err = capsys.readouterr()
    lines = err.splitlines()

    assert out == ""
    assert lines[0] == "tokaudit: looking for files"
    assert [line.split(" of ")[0] for line in lines[1:]] == [
        "tokaudit: 25%",
        "tokaudit: 50%",
        "tokaudit: 100%",
        "tokaudit: 100%",
    ]
    assert "60 B, 2 documents, 15 tokens" in lines[1]
    assert "120 B, 3 documents, 30 tokens" in lines[3]
    assert all("\x1b" not in line and "\r" not in line for line in lines)
    assert all("s left" in line for line in lines[1:])


def test_a_plain_line_comes_only_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressReport(quiet=False) as report:
        work(report)

    assert capsys.readouterr().err == "tokaudit: looking for files\n"


@pytest.mark.usefixtures("often")
def test_quiet_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressReport(quiet=True) as report:
        work(report)

    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("often")
def test_nothing_to_read_is_no_division_by_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressReport(quiet=False) as report:
        report.total(0)
        report.advance(0, 0, 0, 0)
        report.finish_file(0)

    assert "left" not in capsys.readouterr().err


@pytest.mark.usefixtures("often")
def test_a_new_total_begins_anew(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressReport(quiet=False) as report:
        work(report)
        report.total(1000)
        report.advance(500, 10, 1, 1)

    assert "50% of 1 kB read: 10 B, 1 documents, 1 tokens" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.usefixtures("often")
def test_on_a_terminal_one_line_lives_and_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    with ProgressReport(quiet=False) as report:
        work(report)
    shown = terminal.getvalue()

    assert "documents" in shown
    assert "tokaudit: " not in shown
    assert shown.endswith("\x1b[1A\x1b[2K")


def test_without_news_the_longest_work_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tokaudit.cli.progress._PLAIN_SECONDS", 0.0)
    monkeypatch.setattr("tokaudit.cli.progress._LONG_SECONDS", 0.0)
    monkeypatch.setattr("tokaudit.cli.progress._BEAT_SECONDS", 0.01)
    said = ""
    with ProgressReport(quiet=False) as report:
        report.total(200)
        with report.working("a.jsonl from record 7"), report.working("b.jsonl from record 0"):
            while "a.jsonl" not in said:
                said += capsys.readouterr().err

    assert "tokaudit: 0% of 200 B read" in said
    assert "s at a.jsonl from record 7" in said
    assert "b.jsonl" not in said


def test_a_long_phase_is_said_again(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("tokaudit.cli.progress._PLAIN_SECONDS", 0.0)
    monkeypatch.setattr("tokaudit.cli.progress._BEAT_SECONDS", 0.01)
    said = ""
    with ProgressReport(quiet=False) as report:
        report.note("grouping duplicates")
        while "still" not in said:
            said += capsys.readouterr().err

    assert "tokaudit: still grouping duplicates\n" in said
