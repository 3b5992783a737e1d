"""Slow, plain twins of shingles and their hashes, written from the definitions."""

from made.words import plain_words

MASK = (1 << 64) - 1
PLACES = [
    0x9E3779B97F4A7C15,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0x85EBCA77C2B2AE63,
    0x27D4EB2F165667C5,
]


def plain_shingles(text: str) -> set[tuple[str, ...]]:
    """The set of 5-word shingles of a text."""
    words = plain_words(text)
    return {tuple(words[i : i + 5]) for i in range(max(1, len(words) - 4))} if words else set()


def mix(value: int) -> int:
    """MurmurHash3's fmix64."""
    value ^= value >> 33
    value = value * 0xFF51AFD7ED558CCD & MASK
    value ^= value >> 33
    value = value * 0xC4CEB9FE1A85EC53 & MASK
    return value ^ value >> 33


def plain_word_hash(word: str) -> int:
    """The 64-bit hash of a word: over eight bytes at a time if it is ASCII, else over its code points."""
    value = 0x9AE16A3B2F90404F
    if word.isascii():
        for begin in range(0, len(word), 8):
            value = (value ^ int.from_bytes(word[begin : begin + 8].encode(), "little")) * 0x9FB21C651E98DF25 & MASK
            value ^= value >> 32
        return value
    for char in word:
        value = (value ^ ord(char)) * 0x9FB21C651E98DF25 & MASK
    return mix(value)


def plain_hash(shingle: tuple[str, ...]) -> int:
    """The 64-bit hash of a shingle."""
    return mix(sum(plain_word_hash(word) * place for word, place in zip(shingle, PLACES, strict=False)) & MASK)
