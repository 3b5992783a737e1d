"""Figures that are drawn, so that tests can look at their rows and at what a browser would show."""

from tokaudit.audit.overview import Overview
from tokaudit.core.rows import Row
from tokaudit.reports.charts.files import svg
from tokaudit.reports.charts.spec import page_spec
from tokaudit.reports.figure import Drawing
from tokaudit.reports.figures import FIGURES


def drawn(figure: str, subject: Overview) -> Drawing:
    """The drawing of a figure, which there must be."""
    found = FIGURES.get(figure).draw(subject)
    assert isinstance(found, Drawing), found
    assert isinstance(page_spec(found)["height"], int)  # of steps, Vega-Lite complains on a page
    return found


def rows_of(drawing: Drawing, data: str) -> list[Row]:
    """The rows of a named data set of the chart."""
    found: list[Row] = page_spec(drawing)["datasets"][data]
    return found


def svg_of(drawing: Drawing) -> str:
    """The drawing as SVG."""
    return svg(drawing, "title")
