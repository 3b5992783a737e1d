"""The end of the pipes in a process that reads for another one."""

import os

from tokaudit.core.child_process import take_stdout
from tokaudit.readers.processes.channel import Channel


def own_channel() -> Channel:
    """The messages to and from the process that has started this one, through its standard input and output."""
    incoming, outgoing = os.dup(0), take_stdout()
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    return Channel(os.fdopen(incoming, "rb", buffering=0), os.fdopen(outgoing, "wb", buffering=0))
