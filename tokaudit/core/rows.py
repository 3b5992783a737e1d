"""A row of a table."""

from typing import Any

Row = dict[str, Any]
"""One line of a table: column name -> str, int, float, bool or None."""
