"""A drawing as SVG or PNG, for slides and notebooks."""

from typing import Final

import vl_convert

from tokaudit.reports.charts.spec import file_spec
from tokaudit.reports.figure import Drawing

_VERSION: Final = "6.4"
"""Vega-Lite."""
_SCALE: Final = 2
"""Pixels of a PNG per pixel of the chart."""


def svg(drawing: Drawing, title: str) -> str:
    """The figure as SVG, with the title above it; the same drawing gives the same text."""
    found: str = vl_convert.vegalite_to_svg(file_spec(drawing, title), vl_version=_VERSION)
    return found


def png(drawing: Drawing, title: str) -> bytes:
    """The figure as PNG of twice its size, with the title above it."""
    found: bytes = vl_convert.vegalite_to_png(file_spec(drawing, title), vl_version=_VERSION, scale=_SCALE)
    return found
