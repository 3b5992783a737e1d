"""The header and licence of Project Gutenberg are removed from books."""

from pathlib import Path
from typing import cast

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.samples import Run, ingested

from tokaudit.ingesters.domains.books import INGESTER
from tokaudit.ingesters.gutenberg import strip_gutenberg

(STEP,) = INGESTER.cleaning
HEADER = "The Project Gutenberg EBook of Ulysses\r\n\r\n"


@given(st.lists(st.one_of(st.text(), st.just("Project Gutenberg"), st.just(HEADER))))
def test_cleaning_a_batch_equals_cleaning_its_texts_one_by_one(texts: list[str]) -> None:
    marked = [f"*** START OF THE PROJECT GUTENBERG EBOOK X ***\n{text}" for text in texts]
    together = cast("list[str]", STEP.apply(pa.array(texts + marked, pa.large_string())).to_pylist())

    assert together == [strip_gutenberg(text) for text in texts + marked]


def test_the_step_has_its_recorded_name() -> None:
    assert STEP.name == "gutenberg-header-and-licence-2"


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
    assert [row["steps"] for row in steps] == [["gutenberg-header-and-licence-2"], []]
