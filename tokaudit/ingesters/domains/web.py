"""Web pages: JSONL and Parquet crawls, Markdown and plain text."""

from typing import Final

from tokaudit.ingesters.base import Ingester
from tokaudit.readers.detect import look_into

INGESTER: Final = Ingester(choose=look_into)
