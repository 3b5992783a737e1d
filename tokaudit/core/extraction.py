"""What is taken from a page or a book as its text."""

from dataclasses import dataclass
from functools import cache
from typing import Final

_LIBRARY: Final = "resiliparse"

BOOK_STEPS: Final = ("navigation", "cover", "imprint", "gutenberg-licence")
"""The steps that leave parts of a book out; a step that comes to leave out something else gets another name."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """How the text of a page or a book is extracted.

    Attributes:
        main_content: only the main content of a page counts, without menus, headers, footers and hidden elements. Else
            all text counts that is not in scripts, styles, templates and forms.
        front_matter: whether navigation, cover and licence of a book count, too.
    """

    main_content: bool = True
    front_matter: bool = False

    @property
    def identity(self) -> str:
        """Library, version and settings, as the catalog records them: another one may give another text.

        Whoever changes what `readers/pages` takes from a page changes the words for it here.
        """
        pages = "main content with lists and figures" if self.main_content else "visible text with figures"
        books = "; whole books" if self.front_matter else f"; books without {', '.join(BOOK_STEPS)}"
        return f"{_LIBRARY} {_version()}: {pages}{books}"


def of_pages(identity: str) -> str:
    """The part of an `Extraction.identity` that decides on pages; the rest decides on books."""
    return identity.partition(";")[0]


@cache
def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - processes that extract do not need it

    return version(_LIBRARY)
