"""The two counters disagree only on the listed new characters."""

from functools import partial
from itertools import pairwise

import gigatoken
import numpy as np
import pytest
import tokenizers

from tokaudit.measure.tokenizers.new_unicode import LOWEST, RANGES
from tokaudit.measure.tokenizers.ranks import tokenizer_json
from tokaudit.measure.tokenizers.schemes import SCHEMES

RANKS = {bytes([byte]): byte for byte in range(256)} | {b"<s": 256, b" a": 257, "ẹ".encode()[:2]: 258}
NEW_CHARACTERS = {chr(code) for first, last in RANGES for code in range(first, last + 1)}


def test_ranges_are_in_order_and_do_not_overlap() -> None:
    assert all(first <= last < following for (first, last), (following, _) in pairwise(RANGES))
    assert min(chr(first).encode()[0] for first, _ in RANGES) == LOWEST


@pytest.mark.slow
@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_both_counters_agree_on_every_other_character(scheme: str) -> None:
    # The first two planes, where new letters and marks are assigned, without Han, Hangul, Tangut, cuneiform and glyphs;
    # and the Han characters of the fourth plane.
    ranges = [
        (0, 0x3400),
        (0xA000, 0xAC00),
        (0xE000, 0x12000),
        (0x14400, 0x17000),
        (0x1AFF0, 0x20000),
        (0x2FFF0, 0x31360),
    ]
    codes = [code for first, stop in ranges for code in range(first, stop)]
    others = [chr(code) for code in codes if chr(code) not in NEW_CHARACTERS]
    texts = [
        "".join(f" {character}<s e{character}\u0323 q\u0307{character}" for character in others[place : place + 16])
        for place in range(0, len(others), 16)
    ]
    data = tokenizer_json(f"test of {scheme}", partial(dict, RANKS), scheme)

    reference = tokenizers.Tokenizer.from_str(data.decode()).encode_batch_fast(texts, add_special_tokens=False)
    fast = gigatoken.Tokenizer.from_json(data).encode_batch(texts, parallel=False)

    differ = [
        texts[place][:20] for place in np.flatnonzero([len(a) != len(b) for a, b in zip(reference, fast, strict=True)])
    ]
    assert differ == []
