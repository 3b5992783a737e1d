"""Layers of marks over the same rows."""

from collections.abc import Iterable, Mapping
from typing import cast

import altair as alt

from tokaudit.core.rows import Row


def layered(marks: Iterable[alt.Chart], datasets: Mapping[str, list[Row]]) -> alt.LayerChart:
    """A chart of layers.

    Args:
        marks: the layers, the lowest first; their data are named.
        datasets: name -> rows.
    """
    return cast("alt.LayerChart", alt.layer(*marks, datasets=dict(datasets)))
