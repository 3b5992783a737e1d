"""Threads of this machine."""

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.engines.local import ordered_map


@given(st.lists(st.integers()), st.integers(1, 4), st.integers(0, 6))
def test_results_come_in_the_order_of_the_items(items: list[int], workers: int, ahead: int) -> None:
    assert list(ordered_map(lambda item: -item, items, workers, ahead)) == [-item for item in items]


def test_no_more_items_are_drawn_than_may_be_under_way() -> None:
    drawn = 0

    def items() -> Iterator[int]:
        nonlocal drawn
        for number in range(100):
            drawn += 1
            yield number

    results = ordered_map(lambda item: item, items(), 2, 3)
    for number, _ in enumerate(results, start=1):
        assert drawn - number <= 3
    assert drawn == 100


def test_items_are_worked_on_side_by_side() -> None:
    met = threading.Barrier(3, timeout=60)

    assert sorted(ordered_map(lambda _: met.wait(), range(3), 3, 3)) == [0, 1, 2]


def test_an_error_comes_out_where_its_result_would_and_ends_the_work() -> None:
    begun = set()

    def fails_at_three(item: int) -> int:
        begun.add(item)
        if item == 3:
            raise ValueError("three")
        return item

    results = ordered_map(fails_at_three, range(1000), 2, 4)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)
    assert max(begun) < 10
    assert [thread for thread in threading.enumerate() if thread.name.startswith("tokaudit")] == []


def test_what_was_not_begun_is_not_begun_when_nobody_wants_more() -> None:
    begun, gate = set(), threading.Event()

    def slow(item: int) -> int:
        begun.add(item)
        if item > 0:
            gate.wait(60)
        return item

    results = ordered_map(slow, range(100), 1, 5)
    assert next(results) == 0
    threading.Timer(0.3, gate.set).start()
    results.close()  # type: ignore[attr-defined]
    assert max(begun) <= 1
