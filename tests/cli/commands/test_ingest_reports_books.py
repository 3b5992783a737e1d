"""Books that other programs misread, as their users reported it in public.

The name of each case is the report: the repository on GitHub and the number of its issue.
"""

from collections.abc import Mapping
from typing import Final

import pytest
from made.epubs import CONTAINER, book, gutenberg, package, part, zipped
from made.reports import ONE, THREE, TWO, Report, check_report
from made.samples import Run

CHAPTERS: Final = {"one.xhtml": part(ONE), "two.xhtml": part(TWO)}


def epub(parts: Mapping[str, str | bytes], opf: str | None = None, **more: str) -> dict[str, bytes]:
    return {"a.epub": book(parts, opf, **more)}


def flipped(data: bytes, inside: bytes) -> bytes:
    """The archive with one changed byte in a stored member."""
    at = data.index(inside)
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def encryption(*entries: tuple[str, str]) -> str:
    """A list of encrypted members: algorithm and name of each."""
    found = "".join(
        f'<enc:EncryptedData><enc:EncryptionMethod Algorithm="{algorithm}"/><enc:CipherData>'
        f'<enc:CipherReference URI="{name}"/></enc:CipherData></enc:EncryptedData>'
        for algorithm, name in entries
    )
    space = 'xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#"'
    return f"<encryption {space}>{found}</encryption>"


STORY = "\n\n".join(f"{text} It goes on, and on, until the sea." for text in (ONE, TWO, THREE))
SMALL_PRINT = (
    "**The Project Gutenberg Etext of Rivers**\n\nCopyright laws are changing all over the world, be sure to check.\n\n"
    "This header should be the first thing seen when anyone starts to\nview the etext. Do not change or edit it.\n\n"
    "*****These Etexts Are Prepared By Hundreds of Volunteers!*****\n\n"
    '***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***\nWhy is this "Small Print!" statement here?\n'
    "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*\n\n"
)
SHAKESPEARE = (
    "<<THIS ELECTRONIC VERSION OF THE COMPLETE WORKS OF WILLIAM\nSHAKESPEARE IS COPYRIGHT 1990-1993 BY WORLD LIBRARY,"
    " INC., AND IS\nPROVIDED BY PROJECT GUTENBERG ETEXT OF ILLINOIS BENEDICTINE COLLEGE\nWITH PERMISSION.>>\n"
)

