"""Layers of marks over the same rows."""

from collections.abc import Iterable, Mapping
from typing import cast

import altair as alt

from tokaudit.core.rows import Row


def layered(
    marks: Iterable[alt.Chart], datasets: Mapping[str, list[Row]], height: alt.Step | None = None
) -> alt.LayerChart:
    """A chart of layers.

    Args:
        marks: the layers, the lowest first; their data are named.
        datasets: name -> rows.
        height: height of each row; None: the drawing says how high the chart is.
    """
    chart = alt.layer(*marks, datasets=dict(datasets))
    return cast("alt.LayerChart", chart if height is None else chart.properties(height=height))
