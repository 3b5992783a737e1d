"""Pieces of whole lines: all lines of a file, in no more memory than they need."""

import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.readers.faults import FileFault
from tokaudit.readers.unpack.lines import Lines, LongLine
from tokaudit.readers.unpack.streams import unpacked


def pieces(raw: io.BytesIO, size: int, most: int = 1 << 30) -> list[bytes | LongLine]:
    """The pieces of lines, and the lines that are too long."""
    with unpacked(raw, "") as stream:
        lines = Lines(stream, size, most)
        return [each if isinstance(each, LongLine) else bytes(each) for each in iter(lines.take, b"")]


def whole(lines: Lines) -> memoryview:
    """The next lines, none of which is too long."""
    found = lines.take()
    assert isinstance(found, memoryview)
    return found


@settings(max_examples=200, deadline=None)
@given(data=st.lists(st.sampled_from([b"\n", b"a", b"bcd" * 9])).map(b"".join), size=st.integers(1, 40))
def test_pieces_are_whole_lines_of_limited_size(data: bytes, size: int) -> None:
    found = [piece for piece in pieces(io.BytesIO(data), size) if isinstance(piece, bytes)]

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
            found += whole(lines)
        with pytest.raises(FileFault, match="Input/output error"):
            lines.take()

    assert found == b"first\nsecond\n"


@settings(max_examples=300, deadline=None)
@given(
    lines=st.lists(st.tuples(st.sampled_from([b"a", b" ", b"b\t"]), st.integers(0, 90))),
    ends=st.booleans(),
    size=st.integers(1, 200),
)
def test_only_lines_that_are_too_long_are_left_out(lines: list[tuple[bytes, int]], ends: bool, size: int) -> None:
    data = b"\n".join(letter * count for letter, count in lines) + b"\n" * ends
    split: list[bytes | LongLine] = []
    for piece in pieces(io.BytesIO(data), size, most=50):
        split += [piece] if isinstance(piece, LongLine) else piece.splitlines(keepends=True)
    given = data.splitlines(keepends=True)
    assert len(split) == len(given)
    for line, found in zip(given, split, strict=True):
        if isinstance(found, LongLine):
            assert len(line.removesuffix(b"\n")) > 50
            assert line.startswith(found.begin)
            assert (found.size, found.is_blank) == (len(line), not line.strip())
        else:
            assert found == line
            assert len(line.removesuffix(b"\n")) <= 50


def test_a_line_that_is_too_long_takes_no_more_memory_than_the_limit() -> None:
    with unpacked(io.BytesIO(b"b" * 20_000_000 + b"\nc\n"), "") as stream:
        lines = Lines(stream, 10_000, 100_000)
        tracemalloc.start()
        try:
            assert lines.take() == LongLine(20_000_001, b"b" * 1024, is_blank=False)
            assert tracemalloc.get_traced_memory()[1] < 2_000_000
        finally:
            tracemalloc.stop()
        assert bytes(whole(lines)) == b"c\n"


def test_a_long_line_is_freed_once_the_caller_drops_it() -> None:
    with unpacked(io.BytesIO(b"a\n" + b"b" * 10_000_000 + b"\nc\n"), "") as stream:
        lines = Lines(stream, 10_000, 1 << 30)
        assert bytes(whole(lines)) == b"a\n"
        tracemalloc.start()
        long = whole(lines)
        most, _ = tracemalloc.get_traced_memory()
        assert len(long) == 10_000_001
        del long
        left, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert most > 10_000_000
    assert left < 100_000
