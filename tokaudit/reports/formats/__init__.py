"""The formats that ``--format`` knows: one file per format."""

from typing import TYPE_CHECKING, Final

from tokaudit.core.plugins import Registry

if TYPE_CHECKING:
    from tokaudit.reports.protocol import Report

DEFAULT_FORMAT: Final = "table"
"""The format for people at a terminal."""

REPORTS: "Final[Registry[Report]]" = Registry("tokaudit.reports.formats", "REPORT", "format")
