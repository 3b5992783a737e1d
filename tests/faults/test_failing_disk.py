"""A disk that fails at any write, sync or rename: the command says so in one line, and the next one succeeds."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from made.faults import RENAMES, SYNCS, WRITES, Fault, needs_faults
from made.scenarios import NO_FAULT, SCENARIOS, Prepared, at_every_call, said_wrongly

pytestmark = [pytest.mark.slow, needs_faults]

KINDS = {"write": WRITES, "sync": SYNCS, "rename": RENAMES}
SORTS = {
    f"{errno.errorcode[error]} {lasts}": (error, lasts == "lasting")
    for error in (errno.ENOSPC, errno.EIO)
    for lasts in ("lasting", "once")
}


def faults_of_a_failure(made: Prepared, to: Path, fault: Fault) -> list[str] | None:
    """What is wrong after a failing call and the same command again; None if the run ended before that call."""
    failed, folder = made.run(fault, to)
    if not failed.happened:
        return None
    wrong = made.torn_outputs(folder)
    wrong += [f"says {word}: {failed.err[-300:]}" for word in said_wrongly(failed)]
    if failed.code != made.well.code:
        if failed.code != (3 if made.scenario.writes else 4) or len(failed.err.splitlines()) != 1:
            wrong.append(f"ended with {failed.code}: {failed.err[-300:]}")
        again = made.again(NO_FAULT, folder)
        if again.code not in made.scenario.codes or said_wrongly(again):
            return [*wrong, f"again: {again.code} {again.err[-300:]}"]
    wrong += made.wrong_after(folder)
    shutil.rmtree(folder)
    return wrong


SAMPLE = [
    ("ingest more", Fault(SYNCS, 4, errno.EIO)),
    ("ingest more", Fault(WRITES, 3, errno.ENOSPC, lasting=True)),
    ("ingest more", Fault(RENAMES, 1, errno.EIO)),
    ("forget", Fault(WRITES, 2, errno.EIO)),
    ("upgrade", Fault(WRITES, 9, errno.ENOSPC, lasting=True)),
    ("move rows", Fault(SYNCS, 9, errno.EIO)),
    ("export", Fault(WRITES, 2, errno.ENOSPC)),
    ("export", Fault(RENAMES, 2, errno.EIO)),
]


@pytest.mark.parametrize(("name", "fault"), SAMPLE, ids=str)
def test_a_failing_disk_leaves_the_catalog_whole(
    prepared: Callable[[str], Prepared], tmp_path: Path, name: str, fault: Fault
) -> None:
    assert faults_of_a_failure(prepared(name), tmp_path / "x", fault) == []


def test_a_failing_cache_changes_no_number(
    prepared: Callable[[str], Prepared], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, cache = prepared("ingest more"), tmp_path / "cache"
    monkeypatch.setenv("TOKAUDIT_CACHE", str(cache))
    failed, folder = made.run(Fault(WRITES, 1, errno.ENOSPC, lasting=True), tmp_path / "x", below=cache)

    assert failed.happened
    assert (failed.code, failed.err) == (made.well.code, made.well.err)
    assert made.wrong_after(folder) == []


@pytest.mark.matrix
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_disk_failing_at_any_call_leaves_the_catalog_whole(
    prepared: Callable[[str], Prepared], tmp_path: Path, name: str, kind: str, sort: str
) -> None:
    made = prepared(name)
    found = at_every_call(
        lambda at: faults_of_a_failure(made, tmp_path / str(at), Fault(KINDS[kind], at, *SORTS[sort]))
    )
    failures = {at: wrong for at, wrong in found.items() if wrong}
    print(f"\n{name}: {len(found)} times {sort} at a {kind}, {len(failures)} failures", *failures.items(), sep="\n")

    assert failures == {}
