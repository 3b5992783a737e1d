"""HTML pages with a menu around their text, and an extractor that is another one."""

from pathlib import Path

import duckdb
from made.samples import text

MENU = "Home Products Imprint"


def page(content: str, title: str = "A title") -> bytes:
    """A page with this content, and a menu and a script around it."""
    paragraphs = content.split("\n")
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in MENU.split())
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title><script>hidden()</script></head><body>"
        f'<nav class="menu"><ul>{menu}</ul></nav><main><article>{body}</article></main></body></html>'
    ).encode()


def write_pages(folder: Path, count: int, first: int = 0, words: int = 120) -> Path:
    """Write pages of random words, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        (folder / f"{number:04}.html").write_bytes(page(text(number, words)))
    return folder


def extracted_otherwise(catalog: Path, source: str) -> None:
    """Have the catalog say that another version of the extractor took the text from the pages of a source."""
    with duckdb.connect(str(catalog)) as connection:
        connection.execute(
            "update store.files set extractor = 'resiliparse 1.0: main content'"
            " where source = ? and extractor is not null",
            [source],
        )
