"""Reading some lines of a compressed file."""

import gzip
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from tokaudit.readers.files import InputFile
from tokaudit.readers.unpack.skip_ahead import ForwardSeekStream
from tokaudit.readers.unpack.streams import open_stream

Stored = Callable[[str, bytes], InputFile]
DATA = b"".join(b"line %d %s\n" % (number, b"x" * (number * 997 % 5000)) for number in range(500))


def test_lines_are_found_at_their_offsets(stored: Stored) -> None:
    packed = stored("a.jsonl.gz", gzip.compress(DATA))
    places = [0, *[place + 1 for place, byte in enumerate(DATA) if byte == 10]][:-1]

    @given(st.lists(st.sampled_from(places), unique=True).map(sorted))
    def check(wanted: list[int]) -> None:
        with open_stream(packed) as stream:
            raw = ForwardSeekStream(stream)
            for place in wanted:
                assert raw.seek(place) == raw.tell() == place
                line = raw.readline(1 << 20)
                assert line == DATA[place : DATA.index(b"\n", place) + 1]
                assert raw.tell() == place + len(line)

    check()


def test_beyond_the_end_nothing_is_read(stored: Stored) -> None:
    with open_stream(stored("a.jsonl.gz", gzip.compress(DATA))) as stream:
        raw = ForwardSeekStream(stream)

        assert raw.seek(10**9) == len(DATA)
        assert (raw.readinto(bytearray(10)), raw.readline(10)) == (0, b"")


def test_a_buffer_is_filled_from_the_sought_offset(stored: Stored) -> None:
    with open_stream(stored("a.jsonl.gz", gzip.compress(DATA))) as stream:
        raw = ForwardSeekStream(stream)
        raw.seek(1000)
        buffer = bytearray(100_000)

        assert raw.readinto(buffer) == len(buffer)
        assert buffer == DATA[1000:101_000]
        assert raw.tell() == 101_000
