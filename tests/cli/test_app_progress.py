"""``--progress`` and ``-v``: what the whole program writes to stderr."""

import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from made.samples import Counted, Run, text, write_jsonl

from tokaudit.cli import app
from tokaudit.cli.interrupt import chosen_progress
from tokaudit.core.logs import logger


def events(said: str) -> list[dict[str, Any]]:
    """The events on stderr, each of which is one line; the last one ends the program."""
    found: list[dict[str, Any]] = [json.loads(line, parse_constant=pytest.fail) for line in said.splitlines()]
    assert [each["event"] for each in found].index("done") == len(found) - 1
    return found


def program(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """The installed program in a process of its own."""
    return subprocess.run([sys.executable, "-m", "tokaudit", *arguments], text=True, check=False, **options)


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ("ingest x --progress json", "json"),
        ("--progress=json status", "json"),
        ("--progress json status --progress none", "none"),
        ("status --progress", ""),
        ("status -- --progress json", ""),
        ("status --progress-bar json", ""),
    ],
)
def test_the_choice_is_known_before_arguments_are_parsed(given: str, chosen: str) -> None:
    assert chosen_progress(given.split()) == chosen


@pytest.mark.slow
def test_an_ingest_writes_its_phases_and_counts_as_events(run: Run) -> None:
    write_jsonl(Path("c/a.jsonl"), [text(seed) for seed in range(40)])
    whole = run("ingest", "c", "--domain", "web", "--json", "--progress", "json", "--workers", "2")
    progress = [each for each in events(whole.err) if each["event"] == "progress"]
    phases = list(dict.fromkeys(each["phase"] for each in progress))

    assert [phases.index(name) for name in ("looking for files", "counting", "adding up the totals")] == [
        *(0, phases.index("counting"), len(phases) - 1)
    ]
    for name in ("documents", "tokens", "bytes", "seconds"):
        assert [each[name] for each in progress] == sorted(each[name] for each in progress)
    last = progress[-1]
    assert (last["documents"], last["bytes"]) == (whole.json["documents"], whole.json["bytes"])
    assert last["tokens"] == whole.json["tokens"]["cl100k_base"]
    assert events(whole.err)[-1]["exit_code"] == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "code"), [("verify", 0), ("retry", 1), ("forget web", 0), ("estimate ../given --domain web", 0)]
)
def test_every_command_that_works_long_writes_events(run: Run, copy: Path, command: str, code: int) -> None:
    write_jsonl(copy.parent / "given" / "a.jsonl", [text(1)])
    if command == "retry":  # the small corpus is counted in words, which no tokenizer of the program does
        (copy.parent / "given" / "b.jsonl").write_text("no record\n")
        copy = Path("own.duckdb")
        run("ingest", "../given", "--domain", "web", "--on-bad-record", "skip", "--catalog", copy, code=1)
    done = run("--progress", "json", *command.split(), "--catalog", copy, "--json", code=code)

    assert "progress" in {each["event"] for each in events(done.err)}
    assert events(done.err)[-1]["exit_code"] == code
    assert done.json


def test_commands_show_progress_in_one_way_only() -> None:
    sources = {file.name: file.read_text(encoding="utf-8") for file in Path(app.__file__).parent.rglob("*.py")}
    ways = {name for name, source in sources.items() if "ProgressReport(" in source or "ProgressEvents(" in source}

    assert ways == {"progress.py", "progress_events.py"}


@pytest.mark.parametrize("progress", ["json", "auto", "none"])
def test_stdout_does_not_depend_on_progress(run: Run, counted: Counted, progress: str) -> None:
    plain = run("supply", "--catalog", counted.catalog, "--json")
    other = run("supply", "--catalog", counted.catalog, "--json", "--progress", progress)

    assert other.out == plain.out


def test_notes_and_warnings_are_events(run: Run, counted: Counted) -> None:
    warned = run("supply", "--catalog", counted.catalog, "--json", "--progress", "json")
    noted = run("stocks", "--json", "--progress", "json")
    warnings_said = [each["text"] for each in events(warned.err) if each["event"] == "warning"]

    assert [each.partition("`")[0] for each in warnings_said] == [
        each.partition("`")[0] for each in warned.json["warnings"]
    ]
    assert warnings_said
    assert [each["event"] for each in events(noted.err)] == ["note", "done"]


