"""The header and licence of Project Gutenberg are removed from books."""

from pathlib import Path
from typing import cast

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.samples import Run, ingested

from tokaudit.ingesters.domains.books import INGESTER, strip_gutenberg

(STEP,) = INGESTER.cleaning
HEADER = "The Project Gutenberg EBook of Ulysses\r\n\r\n"
LICENCE = "\r\nUpdated editions will replace the previous one\r\n"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (
            "*** START OF THIS PROJECT GUTENBERG EBOOK ULYSSES ***\r\n",
            "*** END OF THIS PROJECT GUTENBERG EBOOK ULYSSES ***",
        ),
        (
            "*** START OF THE PROJECT GUTENBERG EBOOK ULYSSES ***\n",
            "*** END OF THE PROJECT GUTENBERG EBOOK ULYSSES ***",
        ),
        ("***START OF THE PROJECT GUTENBERG EBOOK A\nLONG TITLE***\n", "***END OF THE PROJECT GUTENBERG EBOOK A\nLONG"),
        (
            "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n",
            "End of the Project Gutenberg Etext of X",
        ),
        ("*END THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*END*\n", "End of Project Gutenberg's X, by Y"),
        ("*** start of this project gutenberg ebook x ***\n", "*** end of this project gutenberg ebook x ***"),
        (
            "*** START OF THIS PROJECT GUTENBERG EBOOK ULYSSES ***\r\n",
            "End of Project Gutenberg\u2019s Ulysses, by James Joyce",
        ),
    ],
)
def test_the_book_is_the_text_between_the_marks(start: str, end: str) -> None:
    book = "\r\nStately, plump Buck Mulligan\r\n*** * ***\r\ncame from the stairhead.\r\n\r\n"

    assert strip_gutenberg(HEADER + start + book + end + LICENCE) == book


def test_a_text_with_one_mark_is_cut_only_there() -> None:
    start = "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n"
    end = "*** END OF THE PROJECT GUTENBERG EBOOK X ***\n"

    assert strip_gutenberg(HEADER + start + "Book.") == "Book."
    assert strip_gutenberg("Book.\n" + end + LICENCE) == "Book.\n"


@pytest.mark.parametrize(
    "book",
    [
        "A book about Project Gutenberg and how it began.",
        "He said: *** START OF THE PROJECT GUTENBERG EBOOK X ***",
        "The End of Project Gutenberg as we know it.",
        "",
        "*** START ***\nBook\n*** END ***",
    ],
)
def test_a_text_that_only_mentions_the_project_is_unchanged(book: str) -> None:
    assert strip_gutenberg(book) == book


@given(st.lists(st.one_of(st.text(), st.just("Project Gutenberg"), st.just(HEADER))))
def test_cleaning_a_batch_equals_cleaning_its_texts_one_by_one(texts: list[str]) -> None:
    marked = [f"*** START OF THE PROJECT GUTENBERG EBOOK X ***\n{text}" for text in texts]
    together = cast("list[str]", STEP.apply(pa.array(texts + marked, pa.large_string())).to_pylist())

    assert together == [strip_gutenberg(text) for text in texts + marked]


def test_the_step_has_its_recorded_name() -> None:
    assert STEP.name == "gutenberg-header-and-licence"


@pytest.mark.slow
def test_gutenberg_headers_count_only_without_cleaning(run: Run, tmp_path: Path) -> None:
    book = (
        "The Project Gutenberg EBook of X\r\n\r\n*** START OF THIS PROJECT GUTENBERG EBOOK X ***\r\n"
        "Once.\r\n*** END OF THIS PROJECT GUTENBERG EBOOK X ***\r\nLicence.\r\n"
    )
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_bytes(book.encode())

    assert ingested(run, tmp_path / "a", "--domain", "books")["bytes"] == len("Once.\r\n")
    assert ingested(run, tmp_path / "b", "--domain", "books", "--clean", "none")["bytes"] == len(book)
    steps = run("query", "select source, steps from sources order by source", "--format", "json").json["rows"]
    assert [row["steps"] for row in steps] == [["gutenberg-header-and-licence"], []]
