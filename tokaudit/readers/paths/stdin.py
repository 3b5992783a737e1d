"""Text from a pipe: ``-`` as a path."""

import select
import sys
from typing import IO, Final

from tokaudit.core.errors import InputError, UsageError
from tokaudit.readers.files import NO_FILE, InputFile
from tokaudit.readers.paths.spool import Spool

STDIN: Final = "-"
"""The path that means stdin."""

_BLOCK: Final = 1 << 20
_HINT: Final = "to count a file called '-', name it ./-"


def spooled_stdin(source: str) -> InputFile:
    """All bytes of stdin as one file with the path ``stdin:SOURCE``, kept in a temporary file while it is counted.

    Raises:
        UsageError: stdin is a terminal, or closed.
        InputError: stdin can't be read, or there is no room to keep it.
    """
    path = f"{NO_FILE[0]}{source}"
    pipe = _pipe()
    spool = Spool(path)
    room = memoryview(bytearray(_BLOCK))
    try:
        while (read := pipe.readinto(room)) != 0:  # type: ignore[attr-defined] # every binary stream has it
            if read is None:  # whoever started this program made its end of the pipe non-blocking
                select.select([pipe], [], [])
            else:
                spool.write(room[:read])
    except OSError as error:
        raise InputError(f"{STDIN}: stdin can't be read: {error.strerror or error}") from error
    return InputFile(path, "stdin", spool.size, "", named=True, spool=spool)


def _pipe() -> IO[bytes]:
    stdin = sys.stdin
    if stdin is None or stdin.closed:
        raise UsageError(f"{STDIN}: stands for stdin, which is closed; {_HINT}")
    if stdin.isatty():
        raise UsageError(f"{STDIN}: reads from a pipe, and stdin is a terminal; put `… |` before the command; {_HINT}")
    return stdin.buffer
