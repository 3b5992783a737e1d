"""Writers wait for others that have the catalog open, say so once, and lose nothing if the wait is over."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import duckdb
import pytest
from made.held import held
from made.samples import Run, ask, count_into, derived, text, write_jsonl

import tokaudit
from tokaudit.catalog import kept_open
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.patience import patient
from tokaudit.cli.interrupt import INTERRUPTED
from tokaudit.core.errors import CatalogError, UsageError
from tokaudit.core.logged_progress import LoggedProgress
from tokaudit.core.progress import ignore

pytestmark = pytest.mark.slow


def test_a_writer_waits_longer_than_its_readers_and_says_so_once(copy: Path) -> None:
    said: list[str] = []
    with held(copy, read_only=True, seconds=1.6) as holder, patient(60.0, said.append), exclusive_writer(copy):
        pass

    (sentence,) = said
    assert sentence.startswith(f"{copy}: is in use by another process (")
    assert sentence.endswith(f", PID {holder}); waiting up to 60 s until it is closed there")


@pytest.mark.parametrize("command", ["ingest a --domain web", "forget web", "upgrade", "retry web", "run"])
def test_each_command_that_writes_waits_as_long_as_it_is_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_jsonl(tmp_path / "a" / "x.jsonl", [text(7)])
    (tmp_path / "web.jsonl").write_text("not a record\n")
    (tmp_path / "tokaudit.toml").write_text('[sources.a]\npaths = "a"\ndomain = "web"\n')
    run("ingest", "web.jsonl", "--domain", "web", "--source", "web", "--on-bad-record", "skip", "-q", code=1)
    with held(Path("tokaudit.duckdb"), read_only=True, seconds=60) as holder:
        refused = run(*command.split(), "--wait", "0", code=4)
    assert f"PID {holder}) for 0 s; close it there, and run this again: what was finished is kept" in refused.err
    assert len(refused.err.splitlines()) == 1
    with held(Path("tokaudit.duckdb"), read_only=True, seconds=0.3):
        run(*command.split(), "-q", code=int(command == "retry web"))


def test_a_short_wait_is_not_worth_a_word(copy: Path) -> None:
    with held(copy, read_only=True, seconds=0.2), patient(60.0, pytest.fail), exclusive_writer(copy):
        pass


def test_another_writer_is_not_waited_for(copy: Path) -> None:
    began = time.monotonic()
    with (
        exclusive_writer(copy),
        patient(60.0, ignore),
        pytest.raises(CatalogError, match="another tokaudit is writing"),
        exclusive_writer(copy),
    ):
        pytest.fail("two writers")

    assert time.monotonic() - began < 30


def test_nothing_that_was_counted_is_lost_if_the_wait_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_open, "KEPT_SECONDS", 0.0)
    catalog, plain = tmp_path / "x.duckdb", tmp_path / "plain.duckdb"
    for name in ("a", "b"):
        write_jsonl(tmp_path / "many" / f"{name}.jsonl", [text(0), text(ord(name))])
    count_into(plain, tmp_path / "many", "web")
    with ExitStack() as readers:

        class Interfering(LoggedProgress):
            def note(self, text: str) -> None:
                if text == "looking for near-duplicates":
                    readers.enter_context(held(catalog, read_only=True, seconds=60))

        with patient(0.0, ignore), pytest.raises(CatalogError, match="what was finished is kept"):
            count_into(catalog, tmp_path / "many", "web", listener=Interfering())
    assert ask(catalog, "select count(*) from documents") == [(4,)]
    again = count_into(catalog, tmp_path / "many", "web")

    assert again.files_unchanged == 2
    assert derived(catalog) == derived(plain)


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_ctrl_c_ends_the_wait_at_once(copy: Path) -> None:
    with held(copy, read_only=True, seconds=60):
        call = [sys.executable, "-m", "tokaudit", "--catalog", str(copy), "forget", "web"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        with subprocess.Popen(call, stderr=subprocess.PIPE, text=True, env=environment) as waiting:
            assert waiting.stderr is not None
            while "waiting up to 1 h" not in (line := waiting.stderr.readline()):
                assert line, "it ended"
            waiting.send_signal(signal.SIGINT)
            said = waiting.stderr.read().splitlines()
            code = waiting.wait()

    assert (code, said[-1]) == (130, INTERRUPTED)
    assert ask(copy, "select count(*) from sources where source = 'web'") == [(1,)]


@pytest.mark.parametrize(
    "call",
    [
        lambda catalog: catalog.forget("web", wait="0s"),
        lambda catalog: catalog.ingest(["a new text"], domain="web", source="new", wait=0),
    ],
    ids=["forget", "ingest"],
)
def test_python_waits_as_long_as_it_is_told(copy: Path, call: Callable[[tokaudit.Catalog], object]) -> None:
    catalog = tokaudit.open(copy)
    with held(copy, read_only=True, seconds=60), pytest.raises(CatalogError, match="for 0 s; close it there"):
        call(catalog)
    call(catalog)


def test_a_wait_that_is_not_a_time_is_refused(run: Run, copy: Path) -> None:
    said = run("--catalog", copy, "forget", "web", "--wait", "soon", code=2).err
    assert said == "tokaudit: --wait: 'soon' is not a number; write 30s, 10min or 1h\n"
    with pytest.raises(UsageError, match="wait: -1 must be at least 0"):
        tokaudit.open(copy).forget("web", wait=-1)


def test_a_process_does_not_wait_an_hour_for_itself(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.catalog.patience.LOCK_SECONDS", 0.1)
    with (
        duckdb.connect(copy, read_only=True),
        patient(3600.0, ignore),
        pytest.raises(CatalogError, match=r"in use by this process for 0\.1 s"),
        exclusive_writer(copy),
    ):
        pytest.fail("it was opened")
