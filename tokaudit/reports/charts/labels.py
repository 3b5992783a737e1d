"""Names of points in a chart with two log axes, placed so that none covers another."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.core.rows import Row

_LETTER: Final = 6.4
"""Width of a letter in pixels, at most on the average."""
_LINE: Final = 14
_POINT: Final = 5
_GAP: Final = 7
_SIDES: Final = ((1, 0), (-1, 0), (0, -1), (0, 1))
_ALIGNED: Final = {1: "left", -1: "right", 0: "center"}

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point that may be named."""

    name: str
    x: float
    y: float


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


def placed(points: Sequence[Point], wanted: Sequence[str], space: Space, taken: Sequence[Box] = ()) -> Iterator[Row]:
    """A row per name that finds a place next to its point: ``name``, ``x``, ``y``, ``align``, ``dx`` and ``dy``.

    Args:
        points: all points, whose marks no name may cover.
        wanted: names of those to be named, the most important first.
        space: the space.
        taken: boxes that no name may cover.
    """
    marks = [_around(*space.at(point.x, point.y)) for point in points]
    boxes, of = list(taken), {point.name: point for point in points}
    for name in wanted:
        point = of[name]
        x, y = space.at(point.x, point.y)
        for across, down in _SIDES:
            box = _box(x, y, across, down, _LETTER * len(name))
            inside = box[0] >= 0 and box[2] <= space.width and box[1] >= 0 and box[3] <= space.height
            own = _around(x, y)
            if inside and not any(_meet(box, other) for other in (*boxes, *(mark for mark in marks if mark != own))):
                boxes.append(box)
                yield {
                    "name": name,
                    "x": point.x,
                    "y": point.y,
                    "align": _ALIGNED[across],
                    "dx": across * _GAP,
                    "dy": down * (_GAP + _LINE / 2),
                }
                break


def _part(value: float, low: float, high: float) -> float:
    return math.log(value / low) / math.log(high / low)


def _around(x: float, y: float) -> Box:
    return x - _POINT, y - _POINT, x + _POINT, y + _POINT


def _box(x: float, y: float, across: int, down: int, width: float) -> Box:
    middle = y + down * (_GAP + _LINE / 2)
    left = x + _GAP if across > 0 else x - _GAP - width if across < 0 else x - width / 2
    return left, middle - _LINE / 2, left + width, middle + _LINE / 2


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
