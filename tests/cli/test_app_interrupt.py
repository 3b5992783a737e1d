"""The program that is interrupted, once and again."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from made.samples import count_into, text, write_jsonl

from tokaudit.audit import answers
from tokaudit.catalog.connection import open_readonly

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
def test_an_interrupted_ingest_keeps_whole_files_and_the_next_goes_on(tmp_path: Path) -> None:
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
def test_a_second_interrupt_while_the_first_is_told_is_no_traceback(place: str) -> None:
    done = subprocess.run([sys.executable, "-c", TWICE, place], capture_output=True, text=True, check=False)

    assert done.returncode == 130
    assert "Traceback" not in done.stderr
