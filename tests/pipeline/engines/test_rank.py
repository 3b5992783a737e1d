"""The engine of a job does its share of one stage, and takes the results of the others."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.stages import Doubled

from tokaudit.core.engine import ShareDone
from tokaudit.core.errors import InputError
from tokaudit.pipeline.engines.rank import RankEngine
from tokaudit.pipeline.engines.work_folder import work_folder


def shared_out(folder: Path, tasks: Sequence[int], ranks: int) -> list[RankEngine]:
    """The engines of all ranks, each after its share of the stage `first`."""
    engines = [RankEngine(work_folder(str(folder)), "first", rank, ranks, 2) for rank in range(ranks)]
    for engine in engines:
        with pytest.raises(ShareDone), engine.map(Doubled("first"), tasks):
            pass
    return engines


@given(st.lists(st.integers(0, 50), unique=True, max_size=9), st.integers(1, 4))
def test_all_shares_together_are_all_tasks(
    tmp_path_factory: pytest.TempPathFactory, tasks: list[int], ranks: int
) -> None:
    folder = tmp_path_factory.mktemp("work")
    engines = shared_out(folder, tasks, ranks)

    assert [each.done.performed for each in engines] == [len(tasks[rank::ranks]) for rank in range(ranks)]
    assert {each.done.tasks for each in engines} == {len(tasks)}
    with RankEngine(work_folder(str(folder)), "second", 0, 1, 1).map(Doubled("first"), tasks) as results:
        assert list(results) == [2 * task for task in tasks]
    assert len(list(folder.iterdir())) == len(tasks)


def test_several_calls_of_a_stage_add_up(tmp_path: Path) -> None:
    (engine,) = shared_out(tmp_path, [1, 2], 1)
    with pytest.raises(ShareDone), engine.map(Doubled("first"), [2, 3]):
        pass

    assert (engine.done.tasks, engine.done.performed, engine.done.there) == (4, 3, 1)


def test_a_missing_result_of_another_stage_is_refused(tmp_path: Path) -> None:
    engine = RankEngine(work_folder(str(tmp_path)), "second", 0, 1, 1)

    with (
        engine.map(Doubled("first"), [1]) as results,
        pytest.raises(InputError, match=r"results of the stage `first` are missing; first run `tokaudit stage first`"),
    ):
        list(results)
