"""A parallel map over threads, in order."""

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.ordered_map import ordered_map

A = TypeVar("A")
B = TypeVar("B")


def mapped(function: Callable[[A], B], items: Iterable[A], workers: int, ahead: int) -> list[B]:
    """All results, in order."""
    with ordered_map(function, items, workers, ahead) as results:
        return list(results)


def none_left() -> bool:
    """Whether no worker thread of such a map is left."""
    return not workers()


def workers() -> list[threading.Thread]:
    """The worker threads of all such maps."""
    return [thread for thread in threading.enumerate() if re.fullmatch(r"tokaudit_\d+", thread.name)]


@given(st.lists(st.integers()), st.integers(1, 4), st.integers(0, 6))
def test_results_come_in_the_order_of_the_items(items: list[int], workers: int, ahead: int) -> None:
    assert mapped(lambda item: -item, items, workers, ahead) == [-item for item in items]
    assert none_left()


def test_items_are_taken_only_for_workers_and_waiting_results() -> None:
    drawn = 0

    def items() -> Iterator[int]:
        nonlocal drawn
        for number in range(100):
            drawn += 1
            yield number

    with ordered_map(lambda item: item, items(), 2, 3) as results:
        for number, _ in enumerate(results, start=1):
            assert drawn - number < 2 + 3
    assert drawn == 100


def test_items_are_processed_in_parallel() -> None:
    met = threading.Barrier(3, timeout=60)

    assert sorted(mapped(lambda _: met.wait(), range(3), 3, 3)) == [0, 1, 2]


def test_the_next_item_is_taken_while_another_is_processed() -> None:
    drawn = threading.Event()

    def items() -> Iterator[int]:
        yield 0
        drawn.set()
        yield 1

    assert mapped(lambda item: drawn.wait(60) and item, items(), 2, 0) == [0, 1]


def test_one_worker_does_everything_in_one_thread() -> None:
    threads = set()

    def items() -> Iterator[int]:
        for number in range(5):
            threads.add(threading.get_ident())
            yield number

    mapped(lambda _: threads.add(threading.get_ident()), items(), 1, 3)
    assert len(threads) == 1


def test_an_error_is_raised_in_place_of_its_result_and_ends_the_work() -> None:
    begun = set()

    def fails_at_three(item: int) -> int:
        begun.add(item)
        if item == 3:
            raise ValueError("three")
        return item

    with ordered_map(fails_at_three, range(1000), 2, 4) as results:
        assert [next(results) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(ValueError, match="three"):
            next(results)
    assert max(begun) < 10
    assert none_left()


def test_an_error_of_the_items_comes_after_the_earlier_results() -> None:
    def items() -> Iterator[int]:
        yield 0
        raise OSError("no more")

    with ordered_map(lambda item: item, items(), 2, 4) as results:
        assert next(results) == 0
        with pytest.raises(OSError, match="no more"):
            next(results)
    assert none_left()


def test_no_further_item_starts_after_the_caller_stops() -> None:
    begun, gate = set(), threading.Event()

    def slow(item: int) -> int:
        begun.add(item)
        if item > 0:
            gate.wait(60)
        return item

    with ordered_map(slow, range(100), 1, 5) as results:
        assert next(results) == 0
        threading.Timer(0.3, gate.set).start()
    assert max(begun) <= 1
    assert none_left()


def test_after_an_interrupt_nobody_waits_for_work_in_hand() -> None:
    begun, gate = threading.Event(), threading.Event()

    def slow(_: int) -> bool:
        begun.set()
        return gate.wait(60)

    def interrupted() -> None:
        with ordered_map(slow, range(10), 2, 0):
            begun.wait(60)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not gate.is_set()
    gate.set()
    for thread in workers():
        thread.join(60)
    assert none_left()
