"""CSV files that a user names: what can't be read is told with the file and the reason."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tokaudit.core.errors import InputError


@contextmanager
def open_csv(path: Path) -> Iterator[TextIO]:
    """The file, for ``csv`` to read in the context; a byte order mark is no text.

    Raises:
        InputError: the file can't be read, is no UTF-8 text or no CSV.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is no UTF-8 text (byte {error.start})") from error
    except csv.Error as error:
        raise InputError(f"{path}: is no CSV file: {error}") from error
