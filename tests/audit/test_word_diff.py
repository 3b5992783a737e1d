"""Differences between two texts, word by word."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.samples import altered, text

from tokaudit.audit.word_diff import word_diff

SHORT = st.text("ab .語\n", max_size=30)


def side(diff: str, gone: str, stays: str) -> str:
    """One of the texts, from a difference that shows all of both."""
    left = re.sub(gone, "", diff)
    return re.sub(stays, lambda found: found[0][2:-2], left).replace("\\n", "\n")


@given(SHORT, SHORT)
def test_both_texts_can_be_read_from_the_difference(one: str, other: str) -> None:
    diff, note = word_diff(one, other)
    marks = r"\[-.*?-\]", r"\{\+.*?\+\}"

    assert note == ""
    assert (diff == "") == (one == other)
    # What is far from a difference is not shown: these texts have at most 30 units, so ends may be missing.
    assert side(diff, marks[1], marks[0]) in one or one == other
    assert side(diff, *marks) in other or one == other


def test_a_changed_word_has_its_context() -> None:
    diff, note = word_diff("one two three\nfour five", "one two 3\nfour five")

    assert (diff, note) == (r"one two [-three-]{+3+}\nfour five", "")


def test_far_differences_are_places_of_their_own() -> None:
    assert len(word_diff(text(0, 300), altered(text(0, 300), 3))[0].splitlines()) == 3


def test_many_places_are_cut_and_counted() -> None:
    diff, note = word_diff(text(0, 1000), altered(text(0, 1000), 30))

    assert len(diff.splitlines()) == 20
    assert note == "10 more places differ"


def test_a_long_difference_is_shortened() -> None:
    diff, _ = word_diff("a " + "x" * 1000 + " b", "a b")

    assert "… 801 characters …" in diff
    assert len(diff) < 300


@pytest.mark.parametrize("words", [1, 5, 100, 50_000])
def test_hostile_texts_take_bounded_time_and_room(words: int) -> None:
    many = [f"w{number % words}" for number in range(50_000)]
    begun = time.process_time()
    diff, note = word_diff(" ".join(["x", *many, "x"]), " ".join(["y", *reversed(many), "y"]))

    assert time.process_time() - begun < 5
    assert len(diff) < 20_000
    assert note.startswith("only 3,000 words from the first difference on are compared")
