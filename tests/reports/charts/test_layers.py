"""Layers of marks over the same rows."""

import altair as alt

from tokaudit.reports.charts.layers import layered


def test_layers_share_named_rows_so_that_a_page_can_replace_them() -> None:
    points = alt.Chart(alt.NamedData("rows")).mark_point().encode(x="value:Q")
    found = layered([points, points], {"rows": [{"value": 1}]}).to_dict()
    assert found["datasets"] == {"rows": [{"value": 1}]}
    assert (found["data"], len(found["layer"])) == ({"name": "rows"}, 2)