REPORTS: Final = {
    "aerkalov/ebooklib#224": Report(
        epub(
            CHAPTERS,
            package(
                [*CHAPTERS, "Images/cover.jpeg"], media_types={"Images/cover.jpeg": "image/jpeg"}, spine=list(CHAPTERS)
            ),
        ),
        (ONE, TWO),
        domain="books",
    ),
    "aerkalov/ebooklib#281": Report(
        epub(CHAPTERS, package([*CHAPTERS, "three.xhtml"])), (), documents=0, codes={"missing_part": 1}, domain="books"
    ),
    "aerkalov/ebooklib#121": Report(
        {
            "a.epub": zipped(
                [
                    ("META-INF/container.xml", CONTAINER.format(path="OEBPS/content.opf")),
                    ("OEBPS/content.opf", package(["../one.xhtml", "two.xhtml"])),
                    ("one.xhtml", part(ONE)),
                    ("OEBPS/two.xhtml", part(TWO)),
                ]
            )
        },
        (ONE, TWO),
        domain="books",
    ),
    "aerkalov/ebooklib#186": Report(
        epub(CHAPTERS, package([*CHAPTERS, "http://example.com/a.mp4"], spine=list(CHAPTERS))),
        (ONE, TWO),
        domain="books",
    ),
    "aedocw/epub2tts#280": Report(
        {
            "a.epub": book({"Text/one.xhtml": part(ONE)}, package(["Text\\one.xhtml"])),
            "b.epub": zipped(
                [
                    ("META-INF\\container.xml", CONTAINER.format(path="OEBPS/content.opf")),
                    ("OEBPS\\content.opf", package(["Text/two.xhtml"])),
                    ("OEBPS\\Text\\two.xhtml", part(TWO)),
                ]
            ),
        },
        (ONE, TWO),
        documents=2,
        domain="books",
    ),
    "mashu3/epub2pdf#3": Report(epub(CHAPTERS, package(["/OEBPS/one.xhtml", "two.xhtml"])), (ONE, TWO), domain="books"),
    "aedocw/epub2tts-edge#30": Report(
        epub(
            {"two.xhtml": part(TWO), "one.xhtml": part(ONE)},
            package(["two.xhtml", "one.xhtml"], spine=["one.xhtml", "two.xhtml"]),
        ),
        (ONE, TWO),
        domain="books",
    ),
    "blindpandas/bookworm#419": Report(
        epub(
            {"nav.xhtml": part("Chapter One of the list"), **CHAPTERS},
            package(["nav.xhtml", *CHAPTERS], spine=list(CHAPTERS), properties={"nav.xhtml": "nav"}),
        ),
        (ONE, TWO),
        lacks=("Chapter One of the list",),
        domain="books",
    ),
    "vers-one/EpubReader#109": Report(
        epub(CHAPTERS, package(list(CHAPTERS), spine=["cover", *CHAPTERS])),
        (),
        documents=0,
        codes={"missing_part": 1},
        domain="books",
    ),
    "pwmt/zathura#350": Report(
        epub(CHAPTERS, encryption=encryption(("http://ns.adobe.com/pdf/enc#RC", "OEBPS/Fonts/00004.ttf"))),
        (ONE, TWO),
        domain="books",
    ),
    "crosspoint-reader/crosspoint-reader#2694": Report(
        epub(
            {"one.xhtml": bytes(range(256))},
            encryption=encryption(("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/one.xhtml")),
            rights="<rights/>",
        ),
        (),
        documents=0,
        codes={"encrypted": 1},
        domain="books",
    ),
    "onyx-dot-app/onyx#14773": Report(
        {
            "a.epub": flipped(
                zipped(
                    [
                        ("META-INF/container.xml", CONTAINER.format(path="content.opf")),
                        ("content.opf", package(list(CHAPTERS))),
                        *CHAPTERS.items(),
                    ],
                    stored=True,
                ),
                TWO.encode(),
            )
        },
        (),
        documents=0,
        codes={"corrupt": 1},
        domain="books",
    ),
    "simjanos-dev/LinguaCafe#264": Report(
        epub({"one.xhtml": part(f"{ONE} <ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>")}), (ONE, "漢"), domain="books"
    ),
    "psiegman/epublib#8": Report(
        epub(
            CHAPTERS,
            package(list(CHAPTERS))
            .replace('id="one.xhtml"', 'id="id116"')
            .replace('idref="one.xhtml"', 'idref="id116"'),
        ),
        (ONE, TWO),
        domain="books",
    ),
    "gutenbergtools/ebookmaker#137": Report(
        {f"{each}.txt": gutenberg(each, STORY) for each in ("THE", "THIS")},
        (ONE, THREE, ONE, THREE),
        lacks=("GUTENBERG", "Gutenberg", "General Terms"),
        documents=2,
        domain="books",
    ),
    "ropensci/gutenbergr#27": Report(
        {"a.txt": f"{SMALL_PRINT}{STORY}\n\nEnd of The Project Gutenberg Etext of Rivers\n".encode()},
        (ONE, THREE),
        lacks=("SMALL PRINT", "Gutenberg"),
        domain="books",
    ),
    "c-w/gutenberg#25": Report(
        {"a.txt": gutenberg("THIS", f"{ONE}\n\n{SHAKESPEARE}\n\n{STORY}\n\n{SHAKESPEARE}\n\n{THREE}")},
        (ONE, TWO, THREE),
        lacks=("General Terms",),
        domain="books",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REPORTS)
def test_what_was_reported_of_books_is_counted_or_said(run: Run, name: str) -> None:
    check_report(run, REPORTS[name])
