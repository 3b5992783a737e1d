"""Text cut to fit into a line of a terminal: parts by importance, paths by their end."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from tokaudit.reports.wrap import CUT, beginning, cell_len

_BETWEEN: Final = " · "


class Part(NamedTuple):
    """A part of a line. The part with the least importance is left out first."""

    importance: int
    text: str


def fitted(parts: Sequence[Part], room: int) -> str:
    """The parts in one line of at most ``room`` columns: the least important are left out, and the last one is cut."""
    kept = [part for part in parts if part.text]
    while len(kept) > 1 and cell_len(_joined(kept)) > room:
        kept.remove(min(kept, key=lambda part: part.importance))
    return beginning(_joined(kept), room)


def _joined(parts: Sequence[Part]) -> str:
    return _BETWEEN.join(part.text for part in parts)


def ending(path: str, room: int) -> str:
    """The path, or as many of its last folders as fit before its name, or the end of a long name; with an ellipsis."""
    if cell_len(path) <= room:
        return path
    rest = path
    while "/" in rest:
        rest = rest.partition("/")[2]
        if cell_len(rest) + 2 <= room:
            return f"{CUT}/{rest}"
    return beginning(rest[::-1], room)[::-1]
