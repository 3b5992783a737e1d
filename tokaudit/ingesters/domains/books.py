"""Books: one document per book, without the header, credits and licence of Project Gutenberg."""

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.ingesters.base import Ingester
from tokaudit.ingesters.cleaning import Step
from tokaudit.ingesters.gutenberg import strip_gutenberg
from tokaudit.readers.detect import look_into


def _strip_all(text: pa.LargeStringArray) -> pa.LargeStringArray:
    marked = pc.match_substring(text, "gutenberg", ignore_case=True)
    if not pc.any(marked).as_py():
        return text
    stripped = [strip_gutenberg(book.as_py()) for book in text.filter(marked)]
    return pc.replace_with_mask(text, marked, pa.array(stripped, pa.large_string()))


# The number in the name rises when the step removes something else, so that no source is counted in two ways.
INGESTER: Final = Ingester(
    choose=look_into,
    cleaning=(Step("gutenberg-header-and-licence-2", _strip_all),),
    main_content=False,  # a page is a book or a chapter, whose text would be taken for its surroundings
    old_encodings=True,
)
