"""Plans, rows and corpora as text, JSON, CSV and Markdown: one file a format."""

from typing import Final, Literal

Format = Literal["table", "json", "csv", "markdown"]
FORMATS: Final[tuple[Format, ...]] = ("table", "json", "csv", "markdown")