def test_advised_commands_name_the_catalog_in_events_too(run: Run, counted: Counted) -> None:
    said = events(run("supply", "--catalog", counted.catalog, "--progress", "json").err)
    advised = [each["text"] for each in said if "`tokaudit " in each.get("text", "")]

    assert advised
    assert [each for each in advised if f"--catalog {counted.catalog}" not in each] == []


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("--progress json", 2, "COMMAND: is required"),
        ("status --progress json --no-such", 2, "--no-such: unknown option"),
        ("suply --progress=json", 2, "supply"),
        ("status --progress json", 4, "no catalog found"),
        ("ingest nowhere --domain web --progress json -q", 3, "nowhere: no such file or folder"),
        ("plan --flops 1e20 --supply web=1G --fail-on data --progress json --json", 1, "data"),
    ],
)
def test_an_error_is_an_event_with_its_exit_code(run: Run, arguments: str, code: int, message: str) -> None:
    error, done = events(run(*arguments.split(), code=code).err)[-2:]

    assert (error["event"], error["exit_code"], done["exit_code"]) == ("error", code, code)
    assert message in error["text"]


def test_a_fault_of_the_program_is_an_event(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.audit.answers.status", lambda _: 1 // 0)
    error, done = events(run("status", "--progress", "json", code=1).err)

    assert (error["event"], error["exit_code"], done["exit_code"]) == ("error", 1, 1)
    assert error["text"].startswith("ZeroDivisionError: ")
    assert "status.py" in error["traceback"]
    with pytest.raises(ZeroDivisionError):
        run("status")


def test_quiet_leaves_errors_and_the_end(run: Run, counted: Counted) -> None:
    said = run("supply", "--catalog", counted.catalog, "--progress", "json", "-q").err

    assert [each["event"] for each in events(said)] == ["done"]


@pytest.mark.slow
@pytest.mark.parametrize(("chosen", "said"), [("none", False), ("auto", True)])
def test_none_writes_notes_and_no_progress(run: Run, chosen: str, said: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.cli.progress._PHASE_SECONDS", 0.0)
    monkeypatch.setattr("tokaudit.cli.progress._PLAIN_SECONDS", 0.0)
    monkeypatch.setattr("tokaudit.cli.progress._BEAT_SECONDS", 0.001)
    write_jsonl(Path("c/a.jsonl"), [text(1)])
    run("ingest", "c", "--domain", "web")
    err = run("ingest", "c", "--domain", "web", "--progress", chosen).err

    assert err.endswith("tokaudit: nothing to do: all files are in the catalog already and have not changed\n")
    assert ("still" in err) == said
    assert (err.count("\n") > 1) == said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], []),
        (["-q"], []),
        (["-v"], ["tokaudit: something was lost"]),
        (["-v", "-q"], []),
        (
            ["-v", "-v"],
            [
                "tokaudit: a detail (debug, tokaudit.audit)",
                "tokaudit: something was lost (info, tokaudit.audit)",
                "tokaudit: of another library (warning, s3fs)",
            ],
        ),
    ],
    ids=["by default", "quiet", "verbose", "verbose and quiet", "twice verbose"],
)
@pytest.mark.parametrize("before", [0, 1, 2], ids=["after", "around", "before"])
def test_log_records_are_shown_once_as_the_user_asks(
    run: Run, monkeypatch: pytest.MonkeyPatch, options: list[str], said: list[str], before: int
) -> None:
    def stocks(*_: object) -> list[Any]:
        logger("tokaudit.audit").debug("a detail")
        logger("tokaudit.audit").info("something was lost")
        logging.getLogger("s3fs").warning("of another library")
        return []

    monkeypatch.setattr("tokaudit.catalog.reference.stocks.choose_stocks", stocks)
    err = run(*options[:before], "stocks", *options[before:]).err

    assert [line for line in err.splitlines() if "published facts" not in line] == said


