"""Temporary files and folders with names that say which process makes them: those of dead ones can be removed.

A file that becomes another one at the end can't be without a name. Files that only one process reads have none: see
`tempfile.TemporaryFile`.
"""

import hashlib
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from tokaudit.core.logs import logger

_LOG: Final = logger(__name__)
_NAME: Final = re.compile(r"\.tokaudit-([0-9a-f]{12})-(\d+)-(\d+)-[0-9a-f]{16}\.tmp")


def temporary_name(folder: Path) -> Path:
    """A new name for a file or folder of this process in a folder, from which what dead processes left is removed.

    The caller makes it, and removes or renames it. No other process removes it while this one lives.
    """
    remove_leftovers(folder)
    pid = os.getpid()
    return folder / f".tokaudit-{_machine()}-{pid}-{_started(pid) or 0}-{os.urandom(8).hex()}.tmp"


def remove_leftovers(folder: Path) -> None:
    """Remove what dead processes left in a folder."""
    for left in leftovers(folder):
        try:
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink()
            _LOG.debug("removed %s, which a process that is dead left", left)
        except OSError as error:  # it takes space and does no harm; the next run tries again
            _LOG.info("%s: is needed no more and can't be removed (%s)", left, error.strerror or error)


def leftovers(folder: Path) -> Iterator[Path]:
    """Temporary files and folders in a folder, of processes of this machine that are dead; none if it can't be read.

    Those of other machines, and of other containers, are theirs: whether they live is not known here.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = _NAME.fullmatch(entry.name)
            if found and found[1] == _machine() and not _lives(int(found[2]), int(found[3])):
                yield Path(entry.path)


@cache
def _machine() -> str:
    """What stands for the machine, or for the container in which process numbers mean something."""
    space = ""
    with suppress(OSError):
        space = os.readlink("/proc/self/ns/pid")  # noqa: PTH115 - it leads to no file
    return hashlib.sha256(f"{platform.node()} {space}".encode()).hexdigest()[:12]


def _lives(pid: int, started: int) -> bool:
    """Whether a process lives, and not another one has got its number. If that can't be known, it does."""
    if sys.platform == "win32":
        return False  # Windows removes no file that is open
    try:
        os.kill(pid, 0)  # only asks
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return _started(pid) in {None, started} or not started


def _started(pid: int) -> int | None:
    """When a process was started, in ticks since the machine was; None if the system does not say."""
    with suppress(OSError, ValueError, IndexError):
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return int(stat.rpartition(")")[2].split()[19])
    return None
