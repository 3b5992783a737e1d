"""Web pages: JSONL and Parquet crawls, Markdown and plain text."""

from typing import Final

from tokaudit.ingesters.base import Ingester, known_formats

INGESTER: Final = Ingester(choose=known_formats)
