"""A table as lines for a terminal of some width.

A cell is prose, which wraps at blanks, or one thing (a number, name, path or date), which is never broken. A table that
does not fit, even with its prose wrapped, is turned if it has few rows: each row becomes a block of lines. A table with
many rows loses columns, and `Layout.left_out` names them.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from tokaudit.reports.wrap import cell_len, longest_word, wrap

_FEW_ROWS: Final = 8
_GAP: Final = "  "
_WRAPS: Final = 6  # lines that a cell of prose should take at most
_READABLE: Final = 30  # width that is enough for any prose


@dataclass(frozen=True)
class Column:
    """A column of text.

    Attributes:
        name: the text above it, which may be wrapped at blanks.
        cells: one text per row.
        right: whether cells are aligned right, as numbers are.
        prose: whether cells may be wrapped at blanks.
    """

    name: str
    cells: tuple[str, ...]
    right: bool = False
    prose: bool = False

    @cached_property
    def natural(self) -> int:
        """The width without any wrapping."""
        return max(map(cell_len, (self.name, *self.cells)))

    @cached_property
    def least(self) -> int:
        """The smallest width, with prose wrapped."""
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
        head: lines with the names of the columns; empty for blocks.
        body: lines of the rows.
        left_out: names of the columns without room.
    """

    head: tuple[str, ...]
    body: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def lay_out(columns: Sequence[Column], width: int | None, keep: Sequence[str] = ()) -> Layout:
    """The lines of a table.

    Args:
        columns: the columns, all with the same number of cells.
        width: the terminal's width; None: unlimited.
        keep: names of columns that are never left out; empty: the first two.
    """
    if width is None or _total([column.natural for column in columns]) <= width:
        return _side_by_side(columns, [column.natural for column in columns])
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
    found = _side_by_side(chosen, _widths(chosen, width) or [width])  # a single column wraps wherever it can
    return Layout(found.head, found.body, tuple(column.name for column in columns if column not in chosen))


def pair_lines(pairs: Sequence[tuple[str, str, bool]], width: int | None) -> Iterator[tuple[str, str]]:
    """The lines of a list of names and texts, each as its beginning (the name or blanks) and its rest.

    Args:
        pairs: a name, its text, and whether the text is prose. A text without room next to its name goes below it.
        width: the terminal's width; None: one line per pair.
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
    """The widths of columns side by side, with spare room shared evenly by lines of prose; None if they don't fit."""
    widths, natural = [column.least for column in columns], [column.natural for column in columns]
    spare = width - _total(widths)
    if spare < 0:
        return None
    # Prose gets spare room first, long names of columns last.
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
    """Names of columns that fit side by side, those of `keep` first; empty if these don't fit."""
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
    """The lines of one row."""
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
    """The rows as columns if they fit side by side, else as blocks."""
    rows = zip(*(column.cells for column in columns), strict=True)
    names = Column("", tuple(column.name for column in columns))
    across = [names, *(Column("", cells, right=True) for cells in rows)]
    natural = [column.natural for column in across]
    if len(across) > 2 and _total(natural) <= width:
        first, *others = _side_by_side(across, natural).body
        return Layout((first,), tuple(others))
    return Layout((), tuple(_blocks(columns, width)))


def _blocks(columns: Sequence[Column], width: int) -> Iterator[str]:
    """For each row, lines with the name of a column and its cell; an empty line between rows."""
    for place in range(len(columns[0].cells)):
        if place:
            yield ""
        pairs = [(column.name, column.cells[place], column.prose) for column in columns]
        yield from ((start + rest).rstrip(" ") for start, rest in pair_lines(pairs, width))


def _padded(text: str, width: int, *, right: bool) -> str:
    blanks = " " * (width - cell_len(text))
    return blanks + text if right else text + blanks
