"""Rows with every kind of value, and the output of a report format."""

import io
import math
from typing import Any

from tokaudit.core.rows import Row
from tokaudit.reports.formats import REPORTS
from tokaudit.reports.protocol import Table

ROWS: list[Row] = [
    {"name": "a|b", "count": 1234567, "share": 0.123456, "good": True, "none": None},
    {"name": "[red]", "count": 0, "share": math.nan, "good": False, "none": None},
]
COLUMNS = ("name", "count", "share", "good", "none")


def written(fmt: str, rows: list[Row] = ROWS, **options: Any) -> str:
    """The rows written in a format; options are further fields of `Table`."""
    stream = io.StringIO()
    REPORTS.get(fmt).rows(Table(rows=rows, **({"columns": COLUMNS} | options)), stream)
    return stream.getvalue()
