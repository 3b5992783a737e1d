"""Figures that are drawn, so that tests can look at their rows and at what a browser would show."""

import re
import xml.etree.ElementTree as ET

from tokaudit.core.rows import Row
from tokaudit.reports.charts.files import svg
from tokaudit.reports.charts.spec import page_spec
from tokaudit.reports.figure import Drawing
from tokaudit.reports.figures import FIGURES

HOSTILE = (
    "<script>alert(1)</script>",
    "</script>",
    '" onload="x',
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe",
    "\x1b[31mred\x07",
    "a\nb",
    "{{7*7}}",
    "datum.share",
    "'); //",
    "__proto__",
    "\N{GRINNING FACE}",
    "x" * 2000,
)
"""Names of domains that would do harm if they were more than text."""

_PLACE = re.compile(r"translate\(([^,]+),([^)]+)\)")
_SVG = "{http://www.w3.org/2000/svg}"


def drawn(figure: str, subject: object) -> Drawing:
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


def elements(drawing: Drawing) -> list[ET.Element]:
    """All elements of the figure as SVG, which is parsed, so that it is well-formed."""
    return list(ET.fromstring(svg_of(drawing)).iter())  # noqa: S314 - our own


def texts(drawing: Drawing) -> list[str]:
    """The texts of the figure, line by line."""
    found = elements(drawing)
    return ["".join(element.itertext()) for element in found if element.tag == f"{_SVG}text"]


def marks(drawing: Drawing, kind: str) -> list[ET.Element]:
    """The marks of a kind: ``rect``, ``symbol``, ``line``, ``text`` …; those of axes and legends are left out."""
    groups = [
        element
        for element in elements(drawing)
        if {f"mark-{kind}", "role-mark"} <= set(element.get("class", "").split())
    ]
    tag = f"{_SVG}{'text' if kind == 'text' else 'path'}"
    return [mark for group in groups for mark in group.iter(tag)]


def names_down(drawing: Drawing) -> list[str]:
    """The names of a chart's rows, from the top."""
    found = []
    for mark in marks(drawing, "text"):
        x, y = _PLACE.findall(mark.get("transform", ""))[0]
        if float(x) == 0:
            found.append((float(y), "".join(mark.itertext())))
    return [text for _, text in sorted(found)]
