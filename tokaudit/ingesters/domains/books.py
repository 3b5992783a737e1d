"""Books: one document per book, without the header and licence of Project Gutenberg."""

import re
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.ingesters.base import Ingester
from tokaudit.ingesters.cleaning import Step
from tokaudit.readers.detect import look_into

# The marks used since about 2005, and the "small print" of earlier editions; a title may span several lines.
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
    """The book between the marks of Project Gutenberg; a text without marks is unchanged."""
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


INGESTER: Final = Ingester(
    choose=look_into,
    cleaning=(Step("gutenberg-header-and-licence", _strip_all),),
    main_content=False,  # a page is a book or a chapter, whose text would be taken for its surroundings
)
