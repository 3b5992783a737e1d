"""Names of points in a chart with two log axes, placed so that none covers another."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.core.rows import Row

_LETTER: Final = 6.8
"""Width of a letter in pixels, at most on the average."""
_LINE: Final = 14
_GAP: Final = 2
SIDES: Final = ((1, 0), (-1, 0), (0, -1), (0, 1))
"""Where a label may stand: steps to the right and down; the best first."""
RIGHT: Final = SIDES[:1]
_ALIGNED: Final = {1: "left", -1: "right", 0: "center"}

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point that may be named; its radius is in pixels."""

    name: str
    x: float
    y: float
    radius: float = 5


@dataclass(frozen=True, slots=True)
class Space:
    """The space of a chart.

    Attributes:
        width, height: in pixels.
        x, y: least and greatest number on each axis.
    """

    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The place of a point in pixels, from the left and from the top."""
        return self.width * _part(x, *self.x), self.height * (1 - _part(y, *self.y))


@dataclass(frozen=True, slots=True)
class Label:
    """A name next to its point.

    Attributes:
        point: the point.
        align: side of the text that is at the point: ``left``, ``right`` or ``center``.
        dx, dy: its distance from the point in pixels.
        box: what it covers.
    """

    point: Point
    align: str
    dx: float
    dy: float
    box: Box

    def row(self) -> Row:
        """The label as a row of a chart."""
        where = {"name": self.point.name, "x": self.point.x, "y": self.point.y}
        return {**where, "align": self.align, "dx": self.dx, "dy": self.dy}


def placed(
    points: Sequence[Point],
    wanted: Sequence[str],
    space: Space,
    taken: Sequence[Box] = (),
    sides: Sequence[tuple[int, int]] = SIDES,
) -> Iterator[Label]:
    """A label for each name that finds a place next to its point.

    Args:
        points: all points, whose marks no name may cover.
        wanted: names of those to be named, the most important first.
        space: the space.
        taken: boxes that no name may cover.
        sides: where a label may stand.
    """
    of = {point.name: point for point in points}
    boxes = [*taken, *(_mark(point, space) for point in points)]
    for name in wanted:
        point = of[name]
        found = next((label for label in _labels(point, space, sides) if _is_free(label.box, space, boxes)), None)
        if found:
            boxes.append(found.box)
            yield found


def _labels(point: Point, space: Space, sides: Sequence[tuple[int, int]]) -> Iterator[Label]:
    """The label of a point at each side of it."""
    x, y = space.at(point.x, point.y)
    width, away = _LETTER * len(point.name), point.radius + _GAP
    for across, down in sides:
        dx, dy = across * away, down * (away + _LINE / 2)
        left = x + dx - width * (1 - across) / 2
        box = left, y + dy - _LINE / 2, left + width, y + dy + _LINE / 2
        yield Label(point, _ALIGNED[across], dx, dy, box)


def _is_free(box: Box, space: Space, taken: Sequence[Box]) -> bool:
    left, top, right, bottom = box
    inside = left >= 0 and right <= space.width and top >= 0 and bottom <= space.height
    return inside and not any(_meet(box, other) for other in taken)


def _mark(point: Point, space: Space) -> Box:
    x, y = space.at(point.x, point.y)
    return x - point.radius, y - point.radius, x + point.radius, y + point.radius


def _part(value: float, low: float, high: float) -> float:
    return math.log(value / low) / math.log(high / low)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
