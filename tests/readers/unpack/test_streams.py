"""Compressed files are read whole, and every cut or damage is noticed."""

import bz2
import functools
import gzip
import io
import itertools
import lzma
import random
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokaudit.readers.faults import FileFault
from tokaudit.readers.files import InputFile
from tokaudit.readers.unpack.limits import Limits
from tokaudit.readers.unpack.streams import has_check_sum, open_stream, unpacked

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]

SKIPPABLE = b"\x53\x2a\x4d\x18\x05\x00\x00\x00hello"
QUICK = settings(max_examples=60, deadline=None)


def zstd(data: bytes) -> bytes:
    """One frame with a checksum and without its size."""
    packer = zstandard.ZstdCompressor(write_content_size=False, write_checksum=True).compressobj()
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstd,
}
suffixes = pytest.mark.parametrize("suffix", PACKERS)


def contents(file: InputFile, size: int = 1 << 20) -> bytes:
    with open_stream(file) as stream:
        return b"".join(iter(lambda: stream.read(size), b""))


@pytest.mark.slow
@suffixes
@QUICK
@given(parts=st.lists(st.binary(max_size=300), min_size=1, max_size=4), size=st.integers(1, 1000))
def test_all_parts_of_a_compressed_file_are_read(stored: Stored, suffix: str, parts: list[bytes], size: int) -> None:
    file = stored(f"a{suffix}", b"".join(map(PACKERS[suffix], parts)))

    assert contents(file, size) == b"".join(parts)


def test_skippable_frames_are_skipped_everywhere(stored: Stored) -> None:
    assert contents(stored("a.zst", SKIPPABLE + zstd(b"a") + SKIPPABLE + zstd(b"b") + SKIPPABLE)) == b"ab"


def test_xz_streams_may_be_padded_with_zeros(stored: Stored) -> None:
    assert contents(stored("a.xz", lzma.compress(b"a") + b"\0" * 8 + lzma.compress(b"b") + b"\0" * 4)) == b"ab"


@suffixes
def test_a_file_cut_at_any_byte_is_noticed(stored: Stored, suffix: str) -> None:
    pack = PACKERS[suffix]
    first = pack(b"first")
    data = first + pack(b"second" * 20)

    for end in set(range(len(data))) - {len(first)}:
        with pytest.raises(FileFault) as caught:
            contents(stored(f"a{suffix}", data[:end]))
        assert caught.value.code == "cut", end


@suffixes
@pytest.mark.parametrize("tail", [b"garbage", b"\n", b"g", b'{"text":"plain"}\n' * 9])
def test_bytes_after_the_last_part_are_noticed(stored: Stored, suffix: str, tail: bytes) -> None:
    with pytest.raises(FileFault) as caught:
        contents(stored(f"a{suffix}", PACKERS[suffix](b"text") + tail))

    assert caught.value.code == "corrupt"


