"""Editions of one book, as text, HTML, EPUB and Markdown, are found as near-duplicates of each other."""

from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pytest
from made.epubs import book, gutenberg
from made.epubs import part as made_part
from made.samples import Run, altered, ingested, text

BOOKS = Path(__file__).parents[4] / "shared" / "corpora" / "books"
shared = pytest.mark.skipif(not BOOKS.exists(), reason="the shared corpora are not here")


def near(run: Run, *folders: str, code: int = 0) -> dict[str, str]:
    """The near-duplicates of folders that are counted as one source: file -> the file that counts for it."""
    ingested(run, *folders, "--domain", "books", "--source", "shelf", code=code)
    rows: list[dict[str, Any]] = run("duplicates", "--format", "json").json["rows"]
    assert {row["kind"] for row in rows} == {"near"}
    return {Path(row["path"]).name: Path(row["kept_path"]).name for row in rows}


def standard_ebook(title: str) -> Path:
    """The folder with the parts of a Standard Ebooks edition."""
    (folder,) = BOOKS.glob(f"standardebooks+*{title}/src/epub/text")
    return folder


def write_epub(name: str, *parts: Path) -> None:
    Path("shelf").mkdir(exist_ok=True)
    Path(f"shelf/{name}.epub").write_bytes(book({part.name: part.read_bytes() for part in parts}))


@pytest.mark.slow
def test_a_made_book_is_a_near_duplicate_in_every_format(run: Run) -> None:
    chapters = [text(seed, 300) for seed in range(4)]
    Path("shelf").mkdir()
    Path("shelf/a.txt").write_bytes(gutenberg("THE", "\n\n".join(chapters)))
    Path("shelf/b.epub").write_bytes(
        book(
            {
                "imprint.xhtml": made_part("Set by hand in a small town.", kind="imprint"),
                **{f"{n}.xhtml": made_part(altered(each, 3)) for n, each in enumerate(chapters)},
            }
        )
    )
    paragraphs = "".join(f"<h2>Chapter {n}</h2><p>{altered(each, 2)}</p>" for n, each in enumerate(chapters))
    Path("shelf/c.html").write_text(f"<html><body>{paragraphs}</body></html>")
    Path("shelf/d.md").write_text("\n\n".join(f"# {n}\n\n{altered(each, 1)}" for n, each in enumerate(chapters)))
    found = near(run, "shelf")

    assert found == dict.fromkeys(("b.epub", "c.html", "d.md"), "a.txt")


@pytest.mark.slow
@shared
def test_the_editions_of_the_devils_dictionary_are_near_duplicates(run: Run) -> None:
    folder = standard_ebook("the-devils-dictionary")
    order = ["titlepage", "imprint", "preface", *ascii_lowercase, "colophon", "uncopyright"]
    write_epub("dictionary", *(folder / f"{name}.xhtml" for name in order))
    found = near(run, "shelf", str(BOOKS / "GITenberg+The-Devil-s-Dictionary_972"), code=1)  # a LICENSE is unclaimed

    assert found == dict.fromkeys(("972.txt", "dvldc10.txt", "dictionary.epub"), "972-h.htm")


@pytest.mark.slow
@shared
def test_each_story_of_sherlock_holmes_is_a_near_duplicate_as_epub(run: Run) -> None:
    frame = {"titlepage", "imprint", "colophon", "uncopyright"}
    stories = [part for part in standard_ebook("sherlock-holmes").iterdir() if part.stem not in frame]
    for story in stories:
        write_epub(story.stem, story)
    found = near(run, "shelf", str(BOOKS / "mlschmitt+classic-books-markdown" / "Arthur Conan Doyle"))

    assert len(stories) == 12
    assert found.keys() == {f"{story.stem}.epub" for story in stories}
    assert found["the-redheaded-league.epub"] == "The Adventure of the Red-Headed League.md"
    assert found["a-scandal-in-bohemia.epub"] == "A Scandal in Bohemia.md"
    assert len(set(found.values())) == 12
