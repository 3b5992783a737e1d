"""From the bytes of a page to its text."""

from typing import Final

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding

from tokaudit.core.batches import PageKind
from tokaudit.core.extraction import Extraction

_DEFAULT: Final = "utf-8"


def page_text(kind: PageKind, data: bytes, charset: str | None, extraction: Extraction) -> str:
    """The text of a page; empty if it has none.

    Args:
        kind: what the bytes are.
        data: the bytes.
        charset: character set that a server named; None if none did.
        extraction: how the text is extracted.
    """
    text = bytes_to_str(data, charset or detect_encoding(data) or _DEFAULT)
    if kind == PageKind.PLAIN:
        return text
    return extract_plain_text(text, main_content=extraction.main_content)
