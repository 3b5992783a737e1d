"""Repetition inside texts, against a plain implementation."""

import re
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made.plain_repeats import plain_repeats
from made.walls import run_walled

from tokaudit.core.kernels import face

START, STEP = 0x9AE16A3B2F90404F, 0x9FB21C651E98DF25
BLANKS = ["\n", "\n\n", "\r\n", "\n \t\n", "\n\x0b\x0c\r\n", "\n" + " " * 70, "\n" + " " * 70 + "\n", " ", ""]
WORDS = ["a", "b", "é語", "\x1c", "\u00a0", "-" * 39, "-" * 40, "x" * 64 + "y", "x" * 64 + "z", "w " * 45]
TEXTS = st.lists(st.sampled_from(BLANKS + WORDS), max_size=30).map("".join)
LENGTHS = st.sampled_from([1, 2, 3, 39, 40, 41, 63, 64, 65, 200])


def repeated(texts: list[bytes], length: int, *, by_line: bool, slots: int = 16) -> list[int]:
    """The bytes that repeat in each text."""
    data = np.frombuffer(b"\n" + b"".join(texts) + b"\n", np.uint8)
    offsets = np.array([*accumulate(map(len, texts), initial=1)])
    filled = np.full(len(texts), 7, np.int64)
    run_walled(face.repeats, data, offsets, int(by_line), length, np.empty(slots, np.uint64), filled)
    return filled.tolist()


@given(texts=st.lists(TEXTS, max_size=4), length=LENGTHS, by_line=st.booleans(), slots=st.sampled_from([16, 64, 4096]))
@example(texts=["a\n\na", " a \n\n\na\t", "a\na", "\na\n \na\n"], length=1, by_line=False, slots=16)
@example(texts=["x" * 100 + "\n" + " " * 63 + "\n" + "x" * 100], length=40, by_line=False, slots=16)
def test_bytes_that_repeat_are_those_of_a_plain_count(texts: list[str], length: int, by_line: bool, slots: int) -> None:
    expected = [plain_repeats(text, length, by_line=by_line) for text in texts]

    assert repeated([text.encode() for text in texts], length, by_line=by_line, slots=slots) == expected


@given(texts=st.lists(st.binary(max_size=200), max_size=4), length=st.integers(1, 70), by_line=st.booleans())
def test_bytes_of_any_text_depend_on_no_other(texts: list[bytes], length: int, by_line: bool) -> None:
    together = repeated(texts, length, by_line=by_line)

    assert together == [repeated([text], length, by_line=by_line)[0] for text in texts]
    assert all(0 <= many <= len(text) for many, text in zip(together, texts, strict=True))


@pytest.mark.parametrize("by_line", [False, True])
def test_a_full_table_is_filled_several_times(by_line: bool) -> None:
    text = "\n\n".join(f"line {number % 700}" for number in range(1000)).encode()
    small, large = (repeated([text], 5, by_line=by_line, slots=slots) for slots in (16, 1 << 14))

    assert small == large == [plain_repeats(text.decode(), 5, by_line=by_line)]


@pytest.mark.parametrize(("characters", "counts"), [(39, False), (40, True)])
@pytest.mark.parametrize("letter", ["a", "é", "語", "😀"])
def test_characters_are_code_points_not_bytes(letter: str, characters: int, counts: bool) -> None:
    line = (letter * characters).encode()

    assert repeated([line + b"\n" + line], 40, by_line=True) == [len(line) * counts]


def test_only_white_space_at_the_ends_is_ignored() -> None:
    line = "a line of code that is long enough to count"
    for same in (f"    {line}", f"{line}\t ", f"{line}\r"):
        assert repeated([f"{line}\n{same}".encode()], 40, by_line=True) == [len(line)]
    for other in (line.replace(" ", "  ", 1), line.upper(), f"{line}\u00a0", f"{line};"):
        assert repeated([f"{line}\n{other}".encode()], 40, by_line=True) == [0]


def test_a_paragraph_is_all_its_lines() -> None:
    first, second = "the first line of a paragraph of two lines", "and the second line of the same paragraph"
    both = f"{first}\n{second}"

    assert repeated([f"{both}\n\n{both}".encode()], 40, by_line=False) == [len(both)]
    assert repeated([f"{both}\n\n{first}\n\n{second}".encode()], 40, by_line=False) == [0]
    assert re.search(r"\n\n", both) is None
    assert repeated([f"{both}\n{both}".encode()], 40, by_line=False) == [len(both) - 1]  # no blank line: its lines


def line_of(hash_: int) -> bytes:
    """The eight bytes that have this hash."""
    for factor in (0xC4CEB9FE1A85EC53, 0xFF51AFD7ED558CCD):
        hash_ = (hash_ ^ hash_ >> 33) * pow(factor, -1, 2**64) % 2**64
    hash_ ^= hash_ >> 33
    for part in (~STEP, ~START, STEP):  # of blocks of zeros, which follow the eight bytes
        empty = part * STEP % 2**64
        hash_ = (hash_ - (empty ^ empty >> 32)) % 2**64
        hash_ = hash_ >> 16 | hash_ << 48 & 2**64 - 1
    return ((hash_ ^ hash_ >> 32) * pow(STEP, -1, 2**64) % 2**64 ^ START ^ 8).to_bytes(8, "little")


def test_lines_made_to_collide_are_looked_for_in_1024_slots() -> None:
    lines = [line_of(upper << 32 | 5) for upper in range(3000)]
    lines = [line for line in lines if not set(line) & set(b" \t\n\v\f\r") and any(byte < 128 for byte in line)][:2000]

    for many, found in ((1000, 1000), (1024, 1024), (2000, 1024)):
        assert repeated([b"\n".join(2 * lines[:many])], 1, by_line=True, slots=1 << 16) == [8 * found]
