"""Stages as tasks of Ray, on a running cluster or on one that lives as long as it is needed."""

import logging
import os
import socket
import sys
import tempfile
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout, suppress
from typing import Any, Final, Generic, Self, TypeVar

from tokaudit import __version__
from tokaudit.core.engine import Stage
from tokaudit.core.errors import InputError, MissingPackageError, TokauditError
from tokaudit.core.units import format_bytes
from tokaudit.pipeline.engines.tasks import Results, perform, result_name
from tokaudit.pipeline.engines.work_folder import WorkFolder

T = TypeVar("T")
R = TypeVar("R")

_RETRIES: Final = 3
"""How often a task is run again whose worker or node died."""
_AHEAD: Final = 3
"""Tasks per core that are running or wait with their results: more are not handed over before results are taken."""
_OBJECTS: Final = 100 << 20
"""Bytes of Ray's own store on a cluster of this machine: results are in files."""
_LOCAL: Final = "local"
_ANSWERS_IN: Final = 10.0
"""Seconds within which a cluster must take a connection: Ray itself tries an address for many minutes."""


class RayEngine:
    """Runs stages as tasks of Ray, each on one core. Results wait in a folder that all nodes share.

    A result that is in the folder already is taken from there. A task whose worker or node died is run again.

    Args:
        folder: the folder.
        address: address of a running cluster; None: that of ``$RAY_ADDRESS``, or else one on this machine.
        cores: cores of a cluster on this machine.
        memory: bytes of memory that a task reserves on its node.
    """

    def __init__(self, folder: WorkFolder, address: str | None, cores: int, memory: int) -> None:
        self._folder = folder
        self._address = address or os.environ.get("RAY_ADDRESS") or _LOCAL
        self._cores = cores
        self._memory = memory
        self._kept: ExitStack | None = None  # what ends the connection; None: each call of `map` ends its own

    def __enter__(self) -> Self:
        """From now on, a connection stays until the context ends."""
        self._kept = ExitStack()
        return self

    def __exit__(self, *_: object) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    @contextmanager
    def map(self, stage: Stage[T, R], tasks: Iterable[T]) -> Generator[Iterator[R]]:
        """See `Engine`. If the context ends without an error, the results are removed from the folder.

        Raises:
            InputError: there is no cluster at the address, no node has the memory, or a task failed for good.
            MissingPackageError: Ray is not installed, here or on a node.
        """
        ray = _imported()
        with redirect_stdout(sys.stderr), self._connected(ray):  # Ray prints to stdout which workers died
            results: Results[R] = Results(stage, self._folder)
            run = RayRun(ray, stage, self._folder, self._memory, results)
            try:
                yield run.taken(tasks)
                results.remove_taken()
            finally:
                run.stop()

    @contextmanager
    def _connected(self, ray: Any) -> Iterator[None]:
        """A context in which Ray is connected; a program that has connected it itself keeps its connection."""
        with ExitStack() as ended:
            if not ray.is_initialized():
                (ended if self._kept is None else self._kept).enter_context(self._connection(ray))
            yield

    @contextmanager
    def _connection(self, ray: Any) -> Iterator[None]:
        """A context with a connection of its own."""
        local: dict[str, Any] = {}
        if self._address == _LOCAL:
            local = {"num_cpus": self._cores, "object_store_memory": _OBJECTS, "include_dashboard": False}
        _check_answers(self._address)
        # Workers would else look for modules in the folder of the user and in that of the program.
        with tempfile.TemporaryDirectory(prefix="tokaudit-") as empty:
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
            logging.getLogger("ray").setLevel(logging.ERROR)
            quiet = {"log_to_driver": False, "configure_logging": False}
            try:
                ray.init(self._address, runtime_env={"working_dir": empty}, **quiet, **local)
            except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
                raise _refused(self._address, " ".join(str(error).split())[:300]) from error
            try:
                yield
            finally:
                ray.shutdown()