def test_log_records_are_events_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stocks(*_: object) -> list[Any]:
        logger("tokaudit.audit").info("lost %d", 3)
        return []

    monkeypatch.setattr("tokaudit.catalog.reference.stocks.choose_stocks", stocks)

    assert events(run("stocks", "-v", "--progress", "json").err)[0] == {
        "event": "log",
        "level": "info",
        "logger": "tokaudit.audit",
        "text": "lost 3",
    }


NOISY = """
import logging, sys, warnings
from tokaudit.__main__ import run
from tokaudit.pipeline import options

def noisy(*_, **__):
    import datasets, huggingface_hub
    warnings.warn("of Python", UserWarning)
    for name in ("s3fs", "asyncio", "datasets", "huggingface_hub", "fsspec"):
        logging.getLogger(name).warning("of %s", name)
    for _ in datasets.utils.tqdm(range(3)):
        pass
    for _ in huggingface_hub.utils.tqdm(range(3)):
        pass
    sys.exit(0)

options.select = noisy
sys.argv = ["tokaudit", "ingest", ".", "--domain", "web", "--progress", "none"]
run()
"""


@pytest.mark.slow
def test_other_libraries_write_nothing(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", NOISY], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("", "")


INTERRUPTED = """
import signal, sys, time
from tokaudit.__main__ import run
from tokaudit.pipeline import options

def slow(*_, **__):
    print("at work", flush=True)
    time.sleep(60)

options.select = slow
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored behind a shell's &
sys.argv = ["tokaudit", "ingest", ".", "--domain", "web", *sys.argv[1:]]
run()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
@pytest.mark.parametrize("options", [[], ["--progress", "json"]], ids=["text", "json"])
def test_a_signal_ends_the_program_with_its_last_words(
    tmp_path: Path, number: int, code: int, word: str, options: list[str]
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, *options],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        process.send_signal(number)
        said = process.communicate()[1]

    assert process.returncode == code
    if options:
        error, done = events(said)[-2:]
        assert (error["event"], error["exit_code"], done["exit_code"]) == ("error", code, code)
        assert error["text"].startswith(f"{word}; what was finished is kept")
    else:
        assert said.startswith(f"tokaudit: {word}; what was finished is kept")
        assert said.count("\n") == 1


LOADING = """
import os, signal, sys

class Interrupts:
    def find_spec(self, name, path=None, target=None):
        if name == "tokaudit.cli.app":
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)  # as above
sys.meta_path.insert(0, Interrupts())
sys.argv = ["tokaudit", "status", "--progress", "json"]
from tokaudit.__main__ import run
run()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_an_interrupt_during_loading_is_an_event() -> None:
    done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=False)

    assert done.returncode == 130
    assert [each["event"] for each in events(done.stderr)] == ["error", "done"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of Unix")
def test_events_on_a_terminal_are_the_same_lines(tmp_path: Path) -> None:

    write_jsonl(tmp_path / "c" / "a.jsonl", [text(1)])
    import pty  # noqa: PLC0415 - Windows has none

    ours, its = pty.openpty()
    done = program(
        *("ingest", "c", "--domain", "web", "--progress", "json"), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=its
    )
    said = os.read(ours, 1 << 16).decode()
    os.close(its)
    os.close(ours)

    assert done.returncode == 0
    assert "\x1b" not in said
    assert [each["event"] for each in events(said)][-2:] == ["progress", "done"]


@pytest.mark.slow
@pytest.mark.parametrize("options", [["--progress", "json"], []], ids=["json", "text"])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_or_closed_stderr_ends_nothing(tmp_path: Path, options: list[str]) -> None:
    write_jsonl(tmp_path / "c" / "a.jsonl", [text(1)])
    command = ["ingest", "c", "--domain", "web", "--json", *options]
    with Path("/dev/full").open("w") as full:
        first = program(*command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=full)
    script = f"exec {sys.executable} -m tokaudit {' '.join(command)} 2>&-"
    second = subprocess.run(["sh", "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, text=True, check=False)

    assert (first.returncode, json.loads(first.stdout)["files_unchanged"]) == (0, 0)
    assert (second.returncode, json.loads(second.stdout)["files_unchanged"]) == (0, 1)
