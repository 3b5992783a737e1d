"""What a kill in the middle of an ingest leaves, and that the next one mends it."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from made.samples import Run, ask, ingested, tables, text, write_jsonl

from tokaudit.catalog.layout import parts_folder

UNIQUE = [text(seed) for seed in range(6)]

KILLED = """
import os, signal, sys
from tokaudit.catalog import writer
from tokaudit.cli.app import main

def write(*given):
    written(*given)
    os.kill(os.getpid(), signal.SIGKILL)

written, writer.write_fragment = writer.write_fragment, write
main(["-q", "ingest", sys.argv[1], "--domain", "web"])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a kill that can't be caught")
@pytest.mark.parametrize("next_writer", ["ingest", "forget"])
def test_signatures_that_a_kill_left_unnamed_are_removed_by_the_next_writer(
    run: Run, tmp_path: Path, next_writer: str
) -> None:
    write_jsonl(tmp_path / "a" / "x.jsonl", UNIQUE[:2])
    write_jsonl(tmp_path / "b" / "x.jsonl", UNIQUE[2:4])
    write_jsonl(tmp_path / "c" / "x.jsonl", UNIQUE[4:6])
    ingested(run, tmp_path / "a", "--domain", "web")
    ingested(run, tmp_path / "b", "--domain", "web")
    catalog = Path("tokaudit.duckdb")
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "c")], check=False)
    parts = parts_folder(catalog)
    (parts / "half.tmp").write_bytes(b"half")
    (parts / "notes.txt").write_text("somebody's own")
    assert (killed.returncode, len(list(parts.iterdir()))) == (-signal.SIGKILL, 5)
    if next_writer == "ingest":
        ingested(run, tmp_path / "a", "--domain", "web")
    else:
        run("forget", "b")
    left = {path.name for path in parts.iterdir()}
    named = ask(catalog, "select fragment from store.fragments")

    assert left == {name for (name,) in named} | {"notes.txt"}
    assert len(named) == (2 if next_writer == "ingest" else 1)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a kill that can't be caught")
def test_after_a_kill_the_next_ingest_gives_the_same_numbers(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    for number in range(40):
        write_jsonl(folder / f"{number:02}.jsonl", [text(1000 * number + i, 300) for i in range(150)] + [UNIQUE[0]])
    catalog = Path.cwd() / "tokaudit.duckdb"
    script = (
        "import tokaudit.catalog.buffer as buffer; buffer.COMMIT_BYTES = 1_000_000\n"
        f"from tokaudit.cli.app import main; main(['-q', 'ingest', {str(folder)!r}, '--domain', 'web'])"
    )
    for delay in (0.2, 0.5):
        killed = subprocess.Popen([sys.executable, "-c", script])
        deadline = time.monotonic() + 60
        while not catalog.exists() and killed.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(delay)
        killed.kill()
        killed.wait()
    ingested(run, folder, "--domain", "web")
    recovered = tables(run)
    run("forget", "many")
    ingested(run, folder, "--domain", "web")

    assert recovered["supply"]["total"]["documents_seen"] == 40 * 151
    assert tables(run) == recovered
