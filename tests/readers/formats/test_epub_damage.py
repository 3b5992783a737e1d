"""Odd and damaged EPUBs: what can be read is read, and any other book is one bad record."""

import io
import random
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from made.epubs import CONTAINER, PART, book, package, part, text_of, zipped

from tokaudit.readers.files import InputFile
from tokaudit.readers.unpack.limits import Limits

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]

PARTS = {"a.xhtml": part("One"), "b.xhtml": part("Two"), "c.xhtml": part("Three")}
ENCRYPTION = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
    '<enc:EncryptedData><enc:EncryptionMethod Algorithm="{}"/><enc:CipherData><enc:CipherReference URI="OEBPS/x"/>'
    "</enc:CipherData></enc:EncryptedData></encryption>"
)
AES = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"


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
