"""A figure as HTML for notebooks."""

from typing import Final

from tokaudit.reports.charts.files import svg
from tokaudit.reports.figures import FIGURES

_FITS: Final = '<svg style="max-width: 100%; height: auto" '


def figure_html(name: str, subject: object) -> str:
    """The figure of this name as SVG that is never wider than its place; an empty text if there is nothing to draw."""
    figure = FIGURES.get(name)
    drawing = figure.draw(subject)
    return "" if isinstance(drawing, str) else svg(drawing, figure.title).replace("<svg ", _FITS, 1)
