"""What a figure is: its chart, the sentence that it shows, its table, and what made its numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from tokaudit.reports.protocol import Table

if TYPE_CHECKING:
    import altair as alt

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Origin:
    """What made the numbers of a figure, to be copied.

    Attributes:
        kind: a command of a shell, a SELECT on the catalog, or the formula with its source.
        text: the command, the statement or the formula.
    """

    kind: Literal["command", "SQL", "formula"]
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure of certain numbers.

    Attributes:
        chart: a chart or layers of charts, not several side by side, without a size, a title or colours of its own.
            `charts.spec` adds the size and the style, and colours are the names of `charts.colours`. Its channels are
            objects such as ``alt.X("flops:Q")``: of a text, altair looks for the class for milliseconds.
        says: what one sees, in one or two sentences with the numbers; it stands above the chart, and screen readers
            read it.
        table: the same numbers as a table.
        made_by: what made the numbers.
        height: height of the chart in pixels; None: as its rows need.
    """

    chart: "alt.Chart | alt.LayerChart | alt.FacetChart"
    says: str
    table: Table
    made_by: Sequence[Origin]
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Figure(Generic[T]):
    """A kind of figure.

    Attributes:
        title: what it shows, as a short noun phrase.
        subject: type of what it is drawn from.
        draw: returns the drawing of such a thing; or a sentence that says why there is nothing to draw.
        place: its place on the page, the least first; None: it is not on the page.
    """

    title: str
    subject: type[T]
    draw: Callable[[T], Drawing | str]
    place: int | None = None
