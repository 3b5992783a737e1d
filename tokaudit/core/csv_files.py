"""Opening CSV files that a user names; errors say the file and the reason."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tokaudit.core.errors import InputError


@contextmanager
def open_csv(path: Path) -> Iterator[TextIO]:
    """Open a file for ``csv`` to read in the context; a byte order mark is skipped.

    Raises:
        InputError: the file can't be read, is not valid UTF-8 or is not a CSV file.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not valid UTF-8 (byte {error.start}); convert it") from error
    except csv.Error as error:
        raise InputError(f"{path}: is not a CSV file: {error}") from error
