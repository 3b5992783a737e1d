"""Where the files are that tokaudit ships."""

from pathlib import Path
from typing import Final

from tokaudit.core.errors import TokauditError

_PACKAGE: Final = Path(__file__).parents[1]


def shipped(folder: str) -> Path:
    """The folder ``catalog`` or ``queries``: in an installed wheel, else beside pyproject.toml in a checkout.

    Raises:
        TokauditError: neither is there, so the installation is broken.
    """
    installed = _PACKAGE / "_data" / folder
    checkout = _PACKAGE.parent
    if installed.is_dir():
        return installed
    if (checkout / "pyproject.toml").is_file() and (checkout / folder).is_dir():
        return checkout / folder
    raise TokauditError(f"the folder {folder!r} is missing from this installation of tokaudit: install it again")
