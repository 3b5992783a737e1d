"""How many rows stay in the catalog's file, by default, before they are moved to Parquet files next to it."""

from typing import Final

ROWS_IN_CATALOG: Final = 50_000_000
"""Rows of documents, and as many token counts and labels."""
