"""How tasks are handed to Ray, and what becomes of their errors; a stand-in takes the place of a cluster."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from made.stages import Doubled

from tokaudit.core.errors import InputError, TokauditError
from tokaudit.pipeline.engines.ray import RayEngine
from tokaudit.pipeline.engines.work_folder import work_folder

exceptions = pytest.importorskip("ray.exceptions")


class StandIn:
    """As much of Ray as the engine uses: a task is run when its result is waited for.

    Args:
        fail: called before each task.
    """

    def __init__(self, fail: Callable[[], None] = lambda: None) -> None:
        self.fail = fail
        self.handed = 0
        self.cancelled = 0

    def is_initialized(self) -> bool:
        """It is."""
        return True

    def nodes(self) -> list[dict[str, Any]]:
        """Two nodes, and one that is dead."""
        node = {"Alive": True, "Resources": {"CPU": 1.0, "memory": 1e9}}
        return [node, node, {"Alive": False, "Resources": {"CPU": 64.0, "memory": 1e12}}]

    def put(self, value: Any) -> Any:
        """The value itself."""
        return value

    def remote(self, function: Any) -> Any:
        """The function as a task."""

        def hand(*given: Any) -> Any:
            self.handed += 1
            return lambda: function(*given)

        task = SimpleNamespace(remote=hand)
        return SimpleNamespace(options=lambda **_: task)

    def get(self, handed: Any) -> None:
        """Run a task."""
        self.fail()
        handed()

    def cancel(self, *_: Any, force: bool) -> None:
        """Count what is cancelled."""
        self.cancelled += force


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., RayEngine]:
    """A function from a stand-in to an engine that uses it."""

    def use(stand_in: StandIn) -> RayEngine:
        monkeypatch.setattr("tokaudit.pipeline.engines.ray._imported", lambda: stand_in)
        return RayEngine(work_folder(str(tmp_path / "w")), None, 1, 1 << 20)

    return use


def drawn(numbers: list[int]) -> Iterator[int]:
    """Yield numbers, and note each."""
    for number in range(40):
        numbers.append(number)
        yield number


def test_results_come_in_the_order_of_the_tasks_and_leave_no_file(on: Callable[..., RayEngine], tmp_path: Path) -> None:
    with on(StandIn()).map(Doubled(), range(9)) as results:
        assert list(results) == [0, 2, 4, 6, 8, 10, 12, 14, 16]

    assert not (tmp_path / "w").exists()


def test_no_more_tasks_are_drawn_than_three_per_core(on: Callable[..., RayEngine]) -> None:
    numbers: list[int] = []
    with on(StandIn()).map(Doubled(), drawn(numbers)) as results:
        for taken, _ in enumerate(results, 1):
            assert len(numbers) <= taken + 5


def test_a_result_that_is_there_is_not_made_again(on: Callable[..., RayEngine], tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "double-3.result").write_text("77")
    stand_in = StandIn()
    with on(stand_in).map(Doubled(), range(5)) as results:
        assert list(results) == [0, 2, 4, 77, 8]

    assert stand_in.handed == 4


def test_results_stay_if_the_caller_fails_and_no_task_is_left(on: Callable[..., RayEngine], tmp_path: Path) -> None:
    stand_in = StandIn()

    def take_two() -> None:
        with on(stand_in).map(Doubled(), range(40)) as results:
            next(results)
            next(results)
            raise InputError("refused")

    with pytest.raises(InputError, match="refused"):
        take_two()

    assert {file.name for file in (tmp_path / "w").iterdir()} == {"double-0.result", "double-1.result"}
    assert stand_in.handed - stand_in.cancelled == 2


def refused(fail: Callable[[], None], on: Callable[..., RayEngine]) -> str:
    """The message of the error that a task ends with."""
    with pytest.raises(TokauditError) as error, on(StandIn(fail)).map(Doubled(), [7]) as results:
        list(results)
    return str(error.value)


def test_a_task_whose_workers_died_names_its_files(on: Callable[..., RayEngine]) -> None:
    def die() -> None:
        raise exceptions.WorkerCrashedError

    why = "its workers died 4 times (WorkerCrashedError), perhaps for want of memory"
    assert refused(die, on) == f"7: can't be measured: {why}; pass more --memory, or leave it out"


def of_task(cause: Exception) -> Exception:
    """What Ray raises for an error of a task."""
    made: Exception = exceptions.RayTaskError("measure", "a traceback", cause)
    return made


def test_an_error_of_a_task_that_is_for_the_user_is_raised_as_itself(on: Callable[..., RayEngine]) -> None:
    def fail() -> None:
        raise of_task(InputError("no room"))

    assert refused(fail, on) == "no room"


def test_a_node_without_tokaudit_says_how_to_install_it(on: Callable[..., RayEngine]) -> None:
    def fail() -> None:
        raise of_task(ModuleNotFoundError("No module named 'tokaudit'"))

    assert "No module named 'tokaudit'; install the same tokaudit there as here: pip install" in refused(fail, on)


def test_a_fault_of_the_code_is_not_hidden(on: Callable[..., RayEngine]) -> None:
    def fail() -> None:
        raise of_task(ZeroDivisionError("a fault"))

    with pytest.raises(exceptions.RayTaskError), on(StandIn(fail)).map(Doubled(), [7]) as results:
        list(results)
