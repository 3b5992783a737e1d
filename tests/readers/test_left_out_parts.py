"""Parts of files that are left out are counted by rule and suffix, with the first of each kind."""

from functools import partial

from tokaudit.core.batches import Omitted
from tokaudit.readers.left_out_parts import LeftOutParts


def test_parts_of_a_kind_are_added_up_and_named_by_the_first() -> None:
    parts = LeftOutParts()
    parts.add("binary", ".png", 5, partial(str, "a.png"))
    parts.add("hidden", "", 1, partial(str, ".x"))
    parts.add("binary", ".png", 7, partial(str, "b.png"), 3)

    assert parts.omitted() == [Omitted("binary", ".png", 4, 12, "a.png"), Omitted("hidden", "", 1, 1, ".x")]


def test_only_the_first_of_a_kind_is_asked_for_its_name() -> None:
    asked: list[int] = []

    def name(number: int) -> str:
        asked.append(number)
        return str(number)

    parts = LeftOutParts()
    for number in range(3):
        parts.add("status", "404", 1, partial(name, number))

    assert asked == [0]


def test_after_a_thousand_kinds_the_suffix_is_dropped() -> None:
    parts = LeftOutParts()
    for number in range(1_002):
        parts.add("status", str(number), 1, partial(str, number))
    found = parts.omitted()

    assert len(found) == 1_001
    assert found[-1] == Omitted("status", "", 2, 2, "1000")
