"""Small drawings with names of every kind; and what is in a drawing: the rows of its chart, and what is drawn."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import altair as alt

from tokaudit.core.rows import Row
from tokaudit.reports.charts.files import svg
from tokaudit.reports.charts.spec import page_spec
from tokaudit.reports.figure import Drawing, Origin
from tokaudit.reports.figures import FIGURES
from tokaudit.reports.protocol import Table

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


def drawing(*names: str, says: str = "One sentence.") -> Drawing:
    """A bar per name, cut at the edge of the chart so that the SVG has an element with a name."""
    rows = [{"name": name, "number": place + 1} for place, name in enumerate(names)]
    chart = (
        alt.Chart(alt.NamedData("rows"))
        .mark_bar(clip=True)
        .encode(x=alt.X("number:Q"), y=alt.Y("name:N"))
        .properties(datasets={"rows": rows})
    )
    return Drawing(chart, says, Table(("name", "number"), rows), (Origin("formula", "1 + 1"),))


def drawn(figure: str, subject: object) -> Drawing:
    """The drawing of the figure of this name; a sentence in its place fails the test."""
    found = FIGURES.get(figure).draw(subject)
    assert isinstance(found, Drawing), found
    assert isinstance(page_spec(found)["height"], int)  # of steps, Vega-Lite complains on a page
    return found


def rows_of(drawing: Drawing, data: str) -> list[Row]:
    """The rows of a data set of the chart."""
    rows: list[Row] = page_spec(drawing)["datasets"][data]
    return rows


def svg_of(drawing: Drawing) -> str:
    """The figure as SVG without its sentence."""
    return svg(replace(drawing, says=""), "A title")


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
    tag = _SVG + {"text": "text", "rule": "line"}.get(kind, "path")
    return [mark for group in groups for mark in group.iter(tag)]


def names_down(drawing: Drawing) -> list[str]:
    """The names of a chart's rows, from the top."""
    found = []
    for mark in marks(drawing, "text"):
        x, y = _PLACE.findall(mark.get("transform", ""))[0]
        if float(x) == 0:
            found.append((float(y), "".join(mark.itertext())))
    return [text for _, text in sorted(found)]
