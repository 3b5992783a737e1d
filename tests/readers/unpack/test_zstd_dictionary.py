"""Zstandard files with a dictionary in a frame at their start."""

import random
import struct

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.readers.faults import FileFault
from tokaudit.readers.files import InputFile
from tokaudit.readers.unpack.streams import open_stream

RECORDS: list[bytes] = [
    f"WARC/1.0\r\nWARC-Type: response\r\nnumber {number}\r\n\r\nbody {number * 7}".encode() for number in range(900)
]
DICTIONARY = zstandard.train_dictionary(4_000, [*RECORDS]).as_bytes()


def skippable(data: bytes, kind: int = 0x184D2A5D) -> bytes:
    """A frame that other readers skip."""
    return struct.pack("<II", kind, len(data)) + data


def packed(parts: list[bytes], *, squeezed: bool = False) -> bytes:
    """A file of frames that need the dictionary."""
    packer = zstandard.ZstdCompressor(dict_data=zstandard.ZstdCompressionDict(DICTIONARY), write_checksum=True)
    dictionary = zstandard.compress(DICTIONARY) if squeezed else DICTIONARY
    return skippable(dictionary) + b"".join(packer.compress(part) for part in parts)


def unpacked(data: bytes, size: int = 1 << 18) -> bytes:
    """What a file unpacks to."""
    with open_stream(InputFile("/x.zst", "x.zst", len(data), "", data=data)) as stream:
        return b"".join(iter(lambda: stream.read(size), b""))


@pytest.mark.parametrize("squeezed", [False, True])
@pytest.mark.parametrize("size", [1, 100, 1 << 18])
def test_frames_are_unpacked_with_the_dictionary_of_their_file(*, squeezed: bool, size: int) -> None:
    assert unpacked(packed(RECORDS[:50], squeezed=squeezed), size) == b"".join(RECORDS[:50])


@settings(deadline=None)
@given(st.lists(st.binary(max_size=3_000), max_size=5))
def test_any_parts_come_back(parts: list[bytes]) -> None:
    data = packed(parts) + skippable(b"note", 0x184D2A50) + packed([])[:0]

    assert unpacked(data) == b"".join(parts)


def test_a_cut_file_is_cut() -> None:
    data = packed(RECORDS[:20])
    for end in (10, 1_000, len(data) - 1, len(data) - 9):
        with pytest.raises(FileFault) as found:
            unpacked(data[:end])
        assert found.value.code == "cut"


def test_damage_is_a_fault_and_never_another_text() -> None:
    data = packed(RECORDS[:20])
    chance = random.Random(3)
    for _ in range(60):
        place = chance.randrange(12, len(data))
        changed = data[:place] + bytes([data[place] ^ (1 << chance.randrange(8))]) + data[place + 1 :]
        try:
            assert unpacked(changed) == b"".join(RECORDS[:20])
        except FileFault as fault:
            assert fault.code in {"corrupt", "cut", "too_large"}  # noqa: PT017 - most of the changes are noticed


def test_a_dictionary_without_end_is_refused() -> None:
    with pytest.raises(FileFault, match="more than 64 MB"):
        unpacked(struct.pack("<II", 0x184D2A5D, 1 << 31) + DICTIONARY)


def test_other_skippable_frames_are_skipped() -> None:
    assert unpacked(skippable(b"no dictionary") + zstandard.compress(b"text")) == b"text"
