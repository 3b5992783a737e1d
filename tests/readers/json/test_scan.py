"""Brackets outside of strings, found many at once, are those that a plain loop finds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.readers.json.scan import BracketScan

PIECES = st.lists(st.sampled_from([b'"', b"\\", b"{", b"}", b"[", b"]", b",", b"a", b'\\"', b"\\\\", b'"x"', b"\xc3"]))


def plain(data: bytes, level: int) -> list[int]:
    """The brackets at the level, byte by byte, up to the first that closes what is around it."""
    found = []
    depth = 0
    in_string = escaped = False
    for place, byte in enumerate(data):
        if escaped and byte in b'"\\':
            escaped = False
            continue
        escaped = False
        if byte == ord("\\"):
            escaped = True
        elif byte == ord('"'):
            in_string = not in_string
        elif not in_string and byte in b"[{":
            depth += 1
            if depth <= level + 1:
                found.append(place)
        elif not in_string and byte in b"]}":
            depth -= 1
            if depth <= level:
                found.append(place)
    return found


@settings(max_examples=300, deadline=None)
@given(pieces=PIECES, block=st.integers(1, 9), step=st.integers(1, 20), level=st.integers(0, 2))
def test_brackets_are_those_of_a_plain_loop(pieces: list[bytes], block: int, step: int, level: int) -> None:
    data = b"".join(pieces)
    scan = BracketScan(level, 0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tokaudit.readers.json.scan._BLOCK", block)
        found = [
            start + place
            for start in range(0, len(data), step)
            for place in scan.scan(memoryview(data)[start : start + step]).tolist()
        ]

    assert found == plain(data, level)


def test_no_bytes_have_no_brackets() -> None:
    assert BracketScan(0, 0).scan(memoryview(b"")).tolist() == []
