"""Paths of the files that tokaudit ships."""

from pathlib import Path
from typing import Final

from tokaudit.core.errors import TokauditError

_PACKAGE: Final = Path(__file__).parents[1]


def shipped(folder: str) -> Path:
    """The path of the folder ``catalog`` or ``queries``: in an installed wheel, or next to a checkout's pyproject.toml.

    Raises:
        TokauditError: the folder is in neither place, so the installation is broken.
    """
    installed = _PACKAGE / "_data" / folder
    checkout = _PACKAGE.parent
    if installed.is_dir():
        return installed
    if (checkout / "pyproject.toml").is_file() and (checkout / folder).is_dir():
        return checkout / folder
    raise TokauditError(f"{folder}: this folder is missing from the installation of tokaudit; install tokaudit again")


def guide_chapters() -> dict[str, str]:
    """Return the chapters of the guide: topic -> Markdown, in alphabetical order.

    Raises:
        TokauditError: there are none, so the installation is broken.
    """
    folder = _PACKAGE / "guide"
    found = {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.md"))}
    if not found:
        raise TokauditError("guide: this folder is missing from the installation of tokaudit; install tokaudit again")
    return found


def guide_notebooks() -> dict[str, str]:
    """Return the chapters of the guide that are notebooks, too: topic -> notebook, as JSON."""
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted((_PACKAGE / "guide").glob("*.ipynb"))}
