"""Unpacking by zlib-ng, compared with Python's zlib, which does it where there is no zlib-ng."""

import importlib
import random
import sys
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.readers.unpack import inflate
from tokaudit.readers.unpack.inflate import GZIP, INFLATE_ERRORS, Inflating, crc32, inflating

Unpacked = tuple[list[bytes], bytes, bytes, str]
ERRORS: tuple[type[Exception], ...] = (*INFLATE_ERRORS, zlib.error)
FORMS = (GZIP, zlib.MAX_WBITS, -zlib.MAX_WBITS)


def packed(data: bytes, level: int, wbits: int) -> bytes:
    """Deflated data."""
    packer = zlib.compressobj(level, wbits=wbits)
    return packer.compress(data) + packer.flush()


def unpacked(make: Callable[[int], Inflating], data: bytes, wbits: int, piece: int, most: int) -> Unpacked:
    """What comes at each call, what is behind the end, what is left, and the error."""
    one = make(wbits)
    found: list[bytes] = []
    at = 0
    try:
        while not one.eof and (at < len(data) or one.unconsumed_tail):
            given = one.unconsumed_tail + data[at : at + piece]
            at += piece
            found.append(one.decompress(given, most))
    except ERRORS as error:
        return found, b"", b"", str(error)
    return found, one.unused_data, one.unconsumed_tail, ""


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=3000),
    st.integers(0, 50),
    st.integers(0, 9),
    st.sampled_from(FORMS),
    st.integers(1, 5000),
    st.integers(1, 5000),
    st.integers(0, 2**32),
    st.sampled_from(["whole", "byte", "cut", "more"]),
)
def test_it_unpacks_like_zlib(
    text: bytes, times: int, level: int, wbits: int, piece: int, most: int, seed: int, harm: str
) -> None:
    chance = random.Random(seed)
    data = bytearray(packed(text * times, level, wbits))
    if harm == "byte":
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif harm == "cut":
        del data[chance.randrange(len(data)) :]
    elif harm == "more":
        data += chance.randbytes(20)

    ours = unpacked(inflating, bytes(data), wbits, piece, most)
    theirs = unpacked(zlib.decompressobj, bytes(data), wbits, piece, most)

    assert b"".join(ours[0]) == b"".join(theirs[0])
    assert ours[1:] == theirs[1:]


@given(st.binary(), st.integers(0, 2**32 - 1))
def test_the_check_sum_is_that_of_zlib(data: bytes, before: int) -> None:
    assert crc32(data, before) == zlib.crc32(data, before)


def test_without_zlib_ng_zlib_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setitem(sys.modules, "zlib_ng", None)
        again = importlib.reload(inflate)
        assert again.inflating(GZIP).decompress(packed(b"text", 6, GZIP)) == b"text"
        assert zlib.error in again.INFLATE_ERRORS
        assert again.inflating is zlib.decompressobj
    importlib.reload(inflate)
