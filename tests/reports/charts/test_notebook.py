"""Figures in notebooks: SVG that fits its place, or nothing."""

import pytest
from made.drawings import drawing

from tokaudit.reports.charts.notebook import figure_html
from tokaudit.reports.figure import Drawing, Figure
from tokaudit.reports.figures import FIGURES


@pytest.mark.parametrize(("drawn", "begins"), [(drawing("a"), '<svg style="max-width: 100%'), ("Nothing.", "")])
def test_a_figure_is_svg_and_nothing_to_draw_is_no_html(
    drawn: Drawing | str, begins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FIGURES, "get", lambda _: Figure("A title", str, lambda _: drawn))
    found = figure_html("any", "subject")

    assert found.startswith(begins)
    assert bool(found) == bool(begins)
