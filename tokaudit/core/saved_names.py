"""Names under which a catalog keeps what users save: fits and plans."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

from tokaudit.core.errors import UsageError

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def check_saved_name(name: str, kind: str) -> None:
    """Check that something can be saved under that name.

    Args:
        name: the name.
        kind: what is saved, such as ``a law``.

    Raises:
        UsageError: it is not a valid name.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"--save: {name!r} is not a name for {kind}; use letters, digits, '.', '_' and '-', and begin with a "
            "letter or digit"
        )


def check_is_saved(name: str, kind: str, saved: Collection[str], catalog: Path) -> None:
    """Check that there is something to forget under that name.

    Args:
        name: the name.
        kind: what is to be forgotten, such as ``law``.
        saved: the names that are saved.
        catalog: the catalog, for the message.

    Raises:
        UsageError: nothing is saved under that name; the message lists the saved ones.
    """
    if name not in saved:
        raise UsageError(f"--forget: {catalog} has no saved {kind} {name!r} (saved: {', '.join(saved) or 'none'})")
