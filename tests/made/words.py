"""The words of a text, slow and plain, written from the definition."""

import unicodedata

ONE_BY_ONE = [
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # kana
    (0x31F0, 0x31FF),
    (0xFF66, 0xFF9F),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
]


def plain_kind(char: str) -> str:
    """The ``kind`` of a character: w for a part of a word, o for a word of its own, empty for a separator."""
    if char == "_":
        return "w"
    if unicodedata.category(char)[0] not in "LMN":
        return ""
    return "o" if any(first <= ord(char) <= last for first, last in ONE_BY_ONE) else "w"


def plain_words(text: str) -> list[str]:
    """The words of a text, in order."""
    spaced = []
    for char in text:
        kind = plain_kind(char)
        lower = char.lower()
        spaced.append({"w": lower if len(lower) == 1 else char, "o": f" {char} ", "": " "}[kind])
    return [word for word in "".join(spaced).split(" ") if word]
