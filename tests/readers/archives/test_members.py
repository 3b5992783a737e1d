"""Members of archives: names, and content that is read again or from memory."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.readers.archives.members import Content, Member, member_suffix, shown
from tokaudit.readers.faults import FileFault

DATA = bytes(range(200))


def content(kept: bytearray, *, keep: bool, most: int = 1000) -> Content:
    """The content of a stream that can't go back: a place before the last one is an error."""
    last = len(kept)

    def source(place: int, size: int) -> bytes:
        nonlocal last
        assert place >= last
        last = place + min(size, 7)
        return DATA[place:last]

    return Content(source, len(DATA), most, kept, keep=keep)


@given(sizes=st.lists(st.integers(1, 90), max_size=5))
def test_content_that_was_kept_can_be_read_again(sizes: list[int]) -> None:
    kept = bytearray()
    first = content(kept, keep=True)
    for size in sizes:
        first.read(size)

    assert content(kept, keep=False).read() == DATA
    assert content(bytearray(kept), keep=True).read(-1) == DATA


def test_a_reader_that_seeks_reads_from_memory() -> None:
    stream = content(bytearray(), keep=False)

    assert stream.seekable()
    assert stream.seek(-5, 2) == 195
    assert stream.read() == DATA[195:]
    assert stream.seek(3) == 3
    target = bytearray(4)
    assert stream.readinto(target) == 4
    assert bytes(target) == DATA[3:7]
    assert stream.tell() == 7


def test_content_is_not_kept_beyond_the_limit() -> None:
    with pytest.raises(FileFault, match="--limit record=SIZE"):
        content(bytearray(), keep=False, most=50).seek(0, 2)
    with pytest.raises(FileFault, match="--limit record=SIZE"):
        content(bytearray(), keep=True, most=50).read(100)


def test_a_stream_that_was_read_can_not_go_back() -> None:
    stream = content(bytearray(), keep=False)
    stream.read(10)

    with pytest.raises(OSError, match="can't seek back"):
        stream.seek(0)


def test_content_that_ends_too_early_is_cut() -> None:
    stream = Content(lambda place, size: DATA[place : place + size], 300, 1000, bytearray(), keep=False)

    with pytest.raises(FileFault, match="stops after 200 of 300 bytes"):
        stream.read()


@pytest.mark.parametrize(
    ("name", "below", "unsafe"),
    [
        ("./a//b.txt", "a/b.txt", False),
        ("a/..b/c", "a/..b/c", False),
        ("C:x", "C:x", False),
        ("/a", "a", True),
        ("a/../b", "a/../b", True),
        ("c:/a", "c:/a", True),
        ("\\\\host\\a", "\\\\host\\a", True),
        ("a\\..\\b", "a\\..\\b", True),
    ],
)
def test_unsafe_names_are_known(name: str, below: str, *, unsafe: bool) -> None:
    member = Member(name, 0, 0, lambda _: io.BytesIO())

    assert (member.below, member.is_unsafe()) == (below, unsafe)


def test_names_are_shown_in_one_short_line() -> None:
    assert shown("caf\u00e9\n\u202e") == "caf\u00e9\\n\\u202e"
    assert len(shown("x" * 10_000)) == 201


@pytest.mark.parametrize(
    ("below", "suffix"),
    [("a/b.TXT", ".txt"), ("a.b/c", ""), (".hidden", ""), ("a.tar.gz", ".gz"), ("a.b c", ""), ("a." + "x" * 13, "")],
)
def test_odd_suffixes_are_not_told_apart(below: str, suffix: str) -> None:
    assert member_suffix(below) == suffix
