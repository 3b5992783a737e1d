"""The figures of pages, notebooks and slides: one file per figure."""

from typing import Any, Final

from tokaudit.core.plugins import Registry
from tokaudit.reports.figure import Figure

FIGURES: Final = Registry[Figure[Any]]("tokaudit.reports.figures", "FIGURE", "figure")
"""The figures that ``tokaudit plot`` knows."""
