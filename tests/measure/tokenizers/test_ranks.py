"""Tokenizers built from .tiktoken ranks."""

import base64
from itertools import pairwise
from pathlib import Path

import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core import cache
from tokaudit.core.errors import InputError
from tokaudit.measure.tokenizers.ranks import dump_ranks, parse_ranks, ranks_sha256, tokenizer_json

BYTES = {bytes([byte]): byte for byte in range(256)}


def by_rank(text: bytes, ranks: dict[bytes, int]) -> int:
    """Tokens by the definition: merge the first neighbours that make the token of lowest rank, and repeat."""
    parts = [text[place : place + 1] for place in range(len(text))]
    while True:
        made = [(ranks[a + b], place) for place, (a, b) in enumerate(pairwise(parts)) if a + b in ranks]
        if not made:
            return len(parts)
        _, place = min(made)
        parts[place : place + 2] = [parts[place] + parts[place + 1]]


@given(st.text("ab", min_size=1, max_size=10))
def test_a_word_has_the_tokens_of_its_ranks(word: str) -> None:
    ranks = BYTES | {token: 256 + rank for rank, token in enumerate([b"ab", b"ba", b"aba", b"bab", b"abab", b"bb"])}
    tokenizer = tokenizers.Tokenizer.from_str(tokenizer_json(ranks_sha256(ranks), lambda: ranks, "cl100k").decode())

    expected = 1 if word.encode() in ranks else by_rank(word.encode(), ranks)
    assert len(tokenizer.encode(word, add_special_tokens=False)) == expected


def test_a_word_that_is_a_token_needs_no_merges() -> None:
    ranks = BYTES | {b"abcd": 256}
    tokenizer = tokenizers.Tokenizer.from_str(tokenizer_json(ranks_sha256(ranks), lambda: ranks, "cl100k").decode())

    assert len(tokenizer.encode("abcd", add_special_tokens=False)) == 1


def test_written_ranks_can_be_read_back() -> None:
    ranks = BYTES | {b"ab": 400, b"\n ": 300}

    assert parse_ranks(dump_ranks(ranks), "test") == ranks


def test_line_ends_and_order_of_lines_do_not_change_the_hash() -> None:
    lines = dump_ranks(BYTES).splitlines()

    assert ranks_sha256(parse_ranks(b"\r\n".join(reversed(lines)), "test")) == ranks_sha256(BYTES)


@pytest.mark.parametrize(
    "line",
    [b"!!!! 256", b"YWI=", b"YWI= 256 7", b"YWI= x", b"YWI= -1", b"YWI= 7", b"YQ== 256", b" 256", b"\xff 256"],
    ids=[
        "not base64",
        "no rank",
        "three fields",
        "rank not a number",
        "negative rank",
        "repeated rank",
        "repeated token",
        "empty token",
        "binary",
    ],
)
def test_a_line_that_is_not_a_rank_is_refused(line: bytes) -> None:
    with pytest.raises(InputError, match=r"^x\.tiktoken: .*; pass an intact \.tiktoken file$"):
        parse_ranks(dump_ranks(BYTES) + line + b"\n", "x.tiktoken")


def test_ranks_without_a_token_for_a_byte_are_refused() -> None:
    some = b"".join(base64.b64encode(bytes([byte])) + b" %d\n" % byte for byte in range(255))

    with pytest.raises(InputError, match="1 of the 256 bytes have no token, such as 0xff"):
        parse_ranks(some, "x.tiktoken")


def test_a_tokenizer_is_built_once(fresh_cache: Path) -> None:
    built = tokenizer_json("a hash", lambda: BYTES, "gpt2")

    assert tokenizer_json("a hash", lambda: pytest.fail("built again"), "gpt2") == built
    assert cache.read_cache("anything") is None
    assert fresh_cache.is_dir()


def test_a_tokenizer_in_a_damaged_cache_is_rebuilt(fresh_cache: Path) -> None:
    built = tokenizer_json("a hash", lambda: BYTES, "gpt2")
    for file in fresh_cache.rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[:-1])

    assert tokenizer_json("a hash", lambda: BYTES, "gpt2") == built
