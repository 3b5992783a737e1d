"""What is in a drawing: the rows of its chart, and what is drawn of them."""

import re
import xml.etree.ElementTree as ET

from tokaudit.core.rows import Row
from tokaudit.reports.charts.files import svg
from tokaudit.reports.figure import Drawing

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


def drawn(found: Drawing | str) -> Drawing:
    """A drawing; a sentence in its place fails the test."""
    assert isinstance(found, Drawing), found
    return found


def rows_of(drawing: Drawing, data: str) -> list[Row]:
    """The rows of a data set of the chart."""
    rows: list[Row] = drawing.chart.to_dict()["datasets"][data]
    return rows


def elements(drawing: Drawing) -> list[ET.Element]:
    """All elements of the figure as SVG, which is parsed, so that it is well-formed."""
    return list(ET.fromstring(svg(drawing, "A title")).iter())  # noqa: S314 - our own


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
