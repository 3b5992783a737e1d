"""An EPUB is one document, its parts in the order of the spine, or one bad record if a part can't be read."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.epubs import CONTAINER, PART, book, package, part, text_of, zipped
from made.samples import Run, ingested

from tokaudit.core.extraction import Extraction
from tokaudit.readers.detect import detect, look_into
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]

WHOLE = {"extraction": Extraction(main_content=False, front_matter=True)}
PARTS = {"a.xhtml": part("One"), "b.xhtml": part("Two"), "c.xhtml": part("Three")}


def test_a_book_is_its_parts_in_the_order_of_the_spine(stored: Stored, seen: Seen) -> None:
    data = book(PARTS, package(list(PARTS), spine=["c.xhtml", "a.xhtml", "b.xhtml"]))

    assert text_of(seen(stored("a.epub", data), "epub")) == "Three\n\nOne\n\nTwo"


@pytest.mark.parametrize("member", ["OEBPS/Text/a.xhtml", "OEBPS\\Text\\a.xhtml"])
@pytest.mark.parametrize("opf", ["OEBPS/content.opf", "OEBPS\\content.opf"])
@pytest.mark.parametrize("href", ["Text/a.xhtml", "Text\\a.xhtml", "..\\OEBPS\\Text\\a.xhtml", "Text%5Ca.xhtml"])
def test_backslashes_in_names_and_references_mean_slashes(
    stored: Stored, seen: Seen, member: str, opf: str, href: str
) -> None:
    """Programs for Windows write them, in the archive or in the package file."""
    members = [
        ("META-INF/container.xml", CONTAINER.format(path="OEBPS/content.opf")),
        (opf, package([href])),
        (member, part("One")),
    ]

    assert text_of(seen(stored("a.epub", zipped(members)), "epub")) == "One"


def test_a_backslash_does_not_lead_out_of_a_book(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.epub", book(PARTS, package(["..\\..\\a.xhtml"]))), "epub")

    assert [record.code for record in found.bad] == ["unsafe_name"]


def test_parts_that_are_not_linear_count_in_their_place(stored: Stored, seen: Seen) -> None:
    opf = package(list(PARTS)).replace('<itemref idref="b.xhtml"/>', '<itemref idref="b.xhtml" linear="no"/>')

    assert text_of(seen(stored("a.epub", book(PARTS, opf)), "epub")) == "One\n\nTwo\n\nThree"


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.text("ab\u00e9\u4e00 &<\n", max_size=20), min_size=1, max_size=6), whole=st.booleans())
def test_no_word_differs_from_a_reading_by_zipfile_and_an_xml_parser(
    *, stored: Stored, seen: Seen, texts: list[str], whole: bool
) -> None:
    parts = {
        f"{number}.xhtml": part(text.replace("&", "&amp;").replace("<", "&lt;")) for number, text in enumerate(texts)
    }
    data = book(parts)

    found = seen(stored("a.epub", data), "epub", **(WHOLE if whole else {}))

    archive = zipfile.ZipFile(io.BytesIO(data))
    package_file = ET.fromstring(archive.read("OEBPS/content.opf"))  # noqa: S314 - made here
    hrefs = [item.get("href") for item in package_file.findall(".//{*}item")]
    pages = [ET.fromstring(archive.read(f"OEBPS/{href}")) for href in hrefs]  # noqa: S314 - made here
    words = [word for page in pages for body in page.findall("{*}body") for word in " ".join(body.itertext()).split()]
    assert " ".join(found.texts).split() == words
    assert len(found.texts) == bool(words)


def test_navigation_cover_and_imprint_count_only_uncleaned(stored: Stored, seen: Seen) -> None:
    parts = {
        "cover.xhtml": part("COVER"),
        "nav.xhtml": PART.format(
            body='<body><p>Contents</p><nav epub:type="landmarks"><a epub:type="cover" href="cover.xhtml">Cover</a> '
            '<a epub:type="bodymatter" href="a.xhtml">Text</a></nav></body>'
        ),
        "title.xhtml": part("Ulysses by James Joyce", kind="titlepage"),
        "a.xhtml": part("One"),
        "imprint.xhtml": part("IMPRINT", kind="imprint"),
        "old.xhtml": part("OLD TOC"),
        "copyright.xhtml": part("COPYRIGHT"),
    }
    guide = (
        '<guide><reference type="toc" href="old.xhtml"/><reference type="copyright-page" href="copyright.xhtml"/>'
        '<reference type="text" href="a.xhtml"/></guide>'
    )
    file = stored("a.epub", book(parts, package(list(parts), properties={"nav.xhtml": "nav"}, guide=guide)))

    assert text_of(seen(file, "epub")) == "Ulysses by James Joyce\n\nOne"
    assert text_of(seen(file, "epub", **WHOLE)).split() == (
        "COVER Contents Cover Text Ulysses by James Joyce One IMPRINT OLD TOC COPYRIGHT".split()
    )


@pytest.mark.parametrize(
    "guide",
    [
        '<reference type="toc" href="a.xhtml#contents"/>',
        '<reference type="toc" href="a.xhtml"/><reference type="text" href="a.xhtml#start"/>',
        '<reference type="cover" href="missing.xhtml"/><reference type="cover" href="../../../x"/>',
        '<reference type="notes" href="a.xhtml"/>',
    ],
)
def test_a_reference_into_the_book_itself_leaves_nothing_out(stored: Stored, seen: Seen, guide: str) -> None:
    data = book({"a.xhtml": part("One")}, package(["a.xhtml"], guide=f"<guide>{guide}</guide>"))

    assert text_of(seen(stored("a.epub", data), "epub")) == "One"


def test_labels_are_fields_of_the_metadata(stored: Stored, seen: Seen) -> None:
    metadata = (
        "<dc:title>Ulysses</dc:title><dc:creator>James\n  Joyce</dc:creator><dc:creator>N. N.</dc:creator>"
        "<dc:subject/><dc:language>en-IE</dc:language><meta property='dcterms:modified'>2020</meta>"
    )
    labels = {"author": "creator", "name": "Title", "language": "language", "subject": "subject", "date": "date"}

    found = seen(stored("a.epub", book(PARTS, package(list(PARTS), metadata=metadata))), "epub", labels=labels)

    assert found.labels == {
        "author": ["James Joyce; N. N."],
        "name": ["Ulysses"],
        "language": ["en-IE"],
        "subject": [None],
        "date": [None],
    }


@pytest.mark.parametrize(
    ("href", "name"),
    [
        ("a%20b.xhtml", "OEBPS/a b.xhtml"),
        ("a%20b.xhtml", "OEBPS/a%20b.xhtml"),
        ("%C3%A9.xhtml", "OEBPS/\u00e9.xhtml"),
        ("\u00e9.xhtml", "OEBPS/e\u0301.xhtml"),
        ("Text/../A.XHTML", "OEBPS/a.xhtml"),
        ("../a.xhtml", "a.xhtml"),
        ("/a.xhtml", "a.xhtml"),
        ("a.xhtml#part", "OEBPS/a.xhtml"),
    ],
)
def test_a_part_is_found_by_its_reference(*, stored: Stored, seen: Seen, href: str, name: str) -> None:
    opf = package(["x"]).replace('href="x"', f'href="{href}"')
    members: list[tuple[str, str | bytes]] = [
        ("META-INF/container.xml", CONTAINER.format(path="OEBPS/content.opf")),
        ("OEBPS/content.opf", opf),
        (name, part("One")),
    ]

    assert text_of(seen(stored("a.epub", zipped(members)), "epub")) == "One"


def test_a_book_is_known_by_its_name_or_its_first_member(stored: Stored) -> None:
    data = book(PARTS)

    assert detect(stored("a.EPUB", data)) == "epub"
    assert detect(stored("a", data)) == "epub"
    assert look_into(stored("a.bin2", data)).reader == "epub"
    assert READERS.get("epub").is_checked(stored("a.epub", data))


@pytest.mark.slow
def test_a_book_is_counted_shown_and_verified_alike(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "books"
    folder.mkdir()
    (folder / "a.epub").write_bytes(
        book({"a.xhtml": part("Front", kind="imprint"), "b.xhtml": part("Once upon a time")})
    )
    (folder / "bad.epub").write_bytes(book(PARTS)[:-9])

    counted = ingested(run, folder, "--domain", "books", "--on-bad-record", "skip", "--label", "by=creator", code=1)

    assert (counted["documents"], counted["bytes"], counted["bad_records"]) == (1, len("Once upon a time"), 1)
    assert run("show", folder / "a.epub", 0).out.strip().endswith("Once upon a time")
    assert "Front" not in run("show", folder / "a.epub", 0).out
    run("verify", folder.name)
    run("forget", folder.name)
    whole = ingested(run, folder / "a.epub", "--domain", "books", "--clean", "none")
    assert whole["bytes"] == len("Front\n\nOnce upon a time")