@suffixes
@QUICK
@given(data=st.data())
def test_a_flipped_bit_never_changes_the_text_unnoticed(stored: Stored, suffix: str, data: st.DataObject) -> None:
    text = b"the quick brown fox jumps over the lazy dog " * 5
    packed = bytearray(PACKERS[suffix](text))
    bit = data.draw(st.integers(0, len(packed) * 8 - 1))
    packed[bit // 8] ^= 1 << bit % 8

    try:
        found = contents(stored(f"a{suffix}", bytes(packed)))
    except FileFault:
        return
    assert found == text


@suffixes
@QUICK
@given(st.binary(max_size=100))
def test_wrong_bytes_are_always_a_fault(stored: Stored, suffix: str, data: bytes) -> None:
    packed = PACKERS[suffix](b"text")

    with pytest.raises(FileFault):
        contents(stored(f"a{suffix}", packed[: len(packed) - 1 - len(data) % 9] + data + b"!"))


@suffixes
@pytest.mark.parametrize("name", ["a.jsonl", "a", "a.gz", "a.bz2", "a.xz", "a.zst"])
def test_the_first_bytes_decide_on_the_compression(stored: Stored, suffix: str, name: str) -> None:
    file = stored(name, PACKERS[suffix](b"text"))

    with open_stream(file) as stream:
        assert stream.compression == suffix
        assert stream.read(100) == b"text"
    assert has_check_sum(file)


@suffixes
@pytest.mark.parametrize("text", [b"text", "\ufeffcaf\u00e9\n".encode() * 99, b"x" * 511 + "\u00e9".encode()])
def test_a_plain_text_with_the_suffix_of_a_compression_is_read(stored: Stored, suffix: str, text: bytes) -> None:
    file = stored(f"a{suffix}", text)

    with open_stream(file) as stream:
        assert stream.compression == ""
        assert b"".join(iter(lambda: stream.read(100), b"")) == text
    assert not has_check_sum(file)


@suffixes
@pytest.mark.parametrize("data", [b"caf\xe9", b"a\0b", b"\x7fELF", "text".encode("utf-16"), b"text\x1b"])
def test_other_bytes_with_the_suffix_of_a_compression_are_refused(stored: Stored, suffix: str, data: bytes) -> None:
    with pytest.raises(FileFault, match=f"its name ends in {suffix}, but it does not begin like") as caught:
        contents(stored(f"a{suffix}", data))
    assert caught.value.code == "wrong_format"


@pytest.mark.parametrize("zeros", [1, 2, 511, 1 << 17])
def test_zeros_after_a_gzip_member_are_padding(stored: Stored, zeros: int) -> None:
    data = gzip.compress(b"first") + gzip.compress(b"second") + bytes(zeros)

    assert contents(stored("a.gz", data), 3) == b"firstsecond"
    with pytest.raises(FileFault) as caught:
        contents(stored("a.gz", data + b"x"))
    assert caught.value.code in {"corrupt", "cut"}


def test_a_window_over_the_limit_is_too_large(stored: Stored) -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=30)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    data = packer.compress(b"text") + packer.flush()

    with pytest.raises(FileFault, match="needs too much memory to unpack its Zstandard data") as caught:
        contents(stored("a.zst", data))
    assert caught.value.code == "too_large"


@suffixes
@pytest.mark.parametrize("limits", [Limits(ratio=50, ratio_from=1 << 20), Limits(total=1 << 21)])
def test_a_bomb_is_refused_before_it_has_unpacked_far_more(stored: Stored, suffix: str, limits: Limits) -> None:
    with open_stream(stored(f"a{suffix}", PACKERS[suffix](bytes(1 << 24))), limits) as stream:
        pieces = iter(lambda: stream.read(1 << 16), b"")
        read: list[int] = []
        with pytest.raises(FileFault, match=r"unpacks to .* pass --limit (ratio|total)=") as caught:
            read.extend(map(len, pieces))

    assert caught.value.code == "too_large"
    assert sum(read) <= 1 << 21


@suffixes
def test_a_file_below_the_limits_is_read_whole(stored: Stored, suffix: str) -> None:
    data = bytes(1 << 20)

    with open_stream(stored(f"a{suffix}", PACKERS[suffix](data)), Limits(ratio=1, ratio_from=1 << 20)) as stream:
        assert b"".join(iter(lambda: stream.read(1 << 16), b"")) == data


def test_a_plain_text_may_begin_like_bzip2(stored: Stored) -> None:
    assert contents(stored("a.txt", b"BZh9 is how bzip2 begins")) == b"BZh9 is how bzip2 begins"


@pytest.mark.slow
@suffixes
def test_a_file_that_unpacks_to_far_more_is_read_in_pieces(stored: Stored, suffix: str) -> None:
    with open_stream(stored(f"a{suffix}", PACKERS[suffix](bytes(30_000_000)))) as stream:
        sizes = [len(piece) for piece in iter(lambda: stream.read(1 << 20), b"")]

    assert sum(sizes) == 30_000_000
    assert max(sizes) <= 1 << 20


