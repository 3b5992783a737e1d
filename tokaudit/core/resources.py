"""Where the files are that tokaudit ships."""

from importlib.resources import files
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


def guide_chapters() -> dict[str, str]:
    """Return the chapters of the guide: topic -> Markdown, in alphabetical order.

    Raises:
        TokauditError: there are none, so the installation is broken.
    """
    folder = files("tokaudit") / "guide"
    chapters = folder.iterdir() if folder.is_dir() else ()
    found = {Path(file.name).stem: file.read_text(encoding="utf-8") for file in chapters if file.is_file()}
    if not found:
        raise TokauditError("guide: this folder is missing from the installation of tokaudit; install tokaudit again")
    return dict(sorted(found.items()))
