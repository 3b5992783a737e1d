"""The scripts and the style of the page, as they stand in it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tokaudit.core.errors import MissingPackageError
from tokaudit.reports.charts.colours import DARK, LIGHT, style_variables
from tokaudit.reports.page.what_if import law_script

FOLDER: Final = Path(__file__).parent
BUNDLE: Final = FOLDER / "vega.js"
"""The library that draws. ``build.py`` makes it when tokaudit is installed."""


def bundle() -> str:
    """The library that draws, which begins with its licences.

    Raises:
        MissingPackageError: it was not made.
    """
    try:
        return BUNDLE.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise MissingPackageError(f"{BUNDLE}: is missing; install tokaudit with pip, which makes it") from error


def scripts(*, with_law: bool) -> list[str]:
    """The scripts of the page in order.

    Args:
        with_law: whether the page has a form that plans anew.

    Raises:
        MissingPackageError: the library that draws was not made.
    """
    form = [law_script(), *map(_own, ("numbers.js", "outcome.js", "form.js"))] if with_law else []
    return [bundle(), _own("page.js"), *form]


def _own(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def style() -> str:
    """The style of the page: the colours of the theme as variables, then ``page.css``. Paper is light."""
    themes = f"{_root(LIGHT)}\n@media screen and (prefers-color-scheme: dark) {{ {_root(DARK)} }}"
    return f"{themes}\n{_own('page.css')}"


def _root(colours: Mapping[str, str]) -> str:
    return f":root {{ {style_variables(colours)} }}"
