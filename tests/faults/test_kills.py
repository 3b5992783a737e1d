"""A command that is killed after any step is finished by `resume` or the same command: same answers as unkilled."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from made.faults import STEPS, Fault, needs_faults, run_with
from made.scenarios import CATALOG, NO_FAULT, SCENARIOS, Prepared, at_every_call, said_wrongly

pytestmark = [pytest.mark.slow, needs_faults]

SAMPLE = ["upgrade", "ingest more", "forget", "repair", "move rows", "retry"]
"""Commands that the usual suite kills once: the first after its first step, the last after its last."""


def faults_of_a_kill(made: Prepared, to: Path, at: int) -> list[str] | None:
    """What is wrong after a kill, `status`, and what finishes the work; None if the run ended before that step.

    After every other step, `resume` finishes what `status` lists, if it can; else the same command does.
    """
    killed, folder = made.run(Fault(STEPS, at), to)
    if not killed.happened:
        return None
    wrong = made.torn_outputs(folder)
    status = run_with(NO_FAULT, folder, ["--catalog", CATALOG, "status", "--json"])
    not_yet = status.code == 4 and ("no catalog found" in status.err or "made by an older tokaudit" in status.err)
    if not (status.code == 0 or not_yet) or said_wrongly(status):
        wrong.append(f"status: {status.code} {status.err[-300:]}")
    if made.scenario.resumes and at % 2 == 0 and status.code == 0 and json.loads(status.out)["unfinished"]:
        finished = run_with(NO_FAULT, folder, ["-q", "--catalog", CATALOG, "resume"])
        codes = {0, 1}  # 1: a bad record is left
    else:
        finished = made.again(NO_FAULT, folder)
        codes = {*made.scenario.codes}
    if finished.code not in codes or said_wrongly(finished):
        return [*wrong, f"finished with {finished.code}: {finished.err[-300:]}"]
    wrong += made.wrong_after(folder)
    shutil.rmtree(folder)
    return wrong


@pytest.mark.parametrize("name", SAMPLE)
def test_a_killed_command_is_finished_by_the_next(
    prepared: Callable[[str], Prepared], tmp_path: Path, name: str
) -> None:
    made = prepared(name)
    at = 1 + SAMPLE.index(name) * (made.well.calls - 1) // (len(SAMPLE) - 1)

    # A faster run may have fewer steps.
    wrongs = (faults_of_a_kill(made, tmp_path / str(step), step) for step in range(at, 0, -1))

    assert next(wrong for wrong in wrongs if wrong is not None) == [], f"killed at step {at} of {made.well.calls}"


@pytest.mark.matrix
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_command_killed_after_any_step_is_finished(
    prepared: Callable[[str], Prepared], tmp_path: Path, name: str
) -> None:
    made = prepared(name)
    found = at_every_call(lambda at: faults_of_a_kill(made, tmp_path / str(at), at))
    failures = {at: wrong for at, wrong in found.items() if wrong}
    print(f"\n{name}: {len(found)} kills, {len(failures)} failures", *failures.items(), sep="\n", flush=True)

    assert found
    assert failures == {}
