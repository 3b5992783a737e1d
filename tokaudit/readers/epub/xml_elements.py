"""The elements of a small XML file, read by expat: no entity is expanded, and nothing outside of the file is opened.

lxml would have to be told to leave entities and the network alone, and keeps a tree. Expat from Python's own library
passes one element at a time, however deep they are nested, and follows no reference unless it has a handler for it.
"""

import codecs
from collections.abc import Callable, Mapping
from typing import Final
from xml.parsers import expat

from tokaudit.core.units import format_bytes
from tokaudit.readers.faults import FileFault

_BLANK: Final = " "
_BAD_ENCODINGS: Final = frozenset(
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_UNKNOWN_ENCODING,
        expat.errors.XML_ERROR_INCORRECT_ENCODING,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)
_HEAD: Final = 4
_MOST: Final = 1 << 25
"""Most bytes: real ones have some megabytes, and expat reads a long comment again and again."""

Start = Callable[[str, Mapping[str, str]], None]
"""Is called with the name of an element and its attributes; namespaces stand before names, with a blank between."""


def read_elements(
    data: bytes, start: Start, text: Callable[[str], None] | None = None, end: Callable[[str], None] | None = None
) -> None:
    """Call `start` for each element in order, `text` for pieces of text, and `end` where an element ends.

    Bytes that are UTF-8, or have the mark of UTF-16, are read as such, whatever the first line of the file says.

    Raises:
        FileFault: the file is not well-formed XML, is too large, or declares entities, which may be a bomb.
    """
    if len(data) > _MOST:
        raise FileFault("too_large", f"is longer than {format_bytes(_MOST)}, unlike a file about a book")
    parser = expat.ParserCreate(_encoding(data), namespace_separator=_BLANK)
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EntityDeclHandler = _refuse_entities
    if text is not None:
        parser.CharacterDataHandler = text
    if end is not None:
        parser.EndElementHandler = end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        bad_encoding = error.code in _BAD_ENCODINGS
        raise FileFault("encoding" if bad_encoding else "malformed", f"is not well-formed XML: {error}") from error
    except (LookupError, UnicodeError, ValueError) as error:  # an encoding that Python does not have
        raise FileFault("encoding", f"is in an encoding that is not known: {error}") from error


def local_name(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition(_BLANK)[2]


def attribute(attributes: Mapping[str, str], name: str) -> str:
    """The value of an attribute, with or without a namespace; empty if there is none."""
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if local_name(key) == name), "")


def _refuse_entities(*_: object) -> None:
    raise FileFault("malformed", "declares entities, which tokaudit does not expand")


def _encoding(data: bytes) -> str | None:
    """The encoding that the bytes show; None if the first line of the file has to say it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in data[:_HEAD]:
        return None
    try:
        data.decode()
    except UnicodeDecodeError:
        return None
    return "utf-8"
