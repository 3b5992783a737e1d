"""Interrupts at any moment: one message, exit code 130, no traceback."""

import os
import signal
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from made.samples import count_into, text, write_jsonl

from tokaudit.audit import answers
from tokaudit.catalog.connection import open_readonly
from tokaudit.cli.interrupt import INTERRUPTED

ROOT = Path(__file__).parents[2]

WAITING = """
import signal, time
from pathlib import Path
import tokaudit.cli.progress, tokaudit.pipeline.options
from made.samples import Words
from tokaudit.cli.app import main

class Slow(Words):
    def count(self, text):
        if any(one.as_py().startswith("stop") for one in text):
            while not Path("go").exists():
                time.sleep(0.01)
        return super().count(text)

# Under nohup, or behind a shell's &, a process starts with interrupts ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
tokaudit.cli.progress._PLAIN_SECONDS = -1.0
tokaudit.pipeline.options.load_counter = lambda *_: Slow()
main(["ingest", "many", "--domain", "web", "--workers", "1", "--memory", "1kB"])
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_the_next_ingest_continues_an_interrupted_one(tmp_path: Path) -> None:
    for number in range(8):
        # Each text is more than is measured at once, so a file is written in two stretches.
        texts = [f"{text(number)} " * 100, "stop " * (number == 4) + f"{text(number + 8)} " * 100]
        write_jsonl(tmp_path / "many" / f"{number}.jsonl", texts)
    catalog = tmp_path / "tokaudit.duckdb"
    places = [str(ROOT / "tests"), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    environment.pop("TOKAUDIT_CATALOG", None)
    with subprocess.Popen(
        [sys.executable, "-c", WAITING], cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True
    ) as ingest:
        assert ingest.stderr is not None
        for line in ingest.stderr:
            if " 9 documents" in line:  # two of each of four files, and one of the next
                break
        ingest.send_signal(signal.SIGINT)
        (tmp_path / "go").touch()
        said = ingest.stderr.read()

    assert ingest.returncode == 130
    assert said.splitlines()[-1].startswith("tokaudit: interrupted; what was finished is kept")
    assert "Traceback" not in said
    with open_readonly(catalog) as connection:
        assert connection.execute("select count(*) from files").fetchall() == [(4,)]
    assert answers.status(catalog).extra["complete"] is False

    again = count_into(catalog, tmp_path / "many", "web")
    assert (again.files_unchanged, again.documents) == (4, 16)
    whole = count_into(tmp_path / "whole.duckdb", tmp_path / "many", "web")
    assert replace(whole, files_unchanged=4, seconds=0) == replace(again, seconds=0)
    assert answers.supply(catalog, "domain", None) == answers.supply(tmp_path / "whole.duckdb", "domain", None)


TWICE = """
import os, signal, sys
from tokaudit.cli import app

def interrupted(*_, **__):
    raise KeyboardInterrupt

class Stderr:
    def __getattr__(self, name):
        if name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGINT)
        return getattr(sys.__stderr__, name)

signal.signal(signal.SIGINT, signal.default_int_handler)  # as above
sys.stderr = Stderr()
app.program.main = interrupted
app.run()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("place", ["write", "flush"])
def test_a_second_interrupt_shows_no_traceback(place: str) -> None:
    done = subprocess.run([sys.executable, "-c", TWICE, place], capture_output=True, text=True, check=False)

    assert done.returncode == 130
    assert "Traceback" not in done.stderr


AT_WORK = """
import hashlib, os, signal, sys, time
from tokaudit.cli import app, interrupt

def work(context):
    print("at work", flush=True)
    {work}

signal.signal(signal.SIGINT, signal.default_int_handler)  # as above
interrupt._GRACE_SECONDS = 0.1
app.Commands.invoke.__globals__["click"].Group.invoke = lambda self, context: work(context)
sys.argv = ["tokaudit", "laws"]
app.run()
"""


def interrupted(script: str) -> tuple[int, str]:
    """Exit code and stderr of a script that is interrupted once it says that it is at work."""
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "at work\n"
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    return process.returncode, said


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize(
    "work",
    [
        "time.sleep(60)",
        """
    try:
        hashlib.pbkdf2_hmac("sha256", b"", b"", 30_000_000)
    finally:
        os._exit(7)""",
        """
    for _ in range(2):
        try:
            time.sleep(20)
        except KeyboardInterrupt:
            pass""",
        """
    class Slow:
        def find_spec(self, name, path=None, target=None):
            try:
                time.sleep(60)
            except KeyboardInterrupt:
                os.abort()
    sys.meta_path.insert(0, Slow())
    import compiled_package""",
    ],
    ids=["in Python", "in compiled code", "where the interrupt is lost", "in an import"],
)
def test_an_interrupt_ends_the_program_with_one_message(work: str) -> None:
    code, said = interrupted(AT_WORK.format(work=work))

    assert code == 130
    assert said == f"{INTERRUPTED}\n"


LOADING = """
import signal, sys, time

class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "tokaudit.cli.app":
            print("at work", flush=True)
            time.sleep(60)

signal.signal(signal.SIGINT, signal.default_int_handler)  # as above
sys.meta_path.insert(0, Slow())
from tokaudit.__main__ import run
run()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_an_interrupt_during_loading_shows_no_traceback() -> None:
    assert interrupted(LOADING) == (130, f"{INTERRUPTED}\n")


IGNORED = """
import os, signal
from tokaudit.cli import interrupt

signal.signal(signal.SIGINT, signal.SIG_IGN)
interrupt.stop_in_time()
print("at work", flush=True)
os.kill(os.getpid(), signal.SIGINT)
print("still at work")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_ignored_interrupts_stay_ignored() -> None:
    done = subprocess.run([sys.executable, "-c", IGNORED], capture_output=True, text=True, check=True)

    assert done.stdout == "at work\nstill at work\n"


def test_the_installed_command_handles_interrupts() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["scripts"] == {"tokaudit": "tokaudit.__main__:run"}
