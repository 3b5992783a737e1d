"""Pieces of whole lines: all lines of a file, in no more memory than they need."""

import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.readers.faults import FileFault
from tokaudit.readers.unpack.lines import Lines
from tokaudit.readers.unpack.streams import unpacked


def pieces(raw: io.BytesIO, size: int, most: int = 1 << 30) -> list[bytes]:
    with unpacked(raw, "") as stream:
        lines = Lines(stream, size, most)
        return [bytes(piece) for piece in iter(lines.take, b"")]


@settings(max_examples=200, deadline=None)
@given(data=st.lists(st.sampled_from([b"\n", b"a", b"bcd" * 9])).map(b"".join), size=st.integers(1, 40))
def test_pieces_are_whole_lines_of_limited_size(data: bytes, size: int) -> None:
    found = pieces(io.BytesIO(data), size)

    assert b"".join(found) == data
    assert all(piece.endswith(b"\n") for piece in found[:-1])
    assert all(len(piece) <= size or b"\n" not in piece[:-1] for piece in found)


class Failing(io.BytesIO):
    """A file that fails with a system error at its end."""

    def readinto(self, target: memoryview) -> int:  # type: ignore[override] # typeshed: any writable buffer
        """Read the next bytes; raise instead of returning none."""
        read = super().readinto(target)
        if not read:
            raise OSError(5, "Input/output error")
        return read


@pytest.mark.parametrize("size", [1, 4, 100])
def test_only_whole_lines_are_returned_before_a_fault(size: int) -> None:
    with unpacked(Failing(b"first\nsecond\nthi"), "") as stream:
        lines = Lines(stream, size, 1 << 30)
        found = b""
        while len(found) < len(b"first\nsecond\n"):
            found += lines.take()
        with pytest.raises(FileFault, match="Input/output error"):
            lines.take()

    assert found == b"first\nsecond\n"


@pytest.mark.parametrize("size", [20, 51, 1000])
def test_a_too_long_line_is_refused(size: int) -> None:
    with pytest.raises(FileFault, match=r"contains a line longer than 50 B: .* --limit record=SIZE") as caught:
        pieces(io.BytesIO(b"a" * 100), size, most=50)
    assert caught.value.code == "too_large"
    for end in (b"", b"\n", b"\nshort"):
        with pytest.raises(FileFault, match="contains a line longer than 50 B"):
            pieces(io.BytesIO(b"a" * 51 + end), size, most=50)
    assert pieces(io.BytesIO(b"a" * 50 + b"\n" + b"b" * 50), size, most=50) == [b"a" * 50 + b"\n", b"b" * 50]


def test_a_long_line_is_freed_once_the_caller_drops_it() -> None:
    with unpacked(io.BytesIO(b"a\n" + b"b" * 10_000_000 + b"\nc\n"), "") as stream:
        lines = Lines(stream, 10_000, 1 << 30)
        assert bytes(lines.take()) == b"a\n"
        tracemalloc.start()
        long = lines.take()
        most, _ = tracemalloc.get_traced_memory()
        assert len(long) == 10_000_001
        del long
        left, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert most > 10_000_000
    assert left < 100_000
