"""Finding a file of the catalog again, as it is now."""

import os
from dataclasses import replace

from tokaudit.core.errors import InputError, TokauditError
from tokaudit.readers.files import InputFile, has_no_file, is_remote
from tokaudit.readers.formats import READERS
from tokaudit.readers.paths.listing import expand


def find_again(path: str, below: str, reader: str) -> InputFile | None:
    """The file as it is now, with the ``below`` of the catalog; None if it is gone.

    Args:
        path: its path in the catalog.
        below: its path below the folder that was ingested.
        reader: name of the reader that it was read with; some locate their files by themselves.

    Raises:
        InputError: it can't be looked up: a store does not answer, permission is missing, or it never was a file.
    """
    if has_no_file(path):
        raise InputError(f"{path}: was not read from a file: its text is gone, and can't be read again")
    if not is_remote(path) and not os.path.lexists(path):
        return None
    plug = READERS.get(reader)
    try:
        own = plug.locate(path, named=True) if plug.scheme and path.startswith(plug.scheme) else None
        files = expand([path])[0] if own is None else own
    except TokauditError as error:
        if isinstance(error.__cause__, FileNotFoundError) or (plug.scheme and plug.is_gone(path)):
            return None
        raise InputError(str(error)) from error
    return next((replace(file, below=below) for file in files if file.path == path), None)
