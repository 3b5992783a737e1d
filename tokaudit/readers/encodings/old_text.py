"""Plain text in an old encoding, decoded if it is sure which one it is; an uncertain one is no text.

What the header of a Project Gutenberg text says decides, if the text reads well so. Otherwise, the detector of
resiliparse has to agree on every character with charset-normalizer or with a comparison of the encodings of Western
Europe. That comparison decides alone on those of DOS and of the Macintosh, which the detectors take for others.
"""

import codecs
import re
from typing import Final

from tokaudit.readers.encodings.names import meant_by
from tokaudit.readers.encodings.plausible import is_plausible
from tokaudit.readers.encodings.western import ENCODINGS, western_encoding

_HEAD: Final = 10_000
_SAID: Final = re.compile(
    rb"(?:Character set|Codierung|Encodage|Encoding)[^\n:]{0,20}:[ \t]*([^\r\n]{2,60})", re.IGNORECASE
)
_NAMES: Final = (
    (re.compile(r"8859[- ]?15|latin[- ]?9"), "iso8859-15"),
    (re.compile(r"8859[- ]?1\b|latin[- ]?1\b"), "cp1252"),
    (re.compile(r"(?:windows|cp|codepage)[- ]?(125\d|437|850|866)"), "cp{}"),
    (re.compile(r"8859[- ]?(2|5|7|9|13)\b"), "iso8859-{}"),
    (re.compile(r"mac"), "mac_roman"),
    (re.compile(r"koi8"), "koi8_r"),
    (re.compile(r"shift[-_ ]?jis|sjis"), "cp932"),
    (re.compile(r"euc[-_ ]?jp"), "euc_jp"),
    (re.compile(r"euc[-_ ]?kr"), "cp949"),
    (re.compile(r"big[- ]?5"), "big5"),
    (re.compile(r"gb"), "gb18030"),
)
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE: Final = ("utf-16-le", "utf-16-be")
_MOST_UTF8: Final = 0.5
_DOS_AND_MACINTOSH: Final = ("mac_roman", "cp850", "cp437")
_KOREAN: Final = "cp949"
_MOSTLY: Final = 0.95
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
_WIDE_LETTER: Final = re.compile("[\u1100-\u11ff\u3040-\u31ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_LEAST_SPACES: Final = 0.01
_SPACES: Final = (" ", "\n", "\u3000", "\u3002", "\u3001")


def decode_old(data: bytes) -> str | None:
    """The text of bytes that are not UTF-8; None if their encoding is not sure.

    UTF-8 with damaged bytes, and bytes in several encodings, are not sure.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _plausible(data, name)
    if b"\0" in data:
        return _wide(data)
    if _is_mostly_utf8(data):
        return None
    western, said = western_encoding(data), _said(data)
    if said and (western in {None, said} or said not in ENCODINGS) and (text := _plausible(data, said)):
        return text
    if western in _DOS_AND_MACINTOSH:  # which the detectors do not know, or not well
        return _plausible(data, western)
    return _agreed(data, western)


def _agreed(data: bytes, western: str | None) -> str | None:
    """The text on which detectors agree; None if they do not."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - takes long, and few books need it
    from resiliparse.parse.encoding import detect_encoding  # noqa: PLC0415 - as above

    best = from_bytes(data).best()
    name = meant_by(detect_encoding(data) or "utf-8")
    found, by_western = _plausible(data, name), _plausible(data, western)
    by_statistics = _plausible(data, best.encoding if best else None)
    if found is not None:
        alone = western is None and by_statistics is None and name not in ENCODINGS
        return found if found in {by_western, by_statistics} or alone else None
    if best and meant_by(best.encoding) == _KOREAN:
        return _korean(data)
    return by_western if by_western == by_statistics and name in {"utf-8", *ENCODINGS} else None


def _said(data: bytes) -> str | None:
    """The encoding that the header of a text names; None if it names none, or one that is not old."""
    found = _SAID.search(data[:_HEAD])
    name = found[1].decode("ascii", errors="ignore").lower() if found else ""
    for pattern, codec in _NAMES:
        if match := pattern.search(name):
            return codec.format(*match.groups())
    return None


def _plausible(data: bytes, name: str | None) -> str | None:
    """The text in an encoding; None if it is not valid, no text that people write, or there is no encoding."""
    if name is None:
        return None
    try:
        text = data.decode(meant_by(name))
    except (UnicodeError, LookupError):
        return None
    return text if is_plausible(text) else None


def _korean(data: bytes) -> str | None:
    """The text of Korean, which has few Chinese characters: in Chinese read as Korean, they are half of all."""
    text = _plausible(data, _KOREAN)
    return text if text and len(_HANGUL.findall(text)) >= _MOSTLY * len(_WIDE_LETTER.findall(text)) else None


def _wide(data: bytes) -> str | None:
    """The text of UTF-16 without a mark: in the wrong order of bytes, blanks and line breaks are other characters."""
    texts = [text for name in _WIDE if (text := _plausible(data, name)) and _spaces(text) >= _LEAST_SPACES * len(text)]
    return texts[0] if len(texts) == 1 else None


def _spaces(text: str) -> int:
    return sum(map(text.count, _SPACES))


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether most bytes outside ASCII are whole characters in UTF-8, so that the others are damage."""
    high = len(data) - len(data.decode("ascii", errors="ignore"))
    whole = data.decode(errors="ignore")
    return len(whole.encode()) - len(whole.encode("ascii", errors="ignore")) > _MOST_UTF8 * high
