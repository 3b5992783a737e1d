"""Web pages whose body was marked by hand, and how well a text agrees with a body.

`tests/readers/pages/marked_pages.jsonl.gz` has one object per page: `name`, `origin`, `licence`, `html` and `body`.

* Thirty are pages of kafka.apache.org, an article of Wikipedia as Common Crawl has it, iana.org and example.com. Those
  of Kafka are files before the server puts header, menu and footer around them, so they have little besides the body.
* Twelve are rendered pages of the Rust documentation, with menus, side bars and buttons.

How they were marked: for each page, the elements that are its body were chosen from its source. A throwaway script
wrote the text of these elements, which was then read against the page and corrected; of the longest texts only parts
were read. The script used neither of the extractors that are compared. There was one judge, and no second opinion.

The body is the title, the headings and the content: prose, lists, tables and code. Not part of it are menus,
breadcrumbs, tables of contents that only link, links to other versions, buttons, notices of editors, footers,
alternative texts of pictures, and lines of code that the page hides. The body of a page that scripts write is empty.
"""

import gzip
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from made.words import plain_words

_FILE: Final = Path(__file__).parents[1] / "readers" / "pages" / "marked_pages.jsonl.gz"


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page, and the text of its body."""

    name: str
    origin: str
    licence: str
    html: str
    body: str

    @property
    def has_navigation(self) -> bool:
        """Whether the page is stored as readers see it, with menus and footers."""
        return self.name.startswith(("rust-", "wikipedia-", "iana"))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well the words of texts agree with those of bodies: numbers of words, each as often as it occurs."""

    shared: int
    found: int
    marked: int

    @property
    def precision(self) -> float:
        """The share of the words found that are in the body; 1 if nothing was found in an empty body."""
        return self.shared / self.found if self.found else float(not self.marked)

    @property
    def recall(self) -> float:
        """The share of the words of the body that were found; 1 if nothing was found in an empty body."""
        return self.shared / self.marked if self.marked else float(not self.found)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 if both are."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@cache
def marked_pages() -> tuple[MarkedPage, ...]:
    """All marked pages."""
    with gzip.open(_FILE, "rt", encoding="utf-8", newline="\n") as lines:
        return tuple(MarkedPage(**json.loads(line)) for line in lines)


def agreement(text: str, body: str) -> Agreement:
    """How well the words of one text agree with those of a body."""
    found, marked = Counter(plain_words(text)), Counter(plain_words(body))
    return Agreement((found & marked).total(), found.total(), marked.total())


def pooled(pages: Sequence[Agreement]) -> Agreement:
    """The agreement of all pages as if they were one: long pages weigh more."""
    return Agreement(sum(p.shared for p in pages), sum(p.found for p in pages), sum(p.marked for p in pages))
