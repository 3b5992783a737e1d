"""Compares extractors of the main text of web pages, on pages whose body was marked by hand.

    pip install trafilatura    # no dependency of tokaudit; left out if it is missing
    python tests/benchmarks/extraction.py

Prints, for all pages and for those with menus and footers, precision, recall and F1 of words: the mean over pages, and
over all words. MB/s are of HTML, in one process. trafilatura refuses pages without `<html>`, so it gets one.
"""

import argparse
import importlib
import logging
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from resiliparse.extract.html2text import extract_plain_text

sys.path.insert(0, str(Path(__file__).parents[1]))

from made.marked_pages import Agreement, MarkedPage, agreement, marked_pages, pooled

from tokaudit.core.extraction import Extraction
from tokaudit.core.page_kind import PageKind
from tokaudit.readers.pages.page_text import page_text

Extract = Callable[[str], str]

_ROUNDS: Final = 3


def tokaudit(*, main_content: bool) -> Extract:
    """The text that tokaudit counts, decoding included."""
    extraction = Extraction(main_content=main_content)
    return lambda html: page_text(PageKind.HTML, html.encode(), None, extraction)


def resiliparse(**settings: Any) -> Extract:
    """The text by resiliparse alone."""
    return lambda html: extract_plain_text(html, preserve_formatting=True, **settings)


def trafilatura(**settings: Any) -> Extract:
    """The text by trafilatura."""
    extract = importlib.import_module("trafilatura").extract
    return lambda html: extract(html if "<html" in html.lower() else f"<html>{html}", **settings) or ""


def extractors() -> dict[str, Extract]:
    """All extractors by name; without those of trafilatura if it is not installed."""
    found: dict[str, Extract] = {
        "visible text": resiliparse(alt_texts=False, list_bullets=False),
        "resiliparse": resiliparse(main_content=True),
        "resiliparse, no alternative texts": resiliparse(main_content=True, alt_texts=False),
        "resiliparse, no bullets either": resiliparse(main_content=True, alt_texts=False, list_bullets=False),
        "resiliparse, no comments, no post meta": resiliparse(
            main_content=True, alt_texts=False, list_bullets=False, comments=False, post_meta=False
        ),
        "tokaudit, visible text": tokaudit(main_content=False),
        "tokaudit, main content": tokaudit(main_content=True),
    }
    try:
        logging.getLogger(importlib.import_module("trafilatura").__name__).setLevel(logging.CRITICAL)
    except ModuleNotFoundError:
        print("trafilatura is not installed and left out: pip install trafilatura", file=sys.stderr)
        return found
    return found | {
        "trafilatura": trafilatura(),
        "trafilatura, fast": trafilatura(fast=True),
        "trafilatura, recall": trafilatura(favor_recall=True),
        "trafilatura, precision": trafilatura(favor_precision=True),
    }


def figures(pages: Sequence[Agreement]) -> str:
    """A row of mean and pooled precision, recall and F1."""
    number = len(pages)
    means = [sum(p.precision for p in pages), sum(p.recall for p in pages), sum(p.f1 for p in pages)]
    total = pooled(pages)
    return "  ".join(
        " ".join(f"{value:6.3f}" for value in row)
        for row in ([mean / number for mean in means], [total.precision, total.recall, total.f1])
    )


def speed(extract: Extract, pages: Sequence[MarkedPage]) -> float:
    """MB of HTML per second, the best of some rounds."""
    seconds = []
    for _ in range(_ROUNDS):
        begin = time.perf_counter()
        for page in pages:
            extract(page.html)
        seconds.append(time.perf_counter() - begin)
    return sum(len(page.html.encode()) for page in pages) / 1e6 / min(seconds)


def main() -> None:
    """Print the table, or the F1 of each page."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", action="store_true", help="print the F1 of each page too")
    given = options.parse_args()
    pages = marked_pages()
    chosen = extractors()
    print(f"{'':40}{'mean over pages':22}{'all words':22}")
    print(f"{'':40}" + 2 * f"{'prec.':>6} {'recall':>6} {'F1':>6}  " + "  MB/s")
    texts = {name: [agreement(extract(page.html), page.body) for page in pages] for name, extract in chosen.items()}
    for title, wanted in (("all pages", False), ("with menus and footers", True)):
        print(f"\n{title}: {sum(page.has_navigation >= wanted for page in pages)} pages")
        for name, found in texts.items():
            row = [one for one, page in zip(found, pages, strict=True) if page.has_navigation >= wanted]
            rate = "" if wanted else f"{speed(chosen[name], pages):8.1f}"
            print(f"  {name:38}{figures(row)}{rate}")
    if given.pages:
        for number, page in enumerate(pages):
            print(f"{page.name:52}" + " ".join(f"{found[number].f1:5.2f}" for found in texts.values()))


if __name__ == "__main__":
    main()
