"""An ingest that is killed, and the next one that cleans up."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from made.samples import Counted, Run, ask, count_into, ingested, tables, text, write_jsonl

from tokaudit.catalog.layout import parts_folder
from tokaudit.pipeline.forget import forget

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a kill that can't be caught")

UNIQUE = [text(seed) for seed in range(6)]

KILLED = """
import os, signal, sys
from tokaudit.catalog import writer
from tokaudit.cli.app import main

def write(*given):
    written(*given)
    os.kill(os.getpid(), signal.SIGKILL)

written, writer.write_fragment = writer.write_fragment, write
main(["-q", "--catalog", sys.argv[1], "ingest", sys.argv[2], "--domain", "web"])
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Counted:
    """A catalog of the folders a and b, left by an ingest of c that was killed before its first commit."""
    place = tmp_path_factory.mktemp("killed")
    for at, name in enumerate("abc"):
        write_jsonl(place / name / "x.jsonl", UNIQUE[2 * at : 2 * at + 2])
    catalog = place / "tokaudit.duckdb"
    for name in "ab":
        count_into(catalog, place / name, "web")
    done = subprocess.run([sys.executable, "-c", KILLED, str(catalog), str(place / "c")], check=False)
    assert (done.returncode, len(list(parts_folder(catalog).iterdir()))) == (-signal.SIGKILL, 3)
    return Counted(catalog, place)


@pytest.mark.slow
@pytest.mark.parametrize("next_writer", ["ingest", "forget"])
def test_the_next_writer_removes_signatures_left_by_a_kill(killed: Counted, tmp_path: Path, next_writer: str) -> None:
    catalog = Path(shutil.copy(killed.catalog, tmp_path))
    parts = Path(shutil.copytree(parts_folder(killed.catalog), parts_folder(catalog)))
    (parts / "half.tmp").write_bytes(b"half")
    (parts / "notes.txt").write_text("somebody's own")
    if next_writer == "ingest":
        count_into(catalog, killed.folder / "a", "web")
    else:
        forget(catalog, "b", lambda _: None)
    left = {path.name for path in parts.iterdir()}
    named = ask(catalog, "select fragment from store.fragments")

    assert left == {name for (name,) in named} | {"notes.txt"}
    assert len(named) == (2 if next_writer == "ingest" else 1)


@pytest.mark.slow
def test_after_a_kill_the_next_ingest_gives_the_same_numbers(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    for number in range(12):
        write_jsonl(folder / f"{number:02}.jsonl", [text(1000 * number + i, 300) for i in range(30)] + [UNIQUE[0]])
    parts = parts_folder(Path.cwd() / "tokaudit.duckdb")
    script = (
        "import tokaudit.catalog.buffer as buffer; buffer.COMMIT_BYTES = 1\n"
        "from tokaudit.cli.app import main\n"
        f"main(['-q', 'ingest', {str(folder)!r}, '--domain', 'web', '--memory', '1MB'])"
    )
    for commits in (1, 4):
        before = set(parts.glob("*.signatures"))
        with subprocess.Popen([sys.executable, "-c", script]) as ingest:
            # A commit begins with a file of signatures: the kill comes in the middle of one, or soon after it.
            while len(set(parts.glob("*.signatures")) - before) < commits and ingest.poll() is None:
                time.sleep(0.001)
            ingest.kill()
        assert ingest.returncode == -signal.SIGKILL
    result = ingested(run, folder, "--domain", "web")
    ingested(run, folder, "--domain", "web", "--catalog", "whole.duckdb")

    assert 0 < result["files_unchanged"] < 12
    assert result["documents"] == 12 * 31
    assert tables(run) == tables(run, Path("whole.duckdb"))
