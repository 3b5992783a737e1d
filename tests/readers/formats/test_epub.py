"""An EPUB is one document, its parts in the order of the spine, or one bad record if a part can't be read."""

import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.epubs import CONTAINER, PART, book, package, part, zipped
from made.samples import Run, ingested

from tokaudit.core.extraction import Extraction
from tokaudit.readers.detect import detect, look_into
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.unpack.limits import Limits

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]

WHOLE = {"extraction": Extraction(main_content=False, front_matter=True)}
PARTS = {"a.xhtml": part("One"), "b.xhtml": part("Two"), "c.xhtml": part("Three")}
ENCRYPTION = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
    '<enc:EncryptedData><enc:EncryptionMethod Algorithm="{}"/><enc:CipherData><enc:CipherReference URI="OEBPS/x"/>'
    "</enc:CipherData></enc:EncryptedData></encryption>"
)
AES = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"


def text_of(found: Any) -> str:
    assert (found.ordinals, found.offsets, found.bad) == ([0], [0], [])
    (text,) = found.texts
    return str(text)


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


def changed(data: bytes, **changes: Any) -> bytes:
    """An archive with other members: None removes one, and an underscore at the start doubles it."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = {name.replace("/", "__").replace(".", "_").replace("-", "_"): name for name in archive.namelist()}
    new = {names[key]: value for key, value in changes.items()}
    return zipped([(n, new.get(n, archive.read(n))) for n in archive.namelist()[1:] if new.get(n, "") is not None])


GOOD = book(PARTS)
SPINE = package(list(PARTS), spine=["a.xhtml"] * 100_000)
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<container><rootfiles><rootfile full-path="&b;"/></rootfiles></container>'
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><package><metadata>&a;</metadata><manifest/><spine/></package>'


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (book(PARTS, SPINE), "One"),
        (
            book(
                {"a.xhtml": part("One"), "p.jpg": b"\xff\xd8"},
                package(["a.xhtml", "p.jpg"], media_types={"p.jpg": "image/jpeg"}),
            ),
            "One",
        ),
        (book(PARTS, encryption=ENCRYPTION.format("http://www.idpf.org/2008/embedding")), "One\n\nTwo\n\nThree"),
        (book(PARTS, encryption=ENCRYPTION.format("http://ns.adobe.com/pdf/enc#RC")), "One\n\nTwo\n\nThree"),
        (book(PARTS, rights="<rights/>"), "One\n\nTwo\n\nThree"),
        (book(PARTS, path="content.opf"), "One\n\nTwo\n\nThree"),
        (
            book({"a.xhtml": part("One").encode("utf-16")}, package(["a.xhtml"]).replace("utf-8", "utf-16")),
            "One",
        ),
        (book({"a.xhtml": PART.format(body="<body>" + "<b>" * 10_000 + "One" + "</b>" * 10_000 + "</body>")}), "One"),
        (changed(GOOD, OEBPS__content_opf=package(list(PARTS)).encode("utf-16")), "One\n\nTwo\n\nThree"),
        (
            changed(
                GOOD,
                META_INF__container_xml=CONTAINER.format(path="OEBPS/content.opf").replace(
                    "<rootfiles>", '<rootfiles><rootfile full-path="x.pdf" media-type="application/pdf"/>'
                ),
            ),
            "One\n\nTwo\n\nThree",
        ),
    ],
    ids=range(10),
)
def test_an_odd_book_that_can_be_read_is_read(stored: Stored, seen: Seen, data: bytes, text: str) -> None:
    assert text_of(seen(stored("a.epub", data), "epub")) == text


def test_the_media_type_may_be_missing_or_elsewhere(stored: Stored, seen: Seen) -> None:
    archive = zipfile.ZipFile(io.BytesIO(GOOD))
    for names in (archive.namelist()[1:], archive.namelist()[::-1]):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as other:
            for name in names:
                other.writestr(name, archive.read(name))
        assert text_of(seen(stored("a.epub", target.getvalue()), "epub")) == "One\n\nTwo\n\nThree"


def test_an_archive_of_the_64_bit_form_is_read(stored: Stored, seen: Seen) -> None:
    archive = zipfile.ZipFile(io.BytesIO(GOOD))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as other:
        for name in archive.namelist():
            with other.open(name, "w", force_zip64=True) as member:
                member.write(archive.read(name))

    assert text_of(seen(stored("a.epub", target.getvalue()), "epub")) == "One\n\nTwo\n\nThree"


@pytest.mark.parametrize("body", ["<body/>", "<body><img src='x.jpg' alt='x'/></body>"])
def test_a_book_of_pictures_has_no_document(stored: Stored, seen: Seen, body: str) -> None:
    found = seen(stored("a.epub", book({"a.xhtml": PART.format(body=body)})), "epub")

    assert (found.texts, found.bad, [each.rule for each in found.omitted]) == ([], [], ["no_text"])


def encrypted(data: bytes) -> bytes:
    """The archive with the flag of encryption at its last member."""
    place = data.rfind(b"PK\x01\x02")
    local = struct.unpack_from("<L", data, place + 42)[0]
    out = bytearray(data)
    out[place + 8] |= 1
    out[local + 6] |= 1
    return bytes(out)


@pytest.mark.parametrize(
    ("data", "ordinal", "code", "why"),
    [
        (b"", None, "cut", "is empty"),
        (b"hello", None, "wrong_format", "does not begin like a zip archive"),
        (GOOD[:-30], None, "cut", "has no directory at its end"),
        (GOOD + b"more", None, "cut", "has no directory at its end"),
        (
            zipped([("a.txt", "hello")]),
            0,
            "wrong_format",
            "is not an EPUB: the zip archive has no META-INF/container.xml",
        ),
        (changed(GOOD, META_INF__container_xml="<container/>"), 0, "malformed", "container.xml: names no package file"),
        (changed(GOOD, META_INF__container_xml="<container"), 0, "malformed", "container.xml: is not well-formed XML"),
        (changed(GOOD, META_INF__container_xml=BOMB), 0, "malformed", "container.xml: declares entities"),
        (changed(GOOD, OEBPS__content_opf=EXTERNAL), 0, "malformed", "content.opf: declares entities"),
        (changed(GOOD, OEBPS__content_opf=None), 0, "missing_part", "is the package file, but not in the archive"),
        (changed(GOOD, OEBPS__content_opf="<package>"), 0, "malformed", "content.opf: is not well-formed XML"),
        (
            changed(GOOD, OEBPS__content_opf='<?xml version="1.0" encoding="utf-8"?><a>\xe9'.encode("latin-1")),
            0,
            "encoding",
            "",
        ),
        (changed(GOOD, OEBPS__content_opf="<package/>"), 0, "malformed", "content.opf: has no spine"),
        (book(PARTS, package(list(PARTS), spine=[])), 0, "malformed", "has no spine"),
        (
            book(PARTS, package(list(PARTS), spine=["z"])),
            0,
            "missing_part",
            "the manifest lacks the part 'z' of the spine",
        ),
        (
            changed(GOOD, OEBPS__b_xhtml=None),
            0,
            "missing_part",
            "b.xhtml: is a part of the book, but not in the archive",
        ),
        (changed(GOOD, OEBPS__b_xhtml=b"<p>\xff</p>"), 0, "encoding", "OEBPS/b.xhtml: is not valid UTF-8"),
        (book(PARTS, package(["../../x"])), 0, "unsafe_name", "refers to ../../x, which leads out of the book"),
        (
            book(PARTS, package(["a.pdf"], media_types={"a.pdf": "application/pdf"})),
            0,
            "wrong_format",
            "application/pdf",
        ),
        (book(PARTS, encryption=ENCRYPTION.format(AES)), 0, "encrypted", f"is encrypted with {AES}"),
        (book(PARTS, encryption="<encryption"), 0, "malformed", "encryption.xml: is not well-formed XML"),
        (book(PARTS, encryption="<e><EncryptedData/></e>"), 0, "encrypted", "a method that is not named"),
        (book({"a.xhtml": b"\xff\x81"}, rights="<r/>"), 0, "encrypted", "and the book has META-INF/rights.xml"),
        (book({"a.xhtml": b"\xff\x81"}, sinf="<r/>"), 0, "encrypted", "and the book has META-INF/sinf.xml"),
        (encrypted(GOOD), 0, "wrong_format", "OEBPS/c.xhtml: is encrypted"),
    ],
    ids=range(25),
)
def test_a_book_that_cannot_be_read_is_one_bad_record(
    *, stored: Stored, seen: Seen, data: bytes, ordinal: int | None, code: str, why: str
) -> None:
    found = seen(stored("a.epub", data), "epub")

    assert (found.texts, found.codes) == ([], [(ordinal, code)])
    assert why in found.bad[0].why


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused_if_they_count(stored: Stored, seen: Seen) -> None:
    members: list[tuple[str, str | bytes]] = [
        ("META-INF/container.xml", CONTAINER.format(path="content.opf")),
        ("content.opf", package(["a.xhtml"])),
        ("a.xhtml", part("One")),
        ("a.jpg", b"1"),
        ("a.jpg", b"2"),
    ]

    assert text_of(seen(stored("a.epub", zipped(members)), "epub")) == "One"
    found = seen(stored("a.epub", zipped([*members, ("a.xhtml", part("Two"))])), "epub")
    assert found.codes == [(0, "corrupt")]
    assert "two members of the name a.xhtml" in found.bad[0].why


@pytest.mark.parametrize(
    ("limits", "option"),
    [
        (Limits(page=100_000), "--limit page=SIZE"),
        (Limits(page=250_000), "--limit page=SIZE"),
        (Limits(total=250_000), "--limit total=SIZE"),
        (Limits(ratio=2, ratio_from=1000), "--limit ratio=NUMBER"),
        (Limits(members=3), ""),
    ],
)
def test_a_book_obeys_the_limits(*, stored: Stored, seen: Seen, limits: Limits, option: str) -> None:
    parts = {f"{number}.xhtml": part("word " * 40_000) for number in range(3)}

    found = seen(stored("a.epub", book(parts)), "epub", limits=limits)

    assert (found.texts, [code for _, code in found.codes]) == ([], ["too_large"])
    assert option in found.bad[0].why


@pytest.mark.slow
@pytest.mark.parametrize("packed", [False, True])
def test_flips_and_cuts_change_no_text_unnoticed(*, stored: Stored, seen: Seen, packed: bool) -> None:
    rng = random.Random(1)
    parts = {f"{number}.xhtml": part(f"Chapter {number}. " + "It was the best of times. " * 20) for number in range(6)}
    good = book(parts)
    if not packed:
        archive = zipfile.ZipFile(io.BytesIO(good))
        good = zipped([(name, archive.read(name)) for name in archive.namelist()[1:]], stored=True)
    text = text_of(seen(stored("a.epub", good), "epub"))
    noticed = 0
    for number in range(150):
        data = bytearray(good)
        place = rng.randrange(len(data))
        if number % 3:
            data[place] ^= 1 << rng.randrange(8)
        else:
            del data[place:]
        found = seen(stored("a.epub", bytes(data)), "epub")

        assert len(found.texts) + len(found.bad) == 1
        assert found.bad or found.texts == [text]
        noticed += bool(found.bad)
    assert noticed > 100


@pytest.mark.slow
def test_a_book_is_counted_shown_and_verified_alike(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "books"
    folder.mkdir()
    (folder / "a.epub").write_bytes(
        book({"a.xhtml": part("Front", kind="imprint"), "b.xhtml": part("Once upon a time")})
    )
    (folder / "bad.epub").write_bytes(GOOD[:-9])

    counted = ingested(run, folder, "--domain", "books", "--on-bad-record", "skip", "--label", "by=creator", code=1)

    assert (counted["documents"], counted["bytes"], counted["bad_records"]) == (1, len("Once upon a time"), 1)
    assert run("show", folder / "a.epub", 0).out.strip().endswith("Once upon a time")
    assert "Front" not in run("show", folder / "a.epub", 0).out
    run("verify", folder.name)
    run("forget", folder.name)
    whole = ingested(run, folder / "a.epub", "--domain", "books", "--clean", "none")
    assert whole["bytes"] == len("Front\n\nOnce upon a time")
