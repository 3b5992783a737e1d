"""Books: one document a book; Project Gutenberg's header and licence are no part of it."""

import re
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.ingesters.base import Ingester, known_formats
from tokaudit.ingesters.cleaning import Step

# The marks as they have stood since about 2005, and the "small print" of the editions before; a title may
# run over several lines.
_START: Final = re.compile(
    r"^\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG [^*]{0,500}\*\*\*[^\n]*\n?"
    r"|^\*END\*? ?THE SMALL PRINT!.{0,200}\*END\*[^\n]*\n?",
    re.MULTILINE | re.IGNORECASE,
)
_END: Final = re.compile(
    r"^\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG "
    r"|^(?:\*\*\* ?)?End of (?:the |this )?Project Gutenberg(?:['\u2019]s)? ",
    re.MULTILINE | re.IGNORECASE,
)


def strip_gutenberg(text: str) -> str:
    """The book between Project Gutenberg's marks; a text without them as it is."""
    start = _START.search(text)
    begin = start.end() if start else 0
    end = _END.search(text, begin)
    return text[begin : end.start() if end else len(text)]


def _strip_all(text: pa.LargeStringArray) -> pa.LargeStringArray:
    marked = pc.match_substring(text, "project gutenberg", ignore_case=True)
    if not pc.any(marked).as_py():
        return text
    stripped = [strip_gutenberg(book.as_py()) for book in text.filter(marked)]
    return pc.replace_with_mask(text, marked, pa.array(stripped, pa.large_string()))


INGESTER: Final = Ingester(choose=known_formats, cleaning=(Step("gutenberg-header-and-licence", _strip_all),))
