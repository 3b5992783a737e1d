"""What differs between two texts, word by word: ``[-only in the first-]{+only in the second+}`` with some context."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

_IDEOGRAPH: Final = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_UNIT: Final = re.compile(rf"[{_IDEOGRAPH}]\s*|[^\s{_IDEOGRAPH}]+\s*|\s+")
"""A word with the blanks behind it: blanks of their own would match everywhere."""
_CONTEXT: Final = 6
"""Words that are shown around a difference."""
_MOST_UNITS: Final = 3_000
"""Most words of each text that are compared, from the first difference on."""
_MOST_PLACES: Final = 20
_LONGEST: Final = 200
"""Most characters of a difference that are shown; of a longer one, both ends are."""
_SHOWN: Final = {ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"}


def word_diff(one: str, other: str) -> tuple[str, str]:
    """The places where the texts differ, one per line, and what is not shown of them; both may be empty.

    Time and result are bounded: long texts are compared in part, and only the first places are shown.
    """
    a, b = _UNIT.findall(one), _UNIT.findall(other)
    begin = _shared(a, b)
    end = _shared(a[begin:][::-1], b[begin:][::-1])
    first = max(0, begin - _CONTEXT)
    last = max(0, end - _CONTEXT)
    a, b = a[first : len(a) - last], b[first : len(b) - last]
    notes = []
    if max(len(a), len(b)) > _MOST_UNITS:
        notes.append(f"only {_MOST_UNITS:,} words from the first difference on are compared")
        a, b = a[:_MOST_UNITS], b[:_MOST_UNITS]
    groups = list(SequenceMatcher(None, a, b).get_grouped_opcodes(_CONTEXT))
    if len(groups) > _MOST_PLACES:
        notes.append(f"{len(groups) - _MOST_PLACES:,} more places differ")
    return "\n".join(_place(a, b, group) for group in groups[:_MOST_PLACES]), "; ".join(notes)


def _place(a: Sequence[str], b: Sequence[str], group: Sequence[tuple[str, int, int, int, int]]) -> str:
    parts = []
    for kind, a_begin, a_end, b_begin, b_end in group:
        gone, come = "".join(a[a_begin:a_end]), "".join(b[b_begin:b_end])
        if kind == "equal":
            parts.append(gone)
        else:
            blanks = gone[len(gone.rstrip()) :] if gone.rstrip() and come.rstrip() else ""
            behind = blanks if come[len(come.rstrip()) :] == blanks else ""
            parts += [
                _marked("[-{}-]", gone.removesuffix(behind)),
                _marked("{{+{}+}}", come.removesuffix(behind)),
                behind,
            ]
    return "".join(parts).translate(_SHOWN)


def _shared(a: Sequence[str], b: Sequence[str]) -> int:
    """The number of units with which both begin."""
    same = (place for place, (one, other) in enumerate(zip(a, b, strict=False)) if one != other)
    return next(same, min(len(a), len(b)))


def _marked(marks: str, text: str) -> str:
    """A text between marks, without its middle if it is long; empty for an empty text."""
    if len(text) <= _LONGEST:
        return marks.format(text) if text else ""
    half = _LONGEST // 2
    return marks.format(f"{text[:half]} … {len(text) - 2 * half:,} characters … {text[-half:]}")
