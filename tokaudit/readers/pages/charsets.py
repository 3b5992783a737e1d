"""The character set of a page, as its first bytes, the server, the page and its content say.

The order is that of browsers: a byte order mark, the server, the page. But all of them are wrong at times, so the
content has the last word: what is valid UTF-8 is UTF-8, whatever it says, and a set in which many bytes are no
characters is not believed.
"""

import re
from typing import Final

from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

_WIDER: Final = {
    # What a name means on the web, and what Python calls it: the set with the characters that vendors added.
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "gbk": "gb18030",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
}
_DETECTED: Final = {
    # Names of the detector that are not those of the web. It takes Ukrainian for the set of old Macs.
    "cp949": "cp949",
    "euc_jp": "euc_jp",
    "iso2022_jp": "iso2022_jp",
    "mac-cyrillic": "cp1251",
}
_UTF16: Final = frozenset({"utf-16-le", "utf-16-be"})
_ESCAPED: Final = "iso2022_jp"  # has only ASCII bytes
_LATIN: Final = frozenset({"cp1250", "cp1252", "cp1254", "iso8859-2", "iso8859-15", "mac-roman"})
_FALLBACK: Final = "cp1252"  # that of browsers
_HEAD: Final = 1024  # bytes in which browsers look for a <meta>

_NAMED: Final = re.compile(
    rb"""<meta\b[^<>]{0,1000}?\bcharset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,40})"""
    rb"""|<\?xml\b[^<>]{0,200}?\bencoding\s{0,9}=\s{0,9}["']([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_RUNS: Final = re.compile(rb"[\x80-\xff]{2,}")
_ASCII: Final = bytes(range(128))


def decoded(data: bytes, charset: str | None, *, is_markup: bool = True) -> str:
    """The characters of a page.

    Args:
        data: the page as the server sent it, without compression.
        charset: character set that the server named; None if it named none. Unknown names are ignored.
        is_markup: whether the page may name its character set, as HTML does.

    Returns:
        The text without byte order mark. Bytes that are no characters become U+FFFD; there are no lone surrogates.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    if wide := _unmarked_utf16(data):
        return data.decode(wide, "replace")
    server = codec_of(charset)
    if is_markup and server in _UTF16:
        server = None  # ASCII markup without zero bytes is not in UTF-16
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return data.decode(_legacy(data, server, _named(data) if is_markup else None), "replace")
    if b"\x1b" in data and text.isascii() and _detected(data) == _ESCAPED:
        return data.decode(_ESCAPED, "replace")
    return text


def codec_of(label: str | None) -> str | None:
    """Python's name of a character set that the web calls `label`; None if it is unknown."""
    if not label:
        return None
    name = map_encoding_to_html5(label.strip().strip("\"'"), fallback_utf8=False)
    return _WIDER.get(name, name) if name else None


def _named(data: bytes) -> str | None:
    """The character set that the page names, at best in its first bytes; None if it names none that is known."""
    for part in (_COMMENT.sub(b"", data[:_HEAD]), data[_HEAD - 40 :]):
        found = _NAMED.search(part)
        codec = codec_of((found[1] or found[2]).decode("ascii", "ignore")) if found else None
        if codec and codec not in _UTF16:  # a name that could be read is not in UTF-16
            return codec
    return None


def _legacy(data: bytes, server: str | None, page: str | None) -> str:
    """The character set of bytes that are not valid UTF-8."""
    if _fits(data, "utf-8"):
        return "utf-8"  # with bad bytes
    named = [codec for codec in (server, page) if codec and codec != "utf-8" and _fits(data, codec)]
    detected = _detected(data)
    if not named:
        return detected or _FALLBACK
    # Accents stand between ASCII letters. Where most bytes follow each other, the script is not Latin.
    if detected and named[0] in _LATIN and _is_in_runs(data):
        return detected
    return detected if detected in named else named[0]


def _detected(data: bytes) -> str | None:
    """The character set that the content looks like; None if it can't be said or the bytes do not fit."""
    name = detect_encoding(data, html5_compatible=False)
    codec = _DETECTED.get(name or "") or codec_of(name)  # sets that the web does not have are not believed
    return codec if codec and _fits(data, codec) else None


def _fits(data: bytes, codec: str) -> bool:
    """Whether nearly all bytes outside ASCII are characters of a set; in UTF-8 most, as that is hardly an accident."""
    high = _high(data)
    bad = data.decode(codec, "replace").count("\ufffd") - data.count(b"\xef\xbf\xbd")
    return bad * (3 if codec == "utf-8" else 20) <= high


def _high(data: bytes) -> int:
    """The number of bytes outside ASCII."""
    return len(data.translate(None, _ASCII))


def _is_in_runs(data: bytes) -> bool:
    """Whether most bytes outside ASCII follow each other, unlike the accents of Latin letters; at least ten."""
    inside = sum(map(len, _RUNS.findall(data)))
    return inside >= 10 and inside * 2 >= _high(data)


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 that has no byte order mark, by the zero bytes of its markup; None if it is not UTF-16."""
    first = data[:4096]
    if b"\0" not in first:
        return None
    even, odd = first[0::2].count(0), first[1::2].count(0)
    most = max(even, odd)
    if most < 16 and most * 8 < len(first):  # some zero bytes, not those of markup
        return None
    if most * 24 < len(first) or min(even, odd) * 8 > most:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"
