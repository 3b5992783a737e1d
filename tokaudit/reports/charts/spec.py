"""The chart of a drawing as a Vega-Lite document, in one style, for a page or for a file."""

from typing import Any, Final

from tokaudit.reports.charts.colours import GRID, INK, LIGHT, MUTED, PAPER, with_colours
from tokaudit.reports.figure import Drawing

FONT: Final = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
_HEIGHT: Final = 300
_FILE_WIDTH: Final = 720

_ONE_BELOW_ANOTHER: Final = "width < 320 ? 'vertical' : 'horizontal'"
"""How the legends of one chart stand, of which two are too wide for a phone."""

_CONFIG: Final[dict[str, Any]] = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": MUTED,
        "titleFontWeight": "normal",
        "domainColor": MUTED,
        "tickColor": GRID,
        "gridColor": GRID,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelLimit": 180,
    },
    "legend": {
        "labelColor": INK,
        "titleColor": MUTED,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "orient": "top",
        "direction": "horizontal",
        "layout": {"top": {"direction": {"signal": _ONE_BELOW_ANOTHER}}},
    },
    "text": {"color": INK, "fontSize": 12},
    "title": {
        "color": INK,
        "fontSize": 16,
        "fontWeight": 600,
        "anchor": "start",
        "offset": 12,
        "subtitleColor": INK,
        "subtitleFontSize": 12,
        "subtitlePadding": 6,
    },
}


def page_spec(drawing: Drawing) -> dict[str, Any]:
    """The chart for a page: as wide as its place there, in colours that the style sheet defines.

    Its parts have no descriptions, because the page describes each chart as a whole and has its table.
    """
    spec = _spec(drawing, "container")
    spec["config"] = spec["config"] | {"aria": False}
    return spec


def file_spec(drawing: Drawing, title: str) -> dict[str, Any]:
    """The chart for a file: with a title, in light colours on a background."""
    spec = _spec(drawing, _FILE_WIDTH) | {"title": title, "padding": 16}
    spec["config"] = spec["config"] | {"background": PAPER}
    found: dict[str, Any] = with_colours(spec, LIGHT)
    return found


def _spec(drawing: Drawing, width: int | str) -> dict[str, Any]:
    document = drawing.chart.to_dict(validate=False)  # half the time; tests see that all are drawn
    del document["$schema"]  # the page's own version of Vega-Lite draws it
    height = drawing.height or document.get("height", _HEIGHT)
    return document | {
        "width": width,
        "height": height,
        "config": _CONFIG,
        "autosize": {"type": "fit-x", "contains": "padding"},
    }
