"""Texts and names that people can read."""

from hypothesis import given
from hypothesis import strategies as st

from tokaudit.reports.readable import readable, readable_name
from tokaudit.reports.wrap import cell_len


def test_a_long_name_is_shown_by_its_beginning_and_its_end() -> None:
    shown = readable_name(f"first {'x' * 100_000} last")

    assert len(shown) == 31
    assert shown.startswith("first xxx")
    assert "x…x" in shown
    assert shown.endswith("xxx last")


def test_a_name_as_long_as_those_of_files_is_whole() -> None:
    assert readable_name("x" * 255) == "x" * 255


def test_a_long_path_in_a_sentence_keeps_its_end() -> None:
    shown = readable(f"/data/{'x' * 100_000}/file.txt: can't be read")

    assert shown.startswith("/data/xxx")
    assert shown.endswith("x/file.txt: can't be read")
    assert len(shown) < 100


def test_a_long_text_of_short_words_ends_early() -> None:
    assert len(readable("word " * 20_000)) == 4_000
    assert readable("word " * 700) == "word " * 700


@given(st.text(max_size=2_000), st.sampled_from(["\N{COMBINING ACUTE ACCENT}", "中", "🙂", "x", "\u202e"]))
def test_nothing_takes_more_room_than_that(text: str, much: str) -> None:
    name = readable_name(text + much * 1_000)

    assert cell_len(name) <= 32
    assert len(name) <= 128
    assert len(readable(text + much * 10_000)) <= 16_000
