"""What a process that reads for another one does first, and the limits that it sets itself."""

import contextlib
import os
import signal
from pathlib import Path

from tokaudit.readers.processes.channel import Channel


def limit_memory(more: int | None) -> None:
    """Let this process take at most so many bytes more than it has; None: as many as it may.

    Systems other than Linux don't say what it has, and set no limit.
    """
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - Windows lacks it

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if more is None:
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
            return
        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        limit = held + more
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard < 0 else min(limit, hard), hard))


def leave_nothing() -> None:
    """Leave it to the other process what Ctrl-C means, and write no core file after a crash."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - as above

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def own_channel() -> Channel:
    """The messages to and from the process that has started this one, through its standard input and output.

    What a library prints goes nowhere, so that it can't come between the answers.
    """
    incoming, outgoing = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    return Channel(os.fdopen(incoming, "rb", buffering=0), os.fdopen(outgoing, "wb", buffering=0))