@suffixes
def test_the_position_ends_at_the_stored_size(stored: Stored, suffix: str) -> None:
    file = stored(f"a{suffix}", PACKERS[suffix](b"text" * 1000))

    with open_stream(file) as stream:
        while stream.read(1000):
            pass
        assert stream.position() == file.size


class Failing(io.RawIOBase):
    """A file that fails with a system error at its end."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        """Read the next bytes; raise instead of returning none."""
        data = self._data.read(size)
        if not data:
            raise OSError(5, "Input/output error")
        return data


@pytest.mark.parametrize("suffix", ["", *PACKERS])
def test_a_system_error_is_not_taken_for_damage(suffix: str) -> None:
    raw: IO[Any] = Failing(PACKERS[suffix](bytes(999))[:-4] if suffix else b"text")  # type: ignore[assignment]

    with (
        unpacked(raw, suffix) as stream,
        pytest.raises(FileFault, match=r"^can't be read: Input/output error$") as caught,
    ):
        list(iter(lambda: stream.read(100), b""))
    assert caught.value.code == "unreadable"


@suffixes
def test_compressed_json_lines_give_the_same_as_plain_ones(stored: Stored, seen: Seen, suffix: str) -> None:
    data = b"".join(b'{"text":"document %d"}\n' % i for i in range(100)) + b"bad\n"

    plain = seen(stored("a.jsonl", data), "jsonl")
    found = seen(stored(f"a.jsonl{suffix}", PACKERS[suffix](data[:500]) + PACKERS[suffix](data[500:])), "jsonl")

    assert (found.texts, found.ordinals, found.offsets, found.bad) == (
        plain.texts,
        plain.ordinals,
        plain.offsets,
        plain.bad,
    )


@suffixes
def test_documents_before_a_cut_come_before_the_fault(stored: Stored, seen: Seen, suffix: str) -> None:
    pack = PACKERS[suffix]
    data = pack(b'{"text":"whole"}\n{"text":"ha') + pack(b'lf"}\n')[:-3]

    found = seen(stored(f"a.jsonl{suffix}", data), "jsonl")

    assert found.refused == "cut"
    assert found.texts in ([], ["whole"], ["whole", "half"])


def test_missing_files_and_folders_are_unreadable(tmp_path: Path, seen: Seen) -> None:
    for reader in ("jsonl", "parquet", "text"):
        for path in (tmp_path, tmp_path / "none"):
            found = seen(InputFile(str(path), "x", 0, ""), reader)
            assert (found.texts, found.codes) == ([], [(None, "unreadable")])


@functools.cache
def packed_noise(suffix: str) -> bytes:
    """A packed file of several pieces, cached because xz takes half a second for it."""
    return PACKERS[suffix](random.Random(0).randbytes(1 << 20))


@pytest.mark.slow
@suffixes
# Small sizes only occur next to larger ones, because a million reads of one byte take seconds.
@given(sizes=st.lists(st.integers(400, 1 << 20), min_size=1, max_size=5), share=st.floats(0.3, 0.99))
@example(sizes=[1, 1 << 17], share=0.9)
@example(sizes=[7, 1 << 20, 1, 100], share=0.6)
@settings(max_examples=12, deadline=None)
def test_the_readable_part_of_a_cut_file_does_not_depend_on_read_sizes(
    suffix: str, sizes: list[int], share: float
) -> None:
    packed = packed_noise(suffix)
    cut = packed[: int(share * len(packed))]

    def readable(sizes: list[int], *, into: bool) -> int:
        stream, read = unpacked(io.BytesIO(cut), suffix), 0
        for size in itertools.cycle(sizes):
            try:
                read += stream.readinto(memoryview(bytearray(size))) if into else len(stream.read(size))
            except FileFault:
                break
        return read

    assert readable(sizes, into=True) == readable(sizes, into=False) == readable([1 << 16], into=False)
