"""Stages as tasks of Ray: the same numbers as in threads, whatever dies meanwhile. A cluster of three nodes runs here.

Its start takes some ten seconds, its processes 1.3 GiB.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from made.samples import Run, ingested
from made.scenarios import answers
from made.sharded import SIZES, options_for, sharded_corpus

from tokaudit import __version__
from tokaudit.core.errors import InputError, MissingPackageError
from tokaudit.pipeline.engines import ray as engine
from tokaudit.pipeline.engines.work_folder import work_folder
from tokaudit.pipeline.shards import stage
from tokaudit.pipeline.shards.works_file import ShardWork, read_works

ray = pytest.importorskip("ray")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="kills with signals")]

NODE = {"num_cpus": 1, "object_store_memory": 80 << 20, "memory": 1 << 30}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster of one node."""
    from ray.cluster_utils import Cluster  # noqa: PLC0415 - an optional package

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "disabled")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_worker_niceness", "0")  # else the other tests come first
        made = Cluster(initialize_head=True, head_node_args={**NODE, "include_dashboard": False})
        try:
            yield made
        finally:
            made.shutdown()  # type: ignore[no-untyped-call] # of Ray


@pytest.fixture(scope="module")
def connected(cluster: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The same, with this process connected once: each connection starts workers of its own."""
    empty = str(tmp_path_factory.mktemp("empty"))
    ray.init(cluster.address, runtime_env={"working_dir": empty}, log_to_driver=False, configure_logging=False)
    try:
        yield cluster
    finally:
        ray.shutdown()


@pytest.fixture
def three_nodes(connected: Any) -> Any:
    """The cluster with three nodes that live."""
    missing = 3 - len(connected.list_all_nodes())
    for _ in range(missing):
        connected.add_node(**NODE, wait=False)
    connected.wait_for_nodes()
    return connected


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus that is cut into many shards."""
    return sharded_corpus(tmp_path_factory.mktemp("sharded") / "corpus")


@pytest.fixture
def local(run: Run, corpus: Path) -> dict[str, Any]:
    """What the catalog has if threads measure."""
    ingested(run, corpus, *options_for(corpus), "--catalog", "local.duckdb", code=1)
    return answers(Path("local.duckdb"))


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SIZES.items():
        monkeypatch.setattr(f"tokaudit.pipeline.shards.cut.{name}", value)


@pytest.fixture
def on_ray(run: Run, corpus: Path) -> Callable[..., dict[str, Any]]:
    """A function that ingests the corpus on Ray, and returns what the catalog has."""

    def call(*more: object) -> dict[str, Any]:
        given = (corpus, *options_for(corpus), "--engine", "ray", "--memory", "500MB", "--catalog", "ray.duckdb", *more)
        ingested(run, *given, code=1)
        return answers(Path("ray.duckdb"))

    return call


def after_result(
    number: int, do: Callable[[], None], monkeypatch: pytest.MonkeyPatch, stage: str = "measure"
) -> list[str]:
    """Do something when so many tasks of a stage have a result; returns a list of those that are waited for."""
    waited: list[str] = []

    def wait(self: Any, task: Any, handed: Any) -> None:
        if self._stage.name == stage:
            if len(waited) == number:
                do()
            waited.append(str(task))
        done(self, task, handed)

    done = engine.RayRun.wait_for
    monkeypatch.setattr(engine.RayRun, "wait_for", wait)
    return waited


def test_every_view_is_the_same_on_three_nodes(
    three_nodes: Any, local: dict[str, Any], on_ray: Callable[..., dict[str, Any]]
) -> None:
    assert len(three_nodes.list_all_nodes()) == 3
    assert on_ray() == local
    assert not Path("ray.duckdb.parts/work").exists()


def workers() -> list[int]:
    """The processes that perform tasks, or wait for some."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            name = place.read_bytes()
        except OSError:  # it has ended
            continue
        if name.startswith((b"ray::_perform", b"ray::IDLE")):
            found.append(int(place.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="finds the workers in /proc")
def test_workers_and_nodes_killed_at_every_stage_change_nothing(
    three_nodes: Any,
    local: dict[str, Any],
    on_ray: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    killed: list[int] = []

    def kill_node() -> None:
        node = next(each for each in three_nodes.list_all_nodes() if not each.head)
        three_nodes.remove_node(node, allow_graceful=False)
        kill_workers()

    def kill_workers() -> None:
        before = len(killed)
        for worker in workers():
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
                killed.append(worker)
        assert len(killed) > before

    after_result(2, kill_node, monkeypatch)
    after_result(0, kill_workers, monkeypatch, "shared")
    after_result(3, kill_node, monkeypatch, "pairs")
    after_result(0, kill_workers, monkeypatch, "reread")

    assert on_ray() == local
    assert len(three_nodes.list_all_nodes()) == 1


DRIVER = """
import os, signal, sys
from tokaudit.pipeline.shards import cut, stage
from tokaudit.cli.app import main

def read(file):
    global number
    number += 1
    if number == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    return reading(file)

number, reading = 0, stage.read_works
stage.read_works = read
vars(cut).update(%r)
main(sys.argv[1:])
"""


def test_a_driver_that_was_killed_goes_on_where_it_was(
    connected: Any,
    corpus: Path,
    local: dict[str, Any],
    on_ray: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = ["ingest", corpus, *options_for(corpus), "--engine", "ray", "--memory", "500MB", "--catalog", "ray.duckdb"]
    command = [sys.executable, "-c", DRIVER % SIZES, *map(str, given), "--ray-address", connected.address]
    done = subprocess.run([*command, "--work", "w", "-q"], check=False)
    there = {file.name for file in Path("w").glob("measure-*")}
    waited = after_result(0, lambda: None, monkeypatch)
    taken: list[Path] = []

    def read(file: Path) -> Iterator[ShardWork]:
        taken.append(file)
        return read_works(file)

    monkeypatch.setattr(stage, "read_works", read)

    assert done.returncode == -signal.SIGKILL
    assert on_ray("--work", "w") == local
    found = there & {file.name for file in taken}  # the first file may be in the catalog, and is not asked for
    assert len(found) >= 3
    assert len(waited) <= len(taken) - len(found)
    assert not Path("w").exists()


@pytest.mark.usefixtures("connected")
def test_the_error_of_a_task_is_raised_as_itself(run: Run, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    options = (*options_for(corpus), "--engine", "ray", "--memory", "500MB", "--work", tmp_path / "file" / "w")
    refused = run("ingest", corpus / "small00.txt", *options, code=3)

    assert f"{tmp_path / 'file' / 'w'}: can't be used: " in refused.err


@pytest.mark.usefixtures("connected")
def test_memory_that_no_node_has_is_refused(run: Run, corpus: Path) -> None:
    options = (*options_for(corpus), "--memory", "3GiB", "--engine", "ray")
    refused = run("ingest", corpus / "small00.txt", *options, code=3)

    assert "a task needs a core and 3.22 GB of memory, and no node has more than 1.07 GB" in refused.err


@pytest.mark.usefixtures("connected")
def test_a_node_with_another_version_is_refused(run: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "__version__", "0.0.1")
    refused = run(
        "ingest", corpus / "small00.txt", *options_for(corpus), "--memory", "500MB", "--engine", "ray", code=3
    )

    assert f"has tokaudit {__version__}, and the driver 0.0.1; install the same version on all nodes" in refused.err


@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_an_address_at_which_nothing_answers_is_refused(
    scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"{scheme}127.0.0.1:{free.getsockname()[1]}"
        there = engine.RayEngine(work_folder(str(tmp_path)), address, 1, 1 << 20)

        with pytest.raises(
            InputError, match=rf"^--ray-address {address}: can't be connected to: nothing answers there"
        ):
            there.map(Any, []).__enter__()  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["auto", "10.0.0.1:http"])
def test_an_address_that_ray_refuses_is_refused(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def init(*_: object, **__: object) -> None:
        raise ConnectionError("no\ncluster")

    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setattr(ray, "init", init)
    there = engine.RayEngine(work_folder(str(tmp_path)), address, 1, 1 << 20)

    with pytest.raises(InputError, match=rf"^--ray-address {address}: can't be connected to: no cluster; `ray status`"):
        there.map(Any, []).__enter__()  # type: ignore[arg-type]


def test_without_ray_the_message_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)

    with pytest.raises(MissingPackageError, match=r"run pip install 'tokaudit\[ray\]'"):
        engine.RayEngine(work_folder(str(tmp_path)), None, 1, 1 << 20).map(Any, []).__enter__()  # type: ignore[arg-type]
