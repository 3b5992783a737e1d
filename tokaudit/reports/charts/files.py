"""A drawing as SVG or PNG, for slides and notebooks."""

import re
from hashlib import sha256
from textwrap import wrap
from typing import Any, Final

import vl_convert

from tokaudit.core.printable import printable
from tokaudit.reports.charts.spec import file_spec
from tokaudit.reports.figure import Drawing

_VERSION: Final = "6.4"
"""Vega-Lite."""
_SCALE: Final = 2
"""Pixels of a PNG per pixel of the chart."""
_SVG_FONT: Final = "Arial, Helvetica, 'Liberation Sans', sans-serif"
_PNG_FONT: Final = "Liberation Sans"
"""Fonts of the same widths: programs for slides and browsers have the first, the renderer brings the last along."""
_LINE: Final = 116
"""Most characters in a line below the title."""
_NOT_XML: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML may contain, but for controls. At one of them, the renderer ends the whole process."""
_TAG: Final = re.compile(r"<\w[^<>]*>")
_NAME: Final = re.compile(r"""( id="|="url\(#|href="#)([^")]+)""")
"""The name of an element in a tag, after what stands before it. Texts in attributes have no quotation marks in SVG."""


def svg(drawing: Drawing, title: str) -> str:
    """The figure as SVG, with its title and its sentence above it; the same drawing gives the same text.

    The names of its elements are its own, so that a page may have several figures.
    """
    found: str = vl_convert.vegalite_to_svg(_spec(drawing, title, _SVG_FONT), vl_version=_VERSION)
    counted = _renamed(found, "")  # the renderer goes on counting, from one figure to the next
    return _renamed(counted, f"figure-{sha256(counted.encode()).hexdigest()[:12]}-")


def _renamed(document: str, begin: str) -> str:
    """The SVG, in which the names of elements are this beginning and a number in the order of the document."""
    numbers: dict[str, int] = {}

    def name(found: re.Match[str]) -> str:
        return f"{found[1]}{begin}{numbers.setdefault(found[2], len(numbers))}"

    return _TAG.sub(lambda tag: _NAME.sub(name, tag[0]), document)


def png(drawing: Drawing, title: str) -> bytes:
    """The figure as PNG of twice its size, with its title and its sentence above it."""
    found: bytes = vl_convert.vegalite_to_png(_spec(drawing, title, _PNG_FONT), vl_version=_VERSION, scale=_SCALE)
    return found


def _spec(drawing: Drawing, title: str, font: str) -> dict[str, Any]:
    spec = file_spec(drawing, title)
    heading = {"text": title, "subtitle": wrap(drawing.says, _LINE)}
    spec |= {"title": heading, "description": drawing.says, "config": spec["config"] | {"font": font}}
    found: dict[str, Any] = _drawable(spec)
    return found


def _drawable(value: Any) -> Any:
    """The document, in which every text can stand in XML."""
    if isinstance(value, dict):
        return {key: _drawable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_drawable(each) for each in value]
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", printable(value)) if isinstance(value, str) else value
