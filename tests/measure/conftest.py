"""Plain twins of words, shingles and their hashes; texts in many scripts."""

from collections.abc import Callable

import pytest
from made.shingles import plain_hash, plain_shingles
from made.words import plain_kind, plain_words

SCRIPTS = (
    "The quick brown fox_1 jumps over the lazy dog; the QUICK brown fox_1 jumps.",
    "Größe, ÇA va? L'été — naïve café; Straße İstanbul ǅ ĳ ﬁ",
    "Быстрая бурая ЛИСА прыгает через ленивую собаку.",
    "Ὁ ἄνθρωπος ΜΈΤΡΟΝ πάντων, ΣΊΣΥΦΟΣ",
    "東京都の人口は約千四百万人である。カタカナ ﾊﾝｶｸ 2026年",
    "한국어 문장은 띄어쓰기를 한다.",
    "ภาษาไทย ไม่มีช่องว่าง ພາສາລາວ မြန်မာစာ ភាសាខ្មែរ",
    "हिन्दी में शब्द, עברית ושלום, العربية والسلام ١٢٣",
    "𞤀𞤢 𐐀𐐨 𠀀𠀁 🦊🦊 a🦊b é e\u0301 \u200d\u00a0\t\n½ ² Ⅷ",
)


@pytest.fixture(scope="session")
def words_of() -> Callable[[str], list[str]]:
    return plain_words


@pytest.fixture(scope="session")
def shingles_of() -> Callable[[str], set[tuple[str, ...]]]:
    return plain_shingles


@pytest.fixture(scope="session")
def hash_of() -> Callable[[tuple[str, ...]], int]:
    return plain_hash


@pytest.fixture(scope="session")
def kind_of() -> Callable[[str], str]:
    return plain_kind


@pytest.fixture(scope="session")
def scripts() -> tuple[str, ...]:
    return SCRIPTS
