"""Ranges: which are asked for, how many at once, and how many are held."""

import random
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.readers.paths import ranges as module
from tokaudit.readers.paths.ranges import Ranges

DATA = random.Random(3).randbytes(300_000)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds for a small file."""
    for name, size in {"_FIRST": 1000, "_LARGEST": 8000, "_AHEAD": 64_000, "_MOST": 80_000, "_NEAR": 100}.items():
        monkeypatch.setattr(module, name, size)


class Slow:
    """A server of `DATA`, which notes what is asked."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.asked: list[tuple[int, int]] = []
        self.now = self.most = 0
        self._lock = threading.Lock()

    def fetch(self, begin: int, end: int) -> bytes:
        """A range."""
        with self._lock:
            self.asked.append((begin, end))
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self.seconds)
        with self._lock:
            self.now -= 1
        return DATA[begin:end]

    @property
    def bytes(self) -> int:
        """All bytes that were asked for."""
        return sum(end - begin for begin, end in self.asked)


def read_all(ranges: Ranges, step: int) -> bytes:
    whole = b""
    while len(whole) < len(DATA):
        whole += ranges.read(len(whole), step)
    return whole


@pytest.mark.parametrize("parallel", [True, False])
@pytest.mark.parametrize("step", [100, 5000, 400_000])
def test_a_file_is_read_once_in_any_steps(step: int, *, parallel: bool) -> None:
    server = Slow()
    assert read_all(Ranges(server.fetch, len(DATA), parallel=parallel), step) == DATA
    assert server.bytes == len(DATA)


def test_the_head_of_a_file_costs_one_small_range() -> None:
    server = Slow()
    Ranges(server.fetch, len(DATA), parallel=True).read(0, 10)
    assert server.asked == [(0, 1000)]


def test_what_is_asked_for_at_once_is_fetched_at_once() -> None:
    server = Slow(0.1)
    Ranges(server.fetch, len(DATA), parallel=True).read(1000, 40_000)
    assert server.most == 5
    assert server.bytes == 40_000


def test_reading_on_does_not_wait_for_each_answer() -> None:
    server = Slow(0.05)
    read_all(Ranges(server.fetch, len(DATA), parallel=True), 1000)
    assert server.most >= 6


def test_a_start_is_under_way_before_it_is_read() -> None:
    server = Slow()
    ranges = Ranges(server.fetch, len(DATA), parallel=True)
    ranges.start(30_000)
    assert ranges.read(0, 30_000) == DATA[:8000]
    assert sum(min(end, 32_000) - begin for begin, end in server.asked if begin < 32_000) == 32_000


@given(st.lists(st.tuples(st.integers(0, len(DATA) - 1), st.integers(1, 50_000)), min_size=1, max_size=20))
def test_any_reading_gives_the_bytes_and_holds_no_more_than_allowed(reads: list[tuple[int, int]]) -> None:
    ranges = Ranges(Slow().fetch, len(DATA), parallel=True)
    for place, size in reads:
        found = bytes(ranges.read(place, size))
        assert found == DATA[place : place + len(found)]
        assert found
        assert vars(ranges)["_held"] <= 80_000 + 8000


def test_a_reader_of_all_of_it_does_not_begin_slowly() -> None:
    server = Slow(0.05)
    ranges = Ranges(server.fetch, len(DATA), parallel=True)
    ranges.start(1000)
    ranges.read(0, 10)
    assert server.most == 8


def test_several_streams_share_what_was_fetched() -> None:
    server = Slow(0.001)
    ranges = Ranges(server.fetch, len(DATA), parallel=True)
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(bytes(ranges.read(0, 8000)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [DATA[:8000]] * 4
    assert server.asked == [(0, 8000)]


def test_what_is_dropped_is_not_fetched_any_more() -> None:
    server = Slow(0.05)
    ranges = Ranges(server.fetch, len(DATA), parallel=True)
    ranges.start(64_000)
    ranges.drop()
    assert vars(ranges)["_held"] == 0
    assert not vars(ranges)["_ranges"]
