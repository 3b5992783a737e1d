"""Runs of the program in which a disk fails, or the process is killed, at a chosen call (`faults.c` says how)."""

import atexit
import errno
import functools
import importlib.util
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tokaudit.core.kernels.build import TARGETS, WARNINGS, this_machine

_SOURCE: Final = Path(__file__).with_name("faults.c")
_STATE: Final = struct.Struct("=qq")

needs_faults: Final = pytest.mark.skipif(
    not this_machine().startswith("linux-")
    or this_machine() not in TARGETS
    or importlib.util.find_spec("ziglang") is None,
    reason="needs Linux, and the C compiler of the kernels (pip install ziglang)",
)

WRITES: Final = "w"
SYNCS: Final = "s"
RENAMES: Final = "r"
STEPS: Final = "srmdc"
"""Calls after which something lies on the disk for good: syncs, and names and sizes of files that change."""

_IN_PARTS: Final = """
import sys
from tokaudit.catalog import buffer
vars(buffer).update(COMMIT_BYTES=4_000, PART_DOCUMENTS=5)
from tokaudit.cli.app import main
main(sys.argv[1:])
"""
PROGRAM: Final = ("-m", "tokaudit")
IN_PARTS: Final = ("-c", _IN_PARTS)
"""Arguments of Python that start the program, and that start it so that it commits a file five documents at a time."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at a call.

    Attributes:
        kinds: which calls count, by the letters of `faults.c`.
        at: number of the call, from 1; 0: nothing happens.
        error: errno of the call, which is not made; None: it is made, and the processes are killed after it.
        lasting: whether all later calls fail as well.
    """

    kinds: str
    at: int
    error: int | None = None
    lasting: bool = False

    def __str__(self) -> str:
        """The fault in a few words, for messages of tests."""
        what = "killed after" if self.error is None else f"{errno.errorcode[self.error]} at"
        return f"{what} call {self.at} of {self.kinds!r}{' and all later ones' if self.lasting else ''}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended.

    Attributes:
        code: exit code; negative: the signal that killed it.
        out: what it wrote to stdout.
        err: what it wrote to stderr.
        calls: number of calls that counted.
        happened: whether the fault happened.
    """

    code: int
    out: str
    err: str
    calls: int
    happened: bool


def run_with(
    fault: Fault, folder: Path, arguments: Sequence[str], program: Sequence[str] = PROGRAM, below: Path | None = None
) -> Outcome:
    """Run the program with a fault.

    Args:
        fault: what happens, and at which call.
        folder: the working directory; the subfolder ``tmp`` is for temporary files.
        arguments: of the program.
        program: arguments of Python that start it.
        below: only calls on files below this folder count; None: below the working directory.
    """
    (folder / "tmp").mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile() as state:
        state.write(_STATE.pack(0, 0))
        state.flush()
        environment = {
            **os.environ,
            "TMPDIR": str(folder / "tmp"),
            "LD_PRELOAD": str(_compiled()),
            "FAULTS_FOLDER": str((below or folder).resolve()),
            "FAULTS_STATE": state.name,
            "FAULTS_KINDS": fault.kinds,
            "FAULTS_AT": str(fault.at),
            "FAULTS_ERROR": str(fault.error or 0),
            "FAULTS_LASTING": str(int(fault.lasting)),
        }
        done = subprocess.run(
            [sys.executable, *program, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,  # the group that is killed
            timeout=120,
        )
        calls, happened = _STATE.unpack(Path(state.name).read_bytes())
    return Outcome(done.returncode, done.stdout, done.stderr, calls, bool(happened))


@functools.cache
def _compiled() -> Path:
    """The compiled `faults.c`; it takes half a second."""
    made = Path(tempfile.mkdtemp(prefix="tokaudit-faults-")) / "faults.so"
    atexit.register(shutil.rmtree, made.parent, ignore_errors=True)
    triple, processor, _ = TARGETS[this_machine()]
    compiler = [sys.executable, "-m", "ziglang", "cc", "-target", triple, f"-mcpu={processor}", *WARNINGS]
    cache = {"ZIG_GLOBAL_CACHE_DIR": str(made.parent), "ZIG_LOCAL_CACHE_DIR": str(made.parent)}
    options = ["-std=c17", "-O1", "-shared", "-fPIC", "-nostdlib", "-o", str(made), str(_SOURCE)]
    subprocess.run([*compiler, *options], env={**os.environ, **cache}, check=True)
    return made
