"""Processes of Python that work for this one: the command that starts them, and the limits that they set themselves."""

import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Final

START: Final = (
    "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN);"  # Ctrl-C reaches all processes of a terminal
    " import json, sys; sys.path[:] = json.loads(sys.argv[1]); from importlib import import_module;"
    " import_module(sys.argv[2]).main()"
)
"""Runs `main` of a module. The arguments are the paths to import from, as JSON, and the name of the module."""
_DATA_PAGES: Final = 5  # the field of /proc/self/statm


def command_of(module: str) -> list[str]:
    """The command of a process that runs `main` of a module, with the paths from which this process imports."""
    paths = [path for path in sys.path if isinstance(path, str)]  # Python skips all else
    return [sys.executable or "", "-I" if sys.flags.isolated else "-P", "-c", START, json.dumps(paths), module]


def limit_memory(more: int | None) -> None:
    """Let this process take at most so many bytes more than it has; None: as many as it may.

    Memory that is only reserved, as each thread does, does not count. Systems other than Linux don't say what a process
    has, and set no limit.
    """
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - Windows lacks it

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if more is None:
            resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
            return
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[_DATA_PAGES]
        limit = int(pages) * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_DATA, (limit if hard < 0 else min(limit, hard), hard))


def leave_nothing() -> None:
    """Leave it to the other process what Ctrl-C means, and write no core file after a crash."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - as above

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def take_stdout() -> int:
    """The descriptor of stdout, which this process alone writes to from now on.

    What a library prints goes nowhere, so that it can't come between the answers.
    """
    taken = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    return taken
