"""Web pages: JSONL and Parquet crawls, Markdown and plain text."""

from typing import Final

from tokaudit.ingesters._ingester import Ingester, known_formats

INGESTER: Final = Ingester(choose=known_formats)
