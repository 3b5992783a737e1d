"""Figures that are drawn, so that tests can look at their rows and at what a browser would show."""

from typing import Any

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
    return found


def rows_of(drawing: Drawing, data: str) -> list[Row]:
    """The rows of a named data set of the chart."""
    found: list[Row] = page_spec(drawing)["datasets"][data]
    return found


def svg_of(drawing: Drawing) -> str:
    """The drawing as SVG."""
    return svg(drawing, "title")


def chart_texts(value: Any) -> set[str]:
    """All texts of a chart as JSON outside of its data sets, keys among them."""
    if isinstance(value, dict):
        return {text for key, each in value.items() if key != "datasets" for text in {key, *chart_texts(each)}}
    if isinstance(value, list):
        return {text for each in value for text in chart_texts(each)}
    return {value} if isinstance(value, str) else set()
