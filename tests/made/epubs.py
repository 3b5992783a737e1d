"""E-books made for tests."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, Final

CONTAINER: Final = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="{path}" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
METADATA: Final = "<dc:title>Ulysses</dc:title><dc:creator>James Joyce</dc:creator>"
PART: Final = (
    '<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml" '
    'xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head>{body}</html>'
)


def part(text: str, *, kind: str = "", element: str = "section") -> str:
    """A part of a book in XHTML, whose text is of a kind if one is given."""
    kinds = f' epub:type="{kind}"' if kind else ""
    return PART.format(body=f"<body><{element}{kinds}><p>{text}</p></{element}></body>")


def package(
    parts: Sequence[str],
    *,
    spine: Sequence[str] | None = None,
    properties: Mapping[str, str] | None = None,
    media_types: Mapping[str, str] | None = None,
    metadata: str = METADATA,
    guide: str = "",
) -> str:
    """A package file whose items are called as their files; the spine has all of them unless it is given."""
    given, types = properties or {}, media_types or {}
    items = "".join(
        f'<item id="{name}" href="{name}" media-type="{types.get(name, "application/xhtml+xml")}"'
        + (f' properties="{given[name]}"' if name in given else "")
        + "/>"
        for name in parts
    )
    refs = "".join(f'<itemref idref="{name}"/>' for name in (parts if spine is None else spine))
    return (
        '<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata><manifest>{items}</manifest>'
        f"<spine>{refs}</spine>{guide}</package>"
    )


def zipped(members: Sequence[tuple[str, str | bytes]], *, stored: bool = False) -> bytes:
    """A zip archive of these members, with the media type of EPUB first."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


def book(
    parts: Mapping[str, str | bytes], opf: str | None = None, *, path: str = "OEBPS/content.opf", **more: str | bytes
) -> bytes:
    """An EPUB with these parts next to its package file, and with more members in META-INF."""
    folder = path[: path.rfind("/") + 1]
    return zipped(
        [
            ("META-INF/container.xml", CONTAINER.format(path=path)),
            *((f"META-INF/{name}.xml", data) for name, data in more.items()),
            (path, package(list(parts)) if opf is None else opf),
            *((folder + name, data) for name, data in parts.items()),
        ]
    )


def gutenberg(the: str, text: str) -> bytes:
    """A plain text with header and licence as Project Gutenberg has them; it wrote THIS, and later THE."""
    return (
        "The Project Gutenberg eBook of Rivers\n\nThis ebook is for the use of anyone anywhere.\n\nTitle: Rivers\n\n"
        f"*** START OF {the} PROJECT GUTENBERG EBOOK RIVERS ***\n\n{text}\n\n"
        f"*** END OF {the} PROJECT GUTENBERG EBOOK RIVERS ***\n\n"
        "Updated editions will replace the previous one.\n\nSection 1. General Terms of Use\n"
    ).encode()


def text_of(found: Any) -> str:
    """The text of a book that was read whole, as its only document."""
    assert (found.ordinals, found.offsets, found.bad) == ([0], [0], [])
    (text,) = found.texts
    return str(text)
