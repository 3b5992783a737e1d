"""Bodies of responses without chunks and compression, against what was packed."""

import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from made.crawls import Page, chunked, html, page_record

from tokaudit.readers.faults import FileFault
from tokaudit.readers.unpack.limits import Limits
from tokaudit.readers.warc.bodies import BodyFault, body_of

PAGE = html("The text of a page, which is long enough to be packed. " * 300)


def raw_deflate(data: bytes) -> bytes:
    """Deflate without a header."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACK = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZIP": gzip.compress,
    "deflate": zlib.compress,
    "deflate ": raw_deflate,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


def body(data: bytes, *, encoding: str = "", transfer: str = "", truncated: bool = False, most: int = 1 << 30) -> bytes:
    """The body as the browser gets it."""
    fields = {b"content-encoding": encoding.encode(), b"transfer-encoding": transfer.encode()}
    return bytes(body_of(b"head" + data, 4, fields, Limits(page=most), truncated=truncated))


def fault(data: bytes, **given: str) -> str:
    """The code of what is wrong with a body."""
    with pytest.raises(BodyFault) as found:
        body(data, **given)  # type: ignore[arg-type]
    return found.value.code


@pytest.mark.parametrize("encoding", PACK)
def test_packed_bodies_are_unpacked(encoding: str) -> None:
    packed = PACK[encoding](PAGE)

    assert body(packed, encoding=encoding) == PAGE
    assert body(chunked(packed), encoding=encoding, transfer="Chunked") == PAGE


@pytest.mark.parametrize("encoding", [*PACK, "identity", "utf-8", "none", ""])
def test_bodies_that_are_unpacked_already_stay(encoding: str) -> None:
    assert body(PAGE, encoding=encoding) == PAGE
    assert body(PAGE, encoding=encoding, transfer="chunked") == PAGE


@pytest.mark.parametrize("encoding", PACK)
@pytest.mark.parametrize("size", [1, 5, 100])
def test_short_texts_that_are_unpacked_already_stay(encoding: str, size: int) -> None:
    text = ("plain text " * 10)[:size].encode()

    assert body(text, encoding=encoding) == text


def test_bodies_that_are_packed_twice_are_unpacked_said_or_not() -> None:
    twice = gzip.compress(gzip.compress(PAGE))

    assert body(twice, encoding="gzip, gzip") == PAGE
    assert body(twice, encoding="gzip") == PAGE
    assert body(gzip.compress(PAGE)) == PAGE
    assert body(brotli.compress(gzip.compress(PAGE)), encoding="gzip, br") == PAGE
    assert body(chunked(gzip.compress(PAGE)), transfer="gzip, chunked") == PAGE
    assert body(gzip.compress(PAGE[:100]) + gzip.compress(PAGE[100:]), encoding="gzip") == PAGE
    assert body(gzip.compress(PAGE) + b"\r\n", encoding="gzip") == PAGE


def test_a_body_that_is_packed_again_and_again_is_refused() -> None:
    packed = PAGE
    for _ in range(6):
        packed = gzip.compress(packed)

    assert fault(packed) == "malformed"


@settings(deadline=None)
@given(st.binary(max_size=3_000), st.integers(1, 500))
def test_any_chunks_give_the_body(data: bytes, size: int) -> None:
    packed = gzip.compress(data, mtime=0)

    assert body(chunked(packed, size), encoding="gzip", transfer="chunked") == data


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\r\n", b"\n"),
        (b"64\r\n", b"64;name=value\r\n"),
        (b"64\r\n", b"0064 \r\n"),
        (b"0\r\n\r\n", b"0\r\nTrailer: x\r\n\r\n"),
    ],
)
def test_odd_chunks_are_read(old: bytes, new: bytes) -> None:
    text = b"letters only " * 100

    assert body(chunked(text, 100).replace(old, new), transfer="chunked") == text


def test_chunks_without_the_last_one_are_whole() -> None:
    assert body(chunked(PAGE)[:-5], transfer="chunked") == PAGE


def test_cut_and_damaged_chunks_are_bad_unless_the_crawler_cut_them() -> None:
    cut = chunked(PAGE)[:5_000]

    assert fault(cut, transfer="chunked") == "cut"
    assert PAGE.startswith(body(cut, transfer="chunked", truncated=True))
    assert fault(chunked(PAGE).replace(b"3e8\r\n", b"3e0\r\n"), transfer="chunked") == "corrupt"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_cut_packed_bodies_are_bad_unless_the_crawler_cut_them(encoding: str) -> None:
    cut = PACK[encoding](PAGE)[:-9]

    assert fault(cut, encoding=encoding) == "cut"
    assert PAGE.startswith(body(cut, encoding=encoding, truncated=True))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_damaged_packed_bodies_are_bad(encoding: str) -> None:
    packed = bytearray(PACK[encoding](PAGE))
    packed[len(packed) // 2 :] = b"\xff" * (len(packed) - len(packed) // 2)

    assert fault(bytes(packed), encoding=encoding) in {"corrupt", "cut"}


def test_an_encoding_that_is_not_read_is_said() -> None:
    assert fault(b"\x1f\x9d\x90", encoding="compress") == "malformed"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.slow
def test_a_bomb_is_stopped_at_the_limit(encoding: str) -> None:
    bomb = PACK[encoding](bytes(50_000_000))

    with pytest.raises(FileFault, match="longer than 1 MB"):
        body(bomb, encoding=encoding, most=1_000_000)


def test_a_made_record_carries_the_body() -> None:
    assert PAGE in page_record(Page(PAGE))
