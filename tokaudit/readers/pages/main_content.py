"""The main content of a page, or all its text, by resiliparse, from markup that is repaired first.

Bullets and numbers of lists are not written: the page does not have them as text, and numbers would count as words.
"""

from resiliparse.extract.html2text import extract_plain_text

from tokaudit.readers.pages.repairs import MARK, figures_as_blocks, repaired


def main_content(html: str) -> str:
    """The main content of a page as text, in lines as blocks and rows are; empty if it has none."""
    markup, is_marked = repaired(html)
    text = extract_plain_text(markup, preserve_formatting=True, main_content=True, list_bullets=False, alt_texts=False)
    return text.replace(MARK, "") if is_marked else text


def visible_text(html: str) -> str:
    """All text of a page outside of scripts, styles, templates and forms, hidden elements too."""
    return extract_plain_text(figures_as_blocks(html), preserve_formatting=True, list_bullets=False, alt_texts=False)
