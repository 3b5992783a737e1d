"""The package of an EPUB: its metadata, the parts of the book in order, and what each of them is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from tokaudit.readers.archives.members import shown
from tokaudit.readers.epub.contents import Contents, folder_of
from tokaudit.readers.epub.xml_elements import Start, attribute, local_name, read_elements
from tokaudit.readers.faults import FileFault

_CONTAINER: Final = "META-INF/container.xml"
_PACKAGE_TYPE: Final = "application/oebps-package+xml"
_DUBLIN_CORE: Final = "http://purl.org/dc/elements/1."
_SEPARATOR: Final = "; "
_TEXTS: Final = frozenset(
    "application/xhtml+xml text/html text/x-oeb1-document application/x-dtbook+xml application/xml text/xml".split()
)
_NAVIGATION: Final = "application/x-dtbncx+xml"
_PICTURES: Final = ("image/", "audio/", "video/", "font/")
_TEXT_SUFFIXES: Final = (".xhtml", ".html", ".htm", ".xml")
_LONGEST_CHAIN: Final = 16

# What the guide of EPUB 2 and the landmarks of EPUB 3 call the parts that are not the book itself.
_ASIDE: Final = frozenset("toc landmarks page-list loi lot loa lov cover copyright-page colophon imprint".split())


@dataclass(frozen=True, slots=True)
class Item:
    """A file of a book, as the manifest has it."""

    href: str
    media_type: str
    properties: frozenset[str]
    fallback: str


class _Manifest:
    """What a package file says, in its own names, gathered element by element.

    Attributes:
        items: id -> file of the book.
        spine: ids of the parts, in order.
        guide: kind and reference of parts that have a place in the guide of EPUB 2.
        metadata: name of a Dublin Core field -> its values.
    """

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.spine: list[str] = []
        self.guide: list[tuple[str, str]] = []
        self.metadata: dict[str, list[str]] = {}
        self._inside = ""
        self._pieces: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""
        kind = local_name(name)
        if name.startswith(_DUBLIN_CORE):
            self._inside, self._pieces = kind.lower(), []
        elif kind == "item":
            self.items.setdefault(attribute(attributes, "id"), _item(attributes))
        elif kind == "itemref":
            self.spine.append(attribute(attributes, "idref"))
        elif kind == "reference":
            self.guide.append((attribute(attributes, "type").lower(), attribute(attributes, "href")))

    def text(self, piece: str) -> None:
        """Take a piece of text."""
        if self._inside:
            self._pieces.append(piece)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name.startswith(_DUBLIN_CORE):
            value = " ".join("".join(self._pieces).split())
            if value and self._inside:
                self.metadata.setdefault(self._inside, []).append(value)
            self._inside = ""


def _item(attributes: Mapping[str, str]) -> Item:
    return Item(
        attribute(attributes, "href"),
        attribute(attributes, "media-type").partition(";")[0].strip().lower(),
        frozenset(attribute(attributes, "properties").split()),
        attribute(attributes, "fallback"),
    )


@dataclass(frozen=True, slots=True)
class Package:
    """A book.

    Attributes:
        metadata: name of a Dublin Core field, such as ``creator`` -> its values, joined by semicolons.
        parts: names of the members with the text, in the order of the spine, each once.
        aside: those of them that are navigation, cover or imprint as a whole.
    """

    metadata: Mapping[str, str]
    parts: Sequence[str]
    aside: frozenset[str]


def read_package(contents: Contents) -> Package:
    """The book in an archive.

    The parts that the spine calls not linear are among the others: mostly they are notes.

    Raises:
        FileFault: it is not an EPUB, or a file that says what is in it is missing or damaged.
    """
    path = _package_path(contents)
    folder = folder_of(path)
    manifest = _Manifest()
    _read(contents.read(path), path, manifest.start, manifest.text, manifest.end)
    if not manifest.spine:
        raise FileFault("malformed", f"{shown(path)}: has no spine, so the order of the parts is not known")
    parts: dict[str, None] = {}
    navigation = set()
    for idref in dict.fromkeys(manifest.spine):
        item = _with_text(manifest, idref, path)
        if item is None:
            continue
        name = contents.resolve(folder, item.href)
        if name is None:
            raise FileFault("missing_part", f"{shown(item.href)}: is a part of the book, but not in the archive")
        parts[name] = None
        if "nav" in item.properties:
            navigation.add(name)
    aside = _aside(contents, folder, manifest, parts)
    metadata = {name: _SEPARATOR.join(values) for name, values in manifest.metadata.items()}
    return Package(metadata, tuple(parts), frozenset(navigation | aside))


def _package_path(contents: Contents) -> str:
    """The name of the first package file: others are the same book in another form."""
    container = contents.find(_CONTAINER)
    if container is None:
        raise FileFault("wrong_format", f"is not an EPUB: the zip archive has no {_CONTAINER}")
    found: list[tuple[str, str]] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if local_name(name) == "rootfile":
            found.append((attribute(attributes, "media-type"), attribute(attributes, "full-path")))

    _read(contents.read(container), container, start)
    paths = [path for kind, path in found if kind == _PACKAGE_TYPE] or [path for _, path in found]
    if not paths or not paths[0]:
        raise FileFault("malformed", f"{container}: names no package file")
    package = contents.resolve("", paths[0])
    if package is None:
        raise FileFault("missing_part", f"{shown(paths[0])}: is the package file, but not in the archive")
    return package


def _read(
    data: bytes,
    name: str,
    start: Start,
    text: Callable[[str], None] | None = None,
    end: Callable[[str], None] | None = None,
) -> None:
    """Read the elements of a member; a fault says its name."""
    try:
        read_elements(data, start, text, end)
    except FileFault as fault:
        raise FileFault(fault.code, f"{shown(name)}: {fault.why}") from fault


def _with_text(manifest: _Manifest, idref: str, path: str) -> Item | None:
    """The item with the text of a part, which may be a fallback; None for pictures, sound and the list of contents."""
    seen = idref
    for _ in range(_LONGEST_CHAIN):
        item = manifest.items.get(idref)
        if item is None:
            raise FileFault("missing_part", f"{shown(path)}: the manifest lacks the part {shown(idref)!r} of the spine")
        href = item.href.partition("#")[0].lower()
        if item.media_type in _TEXTS or (not item.media_type and href.endswith(_TEXT_SUFFIXES)):
            return item
        if not item.fallback:
            break
        idref = item.fallback
    item = manifest.items[seen]
    if item.media_type == _NAVIGATION or item.media_type.startswith(_PICTURES):
        return None
    raise FileFault(
        "wrong_format",
        f"{shown(item.href)}: is a part of type {item.media_type or 'unknown'}, which tokaudit can't read",
    )


def _aside(contents: Contents, folder: str, manifest: _Manifest, parts: Mapping[str, None]) -> set[str]:
    """The parts that are something else than the book as a whole.

    References into the middle of a part say nothing about all of it, and neither do those to a part that is also the
    beginning of the text.
    """
    aside: set[str] = set()
    book: set[str] = set()
    for kinds, name, whole in _references(contents, folder, manifest):
        if name is None or name not in parts:
            continue
        if whole and kinds & _ASIDE:
            aside.add(name)
        if not kinds & _ASIDE:
            book.add(name)
    return aside - book


def _references(
    contents: Contents, folder: str, manifest: _Manifest
) -> Iterator[tuple[frozenset[str], str | None, bool]]:
    """Yield the kinds, the member, and whether all of it is meant, for each reference of the guide and landmarks."""
    for kind, href in manifest.guide:
        yield frozenset({kind}), _resolved(contents, folder, href), "#" not in href
    for item in manifest.items.values():
        name = _resolved(contents, folder, item.href) if "nav" in item.properties else None
        if name is not None:
            below = folder_of(name)
            for kinds, href in _landmarks(contents.read(name)):
                yield kinds, _resolved(contents, below, href), "#" not in href


def _resolved(contents: Contents, folder: str, href: str) -> str | None:
    try:
        return contents.resolve(folder, href)
    except FileFault:
        return None  # it is no part of the book, then


def _landmarks(data: bytes) -> list[tuple[frozenset[str], str]]:
    """The kinds and targets of the landmarks of EPUB 3; those before the fault if the file is damaged."""
    found: list[tuple[frozenset[str], str]] = []
    depth = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        kinds = frozenset(attribute(attributes, "type").lower().split())
        if local_name(name) == "nav":
            depth = depth + 1 if depth or "landmarks" in kinds else 0
        elif depth and local_name(name) == "a":
            found.append((kinds, attribute(attributes, "href")))

    def end(name: str) -> None:
        nonlocal depth
        if local_name(name) == "nav" and depth:
            depth -= 1

    with suppress(FileFault):
        read_elements(data, start, None, end)
    return found
