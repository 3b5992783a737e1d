"""What counts of a page, and how the catalog names it: another extraction gives other counts."""

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version


@cache
def _version() -> str:
    return version("resiliparse")


@dataclass(frozen=True, slots=True)
class Extraction:
    """What counts of a page.

    Attributes:
        main_content: only the main content counts, without menus, headers, footers and hidden elements. Else all text
            counts that is not in scripts, styles, templates and forms.
    """

    main_content: bool = True

    def identity(self) -> str:
        """The library, its version and the settings. Two extractions of one identity give the same text."""
        return f"resiliparse {_version()}, {'main content with lists' if self.main_content else 'visible text'}"
