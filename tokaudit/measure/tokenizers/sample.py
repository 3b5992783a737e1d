# ruff: noqa: RUF001 - the sample needs characters that look alike
"""A sample of difficult texts, on which counters that disagree are likely to differ. It checks the fast counter."""

import random
from collections.abc import Sequence
from typing import Final

_WORDS: Final = (
    "the The of word Word WORD wOrD hahaha lol a A supercalifragilistic camelCaseWord HTTPServer foo_bar"
    " __init__ don't DON'T we'll I'd 's 'S 'ſ ’s 1 12 123456789 3.14159 1e-9 0xFF 1,000,000 ½ Ⅷ ² ٣٤٥ १२३"
)
_SCRIPTS: Final = (
    "naïve e\u0301 ﬁ ß İ ı ǅ Å \u212b ａｂ 𝔘𝔫𝔦 Ελληνικά Привет עברית العربية हिन्दी ไทย မြန်မာ ខ្មែរ አማርኛ"
    " ქართული 中文分词 日本語テスト 한국어 \u1100\u1161 \u0300 \u093f q\u0323\u0307 q\u0307\u0323"
    " \u0f71\u0f72\u0f74 🙂 👨\u200d👩\u200d👧 🇩🇪 ❤️ 🫨<s 🩷<s ʕAbc aʕ<s"  # the last ones are recent in Unicode
)
_SIGNS: Final = (
    '. ... !! ?! // / /* */ == => -> { } (); - -- --- # ## ~ ` `` " $x$ € § … — a@b.c https://x.y/z?q=1&r=%20'
    f" {'=' * 40} {'-' * 81} {'_' * 17} \x00 \x7f \ufeff \ufffd \u200b \u200d \u00ad \u202e \ue000 \uffff"
)
_BLANKS: Final = (
    *(" ", "  ", "   ", " " * 20, "\t", "\t\t\t", "\n", "\n\n", "\n \n", "\n    ", "\r\n", "\r", "\r\n\t"),
    *("\u00a0", "\u3000", "\u2028", "\x85", "\x0b", "\x0c", "\x1f", " the", " of", " 1"),
)
# Added tokens in some vocabularies, plain text in others.
_SPECIAL: Final = (
    "<|endoftext|>",
    "<|im_start|>",
    "[INST]",
    "[MASK]",
    "</s>",
    "<s>",
    "<unk>",
    "<0x41>",
    "▁",
    "Ġ",
)
_KINDS: Final = (_WORDS.split(), _SCRIPTS.split(), _SIGNS.split(), _BLANKS)
FRAGMENTS: Final = (*(fragment for kind in _KINDS for fragment in kind), *_SPECIAL)
_LONG: Final = ("x" * 5000, "the" * 700, " " * 3000, "\n" * 999, "0123456789" * 200, "中" * 2000, "🙂" * 500)
_LENGTHS: Final = (2, 3, 5, 8, 20, 60)  # fragments of a mixed text
_MIXED: Final = 300
_ADDED: Final = 200  # some vocabularies have thousands of similar added tokens


def sample(added_tokens: Sequence[str]) -> list[str]:
    """Several hundred texts, always the same for the same added tokens.

    They cover many scripts, code, runs of blanks, emoji, combining marks, control characters, very long words, the
    empty text, and texts that spell the added tokens. None has a new Unicode character, because the reference counts
    those in any case.
    """
    chance = random.Random(0)  # noqa: S311 - must be the same each time
    texts = ["", *FRAGMENTS, *_LONG]
    for _ in range(_MIXED):
        length = chance.choice(_LENGTHS)
        parts = [chance.choice(chance.choice(_KINDS)) for _ in range(length)]
        texts.append("".join(part * chance.randint(2, 9) if chance.random() < 0.1 else part for part in parts))
    for token in (*_SPECIAL, *added_tokens[:_ADDED]):
        before, after = chance.choice(FRAGMENTS), chance.choice(FRAGMENTS)
        texts += [
            token,
            f"a {token} b",
            f"a{token}{token}b",
            f"{before}{token}{after}",
            f"{token[:-1]} {token[1:]}",
        ]
    return texts
