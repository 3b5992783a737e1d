"""A table as lines of a terminal's width: prose is wrapped, columns are left out or the table is turned.

A cell is prose, which wraps at blanks, or one thing (a number, name, path or date), which no line breaks. What does not
fit, even with its prose wrapped, is turned if it has few rows, so that each row is a block of lines; if it has many,
columns are left out, the last first, and `Layout.left_out` names them.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len

from tokaudit.reports.wrap import longest_word, wrap

_FEW_ROWS: Final = 8
_GAP: Final = "  "
_WRAPS: Final = 6  # a cell of prose takes about so many lines at most, if there is room for that
_READABLE: Final = 30  # columns that are enough for any prose


@dataclass(frozen=True, slots=True)
class Column:
    """A column of text.

    Attributes:
        name: what stands above it; wraps at blanks.
        cells: a text for each row.
        right: whether they stand at the right, as numbers do.
        prose: whether they may be wrapped at blanks.
    """

    name: str
    cells: tuple[str, ...]
    right: bool = False
    prose: bool = False

    def natural(self) -> int:
        """Its width if nothing is wrapped."""
        return max(map(cell_len, (self.name, *self.cells)))

    def least(self) -> int:
        """The width that it needs at least."""
        head = longest_word(self.name)
        if not self.prose:
            return max([1, head, *map(cell_len, self.cells)])
        longest = max(map(cell_len, self.cells), default=0)
        readable = min(_READABLE, -(-longest // _WRAPS))
        return max([1, head, readable, *map(longest_word, self.cells)])


@dataclass(frozen=True, slots=True)
class Layout:
    """A table as lines.

    Attributes:
        head: lines with the names of columns; empty in a table of blocks.
        body: the lines of the rows.
        left_out: names of columns that have no room.
    """

    head: tuple[str, ...]
    body: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def lay_out(columns: Sequence[Column], width: int | None, keep: Sequence[str] = ()) -> Layout:
    """The table at this width.

    Args:
        columns: all of the same number of cells.
        width: columns of the terminal; None: as wide as the table is.
        keep: names of columns that are never left out; empty: the first, and one more.
    """
    if width is None or _total([column.natural() for column in columns]) <= width:
        return _side_by_side(columns, [column.natural() for column in columns])
    widths = _widths(columns, width)
    if widths is not None:
        return _side_by_side(columns, widths)
    rows = len(columns[0].cells)
    if 0 < rows <= _FEW_ROWS and len(columns) > 1:
        return _turned(columns, width)
    shown = _with_room(columns, width, keep)
    if len(shown) < min(2, len(columns)) and rows:
        return Layout((), tuple(_blocks(columns, width)))
    chosen = [column for column in columns if column.name in shown] or list(columns[:1])
    found = _side_by_side(chosen, _widths(chosen, width) or [column.least() for column in chosen])
    return Layout(found.head, found.body, tuple(column.name for column in columns if column not in chosen))


def pair_lines(pairs: Sequence[tuple[str, str, bool]], width: int | None) -> Iterator[tuple[str, str]]:
    """What names stand for, one below the other: the beginning of each line and the rest of it.

    Args:
        pairs: a name, its text, and whether that is prose. A text that has no room next to its name stands below it.
        width: columns of the terminal; None: one line each.
    """
    label = max((cell_len(name) for name, _, _ in pairs), default=0)
    for name, text, prose in pairs:
        room = None if width is None else width - label - len(_GAP)
        lines = wrap(text, room if prose else None)
        if room is None or max(map(cell_len, lines)) <= room:
            for place, line in enumerate(lines):
                yield _padded("" if place else name, label, right=False) + _GAP, line
        else:
            yield name, ""
            for line in wrap(text, width - len(_GAP)) if width is not None and prose else lines:
                yield (_GAP if width is not None and cell_len(_GAP + line) <= width else ""), line


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _widths(columns: Sequence[Column], width: int) -> list[int] | None:
    """The columns' widths, what is spare shared out so that prose has about as many lines everywhere; None: no room."""
    widths, natural = [column.least() for column in columns], [column.natural() for column in columns]
    spare = width - _total(widths)
    if spare < 0:
        return None
    # Names of columns are unwrapped last.
    tight = [(not column.prose, -natural[place] / widths[place], place) for place, column in enumerate(columns)]
    heapq.heapify(tight)
    while spare and tight:
        wraps, _, place = heapq.heappop(tight)
        if widths[place] < natural[place]:
            widths[place] += 1
            spare -= 1
            heapq.heappush(tight, (wraps, -natural[place] / widths[place], place))
    return widths


def _with_room(columns: Sequence[Column], width: int, keep: Sequence[str]) -> list[str]:
    """Names of the columns that fit next to each other, those to be kept first; empty where these don't fit."""
    places = {column.name: place for place, column in enumerate(columns)}
    first = [columns[places[name]] for name in keep if name in places] or list(columns[:2])
    chosen = sorted(first, key=lambda column: places[column.name])
    if _widths(chosen, width) is None:
        return [] if len(columns) > 1 else [columns[0].name]
    for column in columns:
        if column not in chosen and _widths([*chosen, column], width) is not None:
            chosen.append(column)
    return [column.name for column in chosen]


def _side_by_side(columns: Sequence[Column], widths: Sequence[int]) -> Layout:
    head = _row_lines([column.name for column in columns], columns, widths, prose=True)
    body = [
        line
        for cells in zip(*(column.cells for column in columns), strict=True)
        for line in _row_lines(cells, columns, widths)
    ]
    return Layout(tuple(head), tuple(body))


def _row_lines(
    cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int], *, prose: bool = False
) -> list[str]:
    """One row; the shorter of its cells are followed by blanks."""
    wrapped = [
        wrap(text, width if column.prose or prose else None)
        for text, column, width in zip(cells, columns, widths, strict=True)
    ]
    return [
        _GAP.join(
            _padded(lines[place] if place < len(lines) else "", width, right=column.right)
            for lines, column, width in zip(wrapped, columns, widths, strict=True)
        ).rstrip(" ")
        for place in range(max(map(len, wrapped)))
    ]


def _turned(columns: Sequence[Column], width: int) -> Layout:
    """Rows next to each other, if that fits, or below each other as blocks."""
    rows = zip(*(column.cells for column in columns), strict=True)
    names = Column("", tuple(column.name for column in columns))
    across = [names, *(Column("", cells, right=True) for cells in rows)]
    natural = [column.natural() for column in across]
    if len(across) > 2 and _total(natural) <= width:
        first, *others = _side_by_side(across, natural).body
        return Layout((first,), tuple(others))
    return Layout((), tuple(_blocks(columns, width)))


def _blocks(columns: Sequence[Column], width: int) -> Iterator[str]:
    """Each row as lines with the name of a column and its cell; an empty line between rows."""
    for place in range(len(columns[0].cells)):
        if place:
            yield ""
        pairs = [(column.name, column.cells[place], column.prose) for column in columns]
        yield from ((start + rest).rstrip(" ") for start, rest in pair_lines(pairs, width))


def _padded(text: str, width: int, *, right: bool) -> str:
    blanks = " " * (width - cell_len(text))
    return blanks + text if right else text + blanks
