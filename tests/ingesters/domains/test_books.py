"""The header and licence of Project Gutenberg are removed from books."""

import json
from pathlib import Path
from typing import cast

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.samples import Run, ask, ingested

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


@pytest.mark.slow
def test_books_in_old_encodings_count_alike_and_only_as_books(run: Run, tmp_path: Path) -> None:
    text = "".join(f"Im Jahre {year} saß Frau Müller am Fenster und hörte die Vögel.\r\n" for year in range(1800, 1900))
    copy = text.replace("1850", "1950")
    folder = tmp_path / "x"
    folder.mkdir()
    for name, data in {"a.txt": text.encode(), "b.txt": copy.encode("cp1252"), "c.txt": copy.encode("cp850")}.items():
        (folder / name).write_bytes(data)
    (folder / "d.txt").write_bytes(text.encode().replace(b"\xc3\xbc", b"\xc3", 1))

    for clean in ("default", "none"):
        counted = ingested(run, folder, "--domain", "books", "--clean", clean, "--on-bad-record", "skip", code=1)
        assert (counted["documents"], counted["bad_records"]) == (3, 1)
        assert counted["bytes"] == 3 * len(text.encode())
        (row,) = run("supply", "--format", "json").json["rows"]
        assert (row["documents_unique_exact"], row["documents_unique"]) == (2, 1)
        run("verify")
        assert "Müller" in run("show", folder / "b.txt", 0).out
        run("forget", "x")
    other = ingested(run, folder, "--domain", "mail", "--on-bad-record", "skip", code=1)
    assert (other["documents"], other["bad_records"]) == (1, 3)


def test_the_libraries_that_detect_encodings_are_recorded_for_books(run: Run) -> None:
    Path("a.txt").write_text("a book")
    for domain in ("books", "web"):
        ingested(run, "a.txt", "--domain", domain, "--catalog", f"{domain}.duckdb")
    books, web = (
        json.loads(ask(Path(f"{domain}.duckdb"), "select settings from ingests")[0][0]) for domain in ("books", "web")
    )

    assert books["encoding_detectors"].startswith("charset-normalizer ")
    assert ", resiliparse " in books["encoding_detectors"]
    assert "encoding_detectors" not in web
