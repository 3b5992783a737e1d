"""The colours of figures and pages by what they mean, light and dark, distinct for colour-blind readers.

A chart names a colour by its meaning, such as `INK`. On a page that name is a variable of the style sheet, so that the
chart follows the theme and the printer; in a file it is replaced by the colour itself.

The hues are those of Okabe and Ito (https://jfly.uni-koeln.de/color/), which people with any kind of colour vision tell
apart; the dark theme has lighter ones.
"""

from collections.abc import Mapping
from typing import Any, Final


def _named(name: str) -> str:
    return f"var(--{name})"


INK: Final = _named("ink")
MUTED: Final = _named("muted")
GRID: Final = _named("grid")
PAPER: Final = _named("paper")

ENOUGH: Final = _named("enough")
REPEAT: Final = _named("repeat")
STRAINED: Final = _named("strained")
EXHAUSTED: Final = _named("exhausted")

FIRST: Final = _named("first")
SECOND: Final = _named("second")
THIRD: Final = _named("third")
FOURTH: Final = _named("fourth")

LIGHT: Final[Mapping[str, str]] = {
    INK: "#1b1f24",
    MUTED: "#57606a",
    GRID: "#d8dee4",
    PAPER: "#ffffff",
    ENOUGH: "#0072b2",
    REPEAT: "#56b4e9",
    STRAINED: "#e69f00",
    EXHAUSTED: "#d55e00",
    FIRST: "#0072b2",
    SECOND: "#d55e00",
    THIRD: "#009e73",
    FOURTH: "#cc79a7",
}
DARK: Final[Mapping[str, str]] = {
    INK: "#e6edf3",
    MUTED: "#9aa4af",
    GRID: "#3a424b",
    PAPER: "#14181d",
    ENOUGH: "#4aa3df",
    REPEAT: "#8fd0f5",
    STRAINED: "#f0b93a",
    EXHAUSTED: "#ff8a4c",
    FIRST: "#4aa3df",
    SECOND: "#ff8a4c",
    THIRD: "#3cc79b",
    FOURTH: "#e3a3c8",
}
"""Name -> colour of each theme."""


def style_variables(colours: Mapping[str, str]) -> str:
    """The colours as variables of a style sheet: ``--ink: #1b1f24; …``."""
    return " ".join(f"{name[4:-1]}: {colour};" for name, colour in colours.items())


def with_colours(value: Any, colours: Mapping[str, str]) -> Any:
    """A chart as JSON in which every name of a colour is replaced by the colour."""
    if isinstance(value, dict):
        return {key: with_colours(each, colours) for key, each in value.items()}
    if isinstance(value, list):
        return [with_colours(each, colours) for each in value]
    return colours.get(value, value) if isinstance(value, str) else value
