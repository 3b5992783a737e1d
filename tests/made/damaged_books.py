"""Pages and e-books in the damaged and odd forms that lie around."""

import gzip
import io
import zipfile
from collections.abc import Mapping
from typing import Final

from made.crawls import html
from made.damage import Case
from made.epubs import CONTAINER, book, package, part, zipped
from made.samples import text

WORDS: Final = text(3)
JAPANESE: Final = "日本語の文章はここにあります。今日は天気がとてもいいですから、公園を散歩しましょう。"
CHINESE: Final = "中文文章在这里。今天天气很好。我们去公园散步吧。北京是中国的首都。历史悠久。"
ENCRYPTION: Final = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
    'xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/>'
    '<CipherData><CipherReference URI="OEBPS/a.xhtml"/></CipherData></EncryptedData></encryption>'
)
BOMB: Final = (
    '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
EXTERNAL: Final = '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
TEI: Final = (
    '<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/><text><body><p>Words</p></body></text>'
    "</TEI>"
)
NO_TEXT: Final = {"no_text": 1}


def _page(content: str, charset: str = "") -> str:
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<!doctype html><html><head>{meta}<title>t</title></head><body><main><p>{content}</p></main></body></html>"


def _html(data: bytes | str, words: str = WORDS) -> Case:
    """A page that is a document."""
    return Case("a.html", data if isinstance(data, bytes) else data.encode(), 1, (), {}, words)


PAGES: Final[Mapping[str, Case]] = {
    "no closing tags": _html(f"<html><body><main><article><p>{WORDS}<p>more of it<b>and more"),
    "100,000 nested elements": Case(
        "a.html",
        b"<html><body><main>" + b"<div>" * 100_000 + b"<p>words",
        0,
        [("extraction_failed", 0, 0, "it takes more than")],
    ),
    "100,000 nested spans": _html("<!doctype html><html><body><main><p>" + "<span>" * 100_000 + WORDS),
    "frames only": Case(
        "a.html", b"<html><frameset cols=50%,50%><frame src=a.html><frame src=b.html></frameset></html>", 0, (), NO_TEXT
    ),
    "scripts only": Case(
        "a.html", b"<html><body><script>document.write('words')</script></body></html>", 0, (), NO_TEXT
    ),
    "pre of 10 MB": _html("<!doctype html><html><body><main><pre>" + (WORDS + "\n") * (10_000_000 // len(WORDS))),
    "entities without semicolon": _html(_page(WORDS + " caf&eacute and &ltb&gt &copy 2024 &amp more"), "café and <b>"),
    "two bodies": _html(f"<!doctype html><html><body><p>{text(4)}</p></body><body><p>{WORDS}</p></body></html>"),
    "charset in the last line": _html(
        _page("Größe und Übung schön " + WORDS).encode("latin-1") + b'\n<meta charset="iso-8859-1">\n',
        "Größe und Übung",
    ),
    "UTF-16 with a mark": _html(_page(WORDS).encode("utf-16")),
    "UTF-16 without a mark": _html(_page(WORDS).encode("utf-16-le")),
    "UTF-16 that says UTF-8": _html(_page(WORDS, "utf-8").encode("utf-16")),
    "Shift-JIS": _html(_page(JAPANESE * 5, "shift_jis").encode("shift_jis"), JAPANESE[:14]),
    "Shift-JIS that says nothing": _html(_page(JAPANESE * 5).encode("shift_jis"), JAPANESE[:14]),
    "Shift-JIS that says UTF-8": _html(_page(JAPANESE * 5, "utf-8").encode("shift_jis"), JAPANESE[:14]),
    "GB18030": _html(_page(CHINESE * 5, "gb18030").encode("gb18030"), CHINESE[:15]),
    "GB18030 that says nothing": _html(_page(CHINESE * 5).encode("gb18030"), CHINESE[:15]),
    "UTF-8 that says Latin-1": _html(_page(JAPANESE * 5, "iso-8859-1"), JAPANESE[:14]),
    "UTF-8 with a bad byte": _html(_page(JAPANESE * 5 + "X").encode().replace(b"X", b"\xff"), JAPANESE[:14]),
    "UTF-8 and Latin-1 mixed": _html(_page(JAPANESE * 5).encode() + "<p>Größe".encode("latin-1"), JAPANESE[:14]),
    "no bytes": Case("a.html", b""),
    "zero bytes": Case("a.html", bytes(5000), 0, (), NO_TEXT),
    "a picture": Case(
        "a.html",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        0,
        [("wrong_format", None, None, "is not HTML: it is image/png")],
    ),
    "a PDF": Case(
        "a.html", b"%PDF-1.7\n" + bytes(range(256)) * 20, 0, [("wrong_format", None, None, "is not HTML: it is PDF")]
    ),
    "gzip": Case("a.html.gz", gzip.compress(html(WORDS)), 1, (), {}, WORDS),
    "gzip, cut": Case("a.html.gz", gzip.compress(html(WORDS))[:-60], 0, [("cut", None, None, "cut")]),
}


def _book(code: str, why: str, data: bytes) -> Case:
    """A book that can't be read."""
    return Case("a.epub", data, 0, [(code, 0, 0, why)])


def _read(data: bytes) -> Case:
    return Case("a.epub", data, 1, (), {}, WORDS)


PARTS: Final = {"a.xhtml": part(WORDS), "b.xhtml": part(text(4))}
WHOLE: Final = book(PARTS)


def _media_type_last() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in reversed(source.namelist()):
            archive.writestr(name, source.read(name))
    return target.getvalue()


BOOKS: Final[Mapping[str, Case]] = {
    "whole book": _read(WHOLE),
    "no spine": _book("malformed", "has no spine", book(PARTS, package(list(PARTS), spine=[]))),
    "part of the spine missing in the archive": _book(
        "missing_part", "c.xhtml: is a part of the book", book(PARTS, package([*PARTS, "c.xhtml"]))
    ),
    "part of the spine missing in the manifest": _book(
        "missing_part", "the manifest lacks", book(PARTS, package(list(PARTS), spine=[*PARTS, "c"]))
    ),
    "no package file": _book(
        "missing_part", "is the package file", zipped([("META-INF/container.xml", CONTAINER.format(path="x.opf"))])
    ),
    "no container": _book("wrong_format", "is not an EPUB", zipped([("a.xhtml", part(WORDS))])),
    "protected": _book("encrypted", "is encrypted with", book(PARTS, encryption=ENCRYPTION)),
    "protected, by its licence": _book(
        "encrypted", "it is encrypted", book({"a.xhtml": bytes(range(128, 256)) * 9}, rights="<rights/>")
    ),
    "entity bomb in the package": _book(
        "malformed",
        "declares entities",
        book(PARTS, package(list(PARTS)).replace('<?xml version="1.0" encoding="utf-8"?>', BOMB)),
    ),
    "entity bomb in the container": _book(
        "malformed", "declares entities", zipped([("META-INF/container.xml", BOMB + "<p>&i;</p>")])
    ),
    "entity bomb in a part": _read(book({"a.xhtml": BOMB + f"<html><body><p>{WORDS}</p><p>&i;</p></body></html>"})),
    "external entity in the package": _book(
        "malformed",
        "declares entities",
        book(PARTS, package(list(PARTS)).replace('<?xml version="1.0" encoding="utf-8"?>', EXTERNAL)),
    ),
    "external entity in a part": _read(
        book({"a.xhtml": EXTERNAL + f"<html><body><p>{WORDS}</p><p>&x;</p></body></html>"})
    ),
    "media type last": _read(_media_type_last()),
    "reference out of the archive": _book(
        "unsafe_name",
        "leads out of the book",
        book(PARTS, package(list(PARTS)).replace('href="a.xhtml"', 'href="../../../etc/passwd"')),
    ),
    "members named with ..": _read(
        zipped(
            [
                ("../../evil.xhtml", part("evil")),
                ("META-INF/container.xml", CONTAINER.format(path="c.opf")),
                ("c.opf", package(list(PARTS))),
                *PARTS.items(),
            ]
        )
    ),
    "Latin-1 that the first line calls UTF-8": _book(
        "encoding", "is not valid UTF-8", book({"a.xhtml": part("Größe").encode("latin-1")})
    ),
    "UTF-8 that the first line calls Latin-1": _read(
        book({"a.xhtml": part(WORDS + " Größe").replace('encoding="utf-8"', 'encoding="iso-8859-1"')})
    ),
    "UTF-16 that the first line calls UTF-8": _read(book({"a.xhtml": part(WORDS).encode("utf-16")})),
    "nested elements in the package": _book(
        "malformed", "has no spine", book(PARTS, "<p>" * 100_000 + "</p>" * 100_000)
    ),
    "package with a comment of 100 MB": _book(
        "too_large",
        "content.opf: is longer than 33.6 MB",
        book(PARTS, package(list(PARTS)).replace("<metadata", f"<!--{'x' * 100_000_000}--><metadata", 1)),
    ),
    "nested elements in a part": _read(book({"a.xhtml": part("<div>" * 100_000 + WORDS)})),
    "damaged package": _book("malformed", "is not well-formed XML", book(PARTS, package(list(PARTS))[:-50])),
    "cut": Case("a.epub", WHOLE[:-300], 0, [("cut", None, None, "cut")]),
    "no bytes": Case("a.epub", b"", 0, [("cut", None, None, "empty")]),
    "a page called book": Case("a.epub", html(WORDS), 0, [("wrong_format", None, None, "zip")]),
}
