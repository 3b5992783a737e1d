"""Header, credits and licence of Project Gutenberg go in all their wordings, and no text that quotes them is cut."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tokaudit.ingesters.gutenberg import strip_gutenberg

BOOK = "\n\nULYSSES\n\nby James Joyce\n\nStately, plump Buck Mulligan\n*** * ***\ncame from the stairhead.\n\n\n"
LICENCE = (
    "\n\nUpdated editions will replace the previous one--the old editions\nwill be renamed.\n\n"
    "Creating the works from print editions: Project Gutenberg-tm is a trademark.\n"
)
HEAD = "The Project Gutenberg EBook of Ulysses, by James Joyce\n\n"
SMALL_PRINT = (
    "The Project Gutenberg Etext of Ulysses by James Joyce\n#3 in our series by James Joyce\n\n\n"
    "Copyright laws are changing all over the world, be sure to check\nthe copyright laws for your country!!\n\n"
    "*These Etexts Prepared By Hundreds of Volunteers and Donations*\n\nULYSSES\n\nby James Joyce\n\n"
    "***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***\n" + "Why is this here? You know: lawyers.\n" * 200
)

STARTS = {
    "2005": HEAD + "Title: Ulysses\n\n*** START OF THIS PROJECT GUTENBERG EBOOK ULYSSES ***\n",
    "2020": HEAD + "Title: Ulysses\n\n*** START OF THE PROJECT GUTENBERG EBOOK ULYSSES ***\n",
    "no blank": HEAD + "***START OF THE PROJECT GUTENBERG EBOOK ULYSSES***\n",
    "etext": HEAD + "*** START OF THIS PROJECT GUTENBERG ETEXT ULYSSES ***\n",
    "long title": HEAD + "*** START OF THE PROJECT GUTENBERG EBOOK ULYSSES,\nOR THE SECOND TITLE\nOF IT ***\n",
    "not closed": HEAD + "*** START OF THE PROJECT GUTENBERG EBOOK, ULYSSES\n",
    "indented": HEAD + "   *** START OF THIS PROJECT GUTENBERG EBOOK ULYSSES ***\n",
    "copyrighted": HEAD + "*** START OF THE COPYRIGHTED PROJECT GUTENBERG EBOOK ULYSSES ***\n",
    "mark first": "\ufeff*** START OF THE PROJECT GUTENBERG EBOOK ULYSSES ***\n",
    "html title": "Ulysses | Project Gutenberg\n\n" + HEAD + "*** START OF THE PROJECT GUTENBERG EBOOK ULYSSES ***\n",
    "1993": SMALL_PRINT + "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n",
    "1998": SMALL_PRINT + "*END THE SMALL PRINT! FOR COPYRIGHT PROTECTED ETEXTS*Ver.10.05.98*END*\n",
    "2001": SMALL_PRINT
    + "*END THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.07/27/01*END*\n"
    + "[Portions of this header are copyright (C) 2001 by Michael S. Hart\nand may be reprinted only when free.]\n",
    "2003": "The Project Gutenberg EBook of Ulysses, by James Joyce\n\nPlease read this important information, as it\n"
    "gives you specific rights and tells you about restrictions in how\nthe file may be used.\n",
    "both": HEAD
    + "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\n"
    + SMALL_PRINT[SMALL_PRINT.find("***START**") :]
    + "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN EBOOKS*Ver.02/11/02*END*\n",
    "australia": "Project Gutenberg Australia\n\nTitle: Ulysses\nAuthor: James Joyce\n"
    "* A Project Gutenberg of Australia eBook *\neBook No.:  0100021.txt\n\nThis eBook was produced by: A. Person\n\n"
    "of the Project Gutenberg of Australia License which may be viewed online at\nhttp://gutenberg.net.au/licence.html\n"
    "\nTo contact Project Gutenberg of Australia go to http://gutenberg.net.au\n",
    "canada": "* A Project Gutenberg Canada Ebook *\n\nThis ebook is made available at no cost.\n\nTitle: Ulysses\n\n"
    "Date first posted: 23 May 2012\nProject Gutenberg Canada ebook #949\n\nThis ebook was produced by: A. Person\n",
}
ENDS = {
    "2005": "End of Project Gutenberg's Ulysses, by James Joyce\n\n"
    "*** END OF THIS PROJECT GUTENBERG EBOOK ULYSSES ***\n" + LICENCE,
    "two lines": "End of the Project Gutenberg EBook of Ulysses, or another title,\nby James Joyce\n\n"
    "*** END OF THIS PROJECT GUTENBERG EBOOK ULYSSES ***\n" + LICENCE,
    "no blank": "***END OF THE PROJECT GUTENBERG EBOOK ULYSSES***\n\n\n******* This file should be named 4300.txt **\n"
    "\n\nThis and all associated files of various formats will be found in:\n",
    "2020": "*** END OF THE PROJECT GUTENBERG EBOOK ULYSSES ***\n" + LICENCE,
    "apostrophe": "End of Project Gutenberg\u2019s Ulysses, by James Joyce\n",
    "1993": "End of The Project Gutenberg Etext of Ulysses by James Joyce\n\n",
    "this": "End of this Project Gutenberg Etext of Ulysses\n",
    "capitals": "END OF PROJECT GUTENBERG ETEXT OF ULYSSES\n",
    "german": "Ende dieses Projekt Gutenberg Etextes von Ulysses\n",
    "german, too": "Ende dieses Project Gutenberg Etextes Ulysses\n\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\n",
    "french": "Fin de Project Gutenberg's Ulysses, by James Joyce\n\n*** END OF THIS PROJECT GUTENBERG EBOOK X ***\n"
    + LICENCE,
    "licence alone": "*** START: FULL LICENSE ***\n\nTHE FULL PROJECT GUTENBERG LICENSE\n\nProject Gutenberg-tm\n",
    "copyrighted": "**This is a COPYRIGHTED Project Gutenberg Etext, Details Above**\n",
    "small print": "End of the Project Gutenberg EBook of Ulysses\n\nThis file should be named ulyss12.txt\n\n"
    + "lawyers\n" * 900
    + "*END THE SMALL PRINT! FOR PUBLIC DOMAIN EBOOKS*Ver.02/11/02*END*\n",
}
CREDITS = [
    "Produced by Aloysius",
    'Produced by "Aloysius", and David Widger',
    "Produced by Col Choat and the Online\nDistributed Proofreading Team at http://www.pgdp.net",
    "E-text prepared by A. Person",
    (
        "E-text prepared by A. Person\nand the Project Gutenberg Online Distributed Proofreading Team\n\n"
        "Note: Project Gutenberg also has an HTML version of this file.\n      See 12345-h.htm"
    ),
    "Transcribed from the 1891 Macmillan edition by David Price",
    "This etext was prepared by A. Person, a@example.org",
    "This eBook was produced by A. Person.",
    "Credits: A. Person",
    "Das Projekt Gutenberg ist unter http://gutenberg.spiegel.de/ erreichbar.",
    "Nous remercions la Biblioth\u00e8que Nationale de France qui a mis \u00e0 disposition les images",
]
PRODUCED = STARTS["2005"]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_the_book_is_what_is_between_header_and_licence(start: str, end: str, line: str) -> None:
    edition = (STARTS[start] + BOOK + ENDS[end]).replace("\n", line)

    assert strip_gutenberg(edition).strip() == BOOK.replace("\n", line).strip()


@pytest.mark.parametrize("start", sorted(STARTS.keys() - {"canada"}))  # it has credits of its own
@pytest.mark.parametrize("credit", CREDITS)
def test_credits_after_the_header_are_removed(start: str, credit: str) -> None:
    assert strip_gutenberg(f"{STARTS[start]}\n\n\n{credit}\n\n\n{BOOK}").strip() == BOOK.strip()


@pytest.mark.parametrize("end", ENDS)
def test_a_licence_without_a_header_is_removed(end: str) -> None:
    assert strip_gutenberg(BOOK + ENDS[end]).strip() == BOOK.strip()


def test_the_end_of_a_canadian_book_is_its_last_line() -> None:
    edition = STARTS["canada"] + BOOK + "[End of Ulysses, by James Joyce]\n"

    assert strip_gutenberg(edition).strip() == BOOK.strip()
    assert "[End of" in strip_gutenberg(STARTS["2005"] + BOOK + "[End of Ulysses, by James Joyce]\n")


PROSE = "In 1971, Michael Hart typed the Declaration of Independence into a computer. Project Gutenberg began so.\n\n"


@pytest.mark.parametrize(
    "book",
    [
        "A book about Project Gutenberg and how it began.",
        PROSE + "*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\n" + PROSE,
        PROSE + "*** END OF THE PROJECT GUTENBERG EBOOK X ***\n\n" + PROSE * 10,
        PROSE + "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n\n" + PROSE,
        PROSE + "End of Project Gutenberg's Ulysses, by James Joyce\n\n" + PROSE * 10,
        "The End of Project Gutenberg as we know it.",
        "End of Project Gutenberg as we know it.\n\n" + PROSE,
        "Produced by Nature, and by the Project Gutenberg.\n\n" + PROSE,
        PROSE + STARTS["2020"] + PROSE,
        PROSE + "*** START: FULL LICENSE ***\n\n" + PROSE,
        PROSE + "Updated editions will replace the previous one\n\n" + PROSE,
        "",
        "*** START ***\nBook\n*** END ***",
    ],
)
def test_a_text_that_quotes_the_words_is_unchanged(book: str) -> None:
    assert strip_gutenberg(book) == book


@pytest.mark.parametrize("quoted", [*STARTS.values(), *ENDS.values()])
def test_marks_in_the_middle_of_an_edition_are_kept(quoted: str) -> None:
    filler = "It was the best of times, it was the worst of times, it was the age of wisdom.\n" * 800
    book = f"A HISTORY\n\n{filler}\n\n{quoted}\n\n{filler}"

    assert strip_gutenberg(STARTS["2020"] + "\n" + book + "\n\n" + ENDS["2020"]).strip() == book.strip()


def test_the_first_of_several_books_in_a_file_keeps_its_end() -> None:
    both = STARTS["2005"] + BOOK + ENDS["2005"] + STARTS["2005"] + BOOK + ENDS["2005"]

    stripped = strip_gutenberg(both)

    assert stripped.count("Stately, plump") == 2
    assert stripped.strip().startswith("ULYSSES")
    assert stripped.strip().endswith("stairhead.")


@pytest.mark.parametrize(
    "paragraph",
    [
        "Produced by nature, man is free.",
        "Created by God, we rest.",
        "Scanned by his eye, the sea lay calm.",
        "x" * 2000,
    ],
)
def test_a_first_sentence_like_a_credit_is_kept(paragraph: str) -> None:
    assert strip_gutenberg(f"{PRODUCED}\n{paragraph}\n\n{BOOK}").strip().startswith(paragraph)


def test_a_text_in_one_line_is_cut_only_behind_the_mark() -> None:
    text = "*** START OF THE PROJECT GUTENBERG EBOOK X *** " + "It was the best of times. " * 100

    assert strip_gutenberg(text) == text[text.find(" It was") :]


PIECES = st.sampled_from([*STARTS.values(), *ENDS.values(), *CREDITS, BOOK, PROSE, "*", "\n", " ", "x" * 3000])


@given(st.lists(PIECES, max_size=12))
@example([STARTS["2005"], ENDS["2005"]])
def test_what_is_left_is_one_piece_of_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)

    stripped = strip_gutenberg(text)

    assert stripped in text
    assert len(text) - len(stripped) <= 40_000 + 30_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "*** START OF THE PROJECT GUTENBERG EBOOK ",
        "*",
        "\n",
        " \n",
        "*END*",
        "End of Project Gutenberg's\n",
        "\n*** END OF THE PROJECT GUTENBERG EBOOK",
        "Produced by A\n\n",
        "The Project Gutenberg EBook of \n",
        " ",
        "Ende d'",
    ],
)
def test_hostile_texts_take_linear_time(piece: str) -> None:
    begun = time.perf_counter()
    strip_gutenberg("*** START OF THE PROJECT GUTENBERG EBOOK X ***\n" + piece * (20_000_000 // len(piece)))

    assert time.perf_counter() - begun < 2
