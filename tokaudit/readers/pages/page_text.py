"""The text of a page from its bytes. It runs where a crash or an endless page takes nothing along."""

from tokaudit.core.extraction import Extraction
from tokaudit.core.page_kind import PageKind
from tokaudit.readers.epub.book_text import book_text
from tokaudit.readers.pages.charsets import decoded
from tokaudit.readers.pages.main_content import main_content, visible_text
from tokaudit.readers.pages.xhtml import as_html


def page_text(kind: PageKind, data: bytes, charset: str | None, extraction: Extraction) -> str:
    """The text that counts of a page.

    Args:
        kind: what the bytes are. Plain text is decoded and nothing else; all other kinds are markup.
        data: the page as the server sent it, without compression, or the packed parts of a book.
        charset: character set that the server named; None if it named none.
        extraction: what counts of it.

    Returns:
        Text that is valid UTF-8. White space before and after the text of markup is left out, as it is layout; plain
        text keeps it. Empty if the page has no text, such as a frameset, or a page that scripts write.
    """
    if kind == PageKind.BOOK:
        return book_text(data, extraction)
    if kind == PageKind.PLAIN:
        return decoded(data, charset, is_markup=False)
    html = decoded(data, charset)
    if kind == PageKind.XHTML:
        html = as_html(html)
    return (main_content if extraction.main_content else visible_text)(html).strip()