class RayRun(Generic[T, R]):
    """One call of `RayEngine.map`."""

    def __init__(self, ray: Any, stage: Stage[T, R], folder: WorkFolder, memory: int, results: Results[R]) -> None:
        self._ray = ray
        self._stage = stage
        self._results = results
        self._most = _AHEAD * self._cores_with(memory)
        self._shared = ray.put((stage, folder, __version__))
        self._perform = ray.remote(_perform).options(num_cpus=1, memory=memory, max_retries=_RETRIES)
        self._waiting: deque[tuple[T, str, Any]] = deque()

    def _cores_with(self, memory: int) -> int:
        """The cores of all nodes; raises InputError if no node has one, with the memory."""
        nodes = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        fit = [node for node in nodes if node.get("CPU", 0) >= 1 and node.get("memory", 0) >= memory]
        if not fit:
            most = format_bytes(int(max((node.get("memory", 0) for node in nodes), default=0)))
            why = f"a task needs a core and {format_bytes(memory)} of memory, and no node has more than {most}"
            raise InputError(f"{why}; pass less --memory, or start larger nodes")
        return int(sum(node["CPU"] for node in fit))

    def taken(self, tasks: Iterable[T]) -> Iterator[R]:
        """Yield the results in the order of the tasks, of which only some are under way at once."""
        for task in tasks:
            name = result_name(self._stage, task)
            handed = None if name in self._results.there else self._perform.remote(self._shared, task, name)
            self._waiting.append((task, name, handed))
            if len(self._waiting) >= self._most:
                yield from self._next()
        while self._waiting:
            yield from self._next()

    def _next(self) -> Iterator[R]:
        """Yield the result of the task that was handed over first."""
        task, name, handed = self._waiting[0]
        if handed is not None:
            self.wait_for(task, handed)
        self._waiting.popleft()
        with self._results.take(name) as result:
            yield result

    def wait_for(self, task: T, handed: Any) -> None:
        """Return when a task is done.

        Raises:
            TokauditError: that of the task, or InputError if its workers died.
        """
        from ray.exceptions import RayError, RayTaskError  # noqa: PLC0415 - an optional package

        try:
            self._ray.get(handed)
        except RayTaskError as error:
            if isinstance(error.cause, TokauditError):
                raise error.cause from error
            if isinstance(error.cause, ImportError):
                why = f"{error.cause}; install the same tokaudit there as here: pip install 'tokaudit[ray]'"
                raise MissingPackageError(f"a node of the cluster: {why}") from error
            raise
        except RayError as error:
            why = f"its workers died {_RETRIES + 1} times ({type(error).__name__}), perhaps for want of memory"
            raise InputError(f"{task}: can't be measured: {why}; pass more --memory, or leave it out") from error

    def stop(self) -> None:
        """Cancel the tasks that are under way."""
        for _, _, handed in self._waiting:
            if handed is not None:
                with suppress(Exception):  # the cluster may be gone
                    self._ray.cancel(handed, force=True)


def _check_answers(address: str) -> None:
    """Do nothing if something takes connections at the address, or if it has no host and port, such as ``auto``.

    Raises:
        InputError: nothing answers.
    """
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdecimal():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), _ANSWERS_IN).close()
    except (OSError, OverflowError) as error:
        raise _refused(address, f"nothing answers there ({error})") from error


def _refused(address: str, why: str) -> InputError:
    look = "; `ray status`, on a node of the cluster, says whether it runs"
    return InputError(f"--ray-address {address}: can't be connected to: {why}{look}")


def _perform(shared: tuple[Stage[T, R], WorkFolder, str], task: T, name: str) -> None:
    """`perform`, in a worker, if it has the driver's version of tokaudit; raises InputError if not."""
    stage, folder, version = shared
    if version != __version__:
        why = f"has tokaudit {__version__}, and the driver {version}; install the same version on all nodes"
        raise InputError(f"{socket.gethostname()}: {why}")
    perform(stage, task, folder, name)


def _imported() -> Any:
    """The package.

    Raises:
        MissingPackageError: it is not installed.
    """
    try:
        import ray  # noqa: PLC0415 - an optional package, and slow to import
    except ImportError as error:
        raise MissingPackageError("--engine ray: needs Ray; run pip install 'tokaudit[ray]'") from error
    return ray
