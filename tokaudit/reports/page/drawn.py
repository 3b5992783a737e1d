"""The figures of a page, drawn from a plan and from what was counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from tokaudit.planning.made_plan import MadePlan
from tokaudit.planning.plan import Plan
from tokaudit.reports.charts.spec import page_spec
from tokaudit.reports.figure import Drawing, Figure, Origin
from tokaudit.reports.figures import FIGURES
from tokaudit.reports.html import CLASSES, table_html

LIVE: Final = frozenset({"supply", "epochs", "isoflop", "loss"})
"""The figures whose rows the page's script computes anew."""
MOST_ROWS: Final = 200
"""The most rows of a figure's table on a page; the number of the others is said."""


@dataclass(frozen=True, slots=True)
class DrawnFigure:
    """A figure on a page.

    Attributes:
        name: its name, which is also the beginning of the ids of its elements.
        title: what it shows.
        of: whether its numbers are those of the plan or of what was counted.
        live: whether the chart follows a changed number of the plan.
        says: what one sees; or why nothing is drawn.
        spec: the chart as a Vega-Lite document; None: nothing is drawn.
        table: its table as HTML, empty if nothing is drawn.
        made_by: what made its numbers.
    """

    name: str
    title: str
    of: Literal["plan", "audit"]
    live: bool
    says: str
    spec: dict[str, Any] | None
    table: str
    made_by: Sequence[Origin]


def drawn_figures(made: MadePlan | None, overview: object | None) -> list[DrawnFigure]:
    """The figures that have a place on the page, in order, of what there is.

    Args:
        made: a plan; None: no figure of plans.
        overview: what was counted, which figures of the catalog are drawn from; None: none of them.
    """
    subjects = [each for each in (made, made and made.plan, overview) if each is not None]
    return [_drawn(name, figure, subject) for name, figure, subject in _placed(subjects)]


def _placed(subjects: Sequence[object]) -> Iterator[tuple[str, Figure[Any], object]]:
    figures = [(name, figure) for name in FIGURES.names() if (figure := FIGURES.get(name)).place is not None]
    for name, figure in sorted(figures, key=lambda pair: pair[1].place or 0):
        for subject in subjects:
            if isinstance(subject, figure.subject):
                yield name, figure, subject


def _drawn(name: str, figure: Figure[Any], subject: object) -> DrawnFigure:
    of: Literal["plan", "audit"] = "plan" if isinstance(subject, MadePlan | Plan) else "audit"
    drawing = figure.draw(subject)
    if isinstance(drawing, Drawing):
        spec, table = page_spec(drawing), table_html(drawing.table, MOST_ROWS, CLASSES, spaced=True)
        return DrawnFigure(name, figure.title, of, name in LIVE, drawing.says, spec, table, drawing.made_by)
    return DrawnFigure(name, figure.title, of, False, drawing, None, "", ())
