"""Layers of marks over the same rows."""

import altair as alt

from tokaudit.reports.charts.layers import layered
from tokaudit.reports.charts.rows import STEP


def _spec(height: alt.Step | None) -> dict[str, object]:
    points = alt.Chart(alt.NamedData("rows")).mark_point().encode(x="value:Q")
    found: dict[str, object] = layered([points, points], {"rows": [{"value": 1}]}, height).to_dict()
    return found


def test_layers_share_named_rows_so_that_a_page_can_replace_them() -> None:
    found = _spec(None)
    assert found["datasets"] == {"rows": [{"value": 1}]}
    assert "height" not in found


def test_a_height_per_row_is_part_of_the_chart() -> None:
    assert _spec(STEP)["height"] == {"step": 44}
