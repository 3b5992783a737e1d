"""Speed and time left, at a clock that runs as fast as the test wants."""

from collections.abc import Callable, Iterator
from itertools import accumulate, cycle, repeat

import pytest

from tokaudit.core.pace import Pace

Batches = Iterator[tuple[float, float]]
"""Seconds until the next batch comes, and the work that it is."""

WHOLE = 1_000.0


def steady() -> Batches:
    return zip(repeat(0.2), repeat(5.0), strict=False)


def slow_start() -> Batches:
    """A fifth of the speed for three seconds."""
    yield from [(1.0, 5.0)] * 3
    yield from steady()


def late_start() -> Batches:
    """The first batches wait for a vocabulary."""
    yield 8.0, 5.0
    yield 0.01, 5.0
    yield from steady()


def many_small_files() -> Batches:
    """Batches of hundreds of files come often and are of any size."""
    return zip(repeat(0.05), cycle([0.4, 2.0, 1.2, 1.4]), strict=False)


def one_large_compressed_file() -> Batches:
    """Two workers: stretches come in pairs, and a commit stops both from time to time."""
    return zip(cycle([0.01, 0.79, 0.01, 0.79, 0.01, 1.39]), repeat(10.0), strict=False)


def few_large_batches() -> Batches:
    return zip(cycle([0.1, 2.3]), repeat(30.0), strict=False)


def times(batches: Batches) -> list[tuple[float, float]]:
    """When each batch comes, and the work done by then, until all is done."""
    found = []
    for moment, done in accumulate(batches, lambda before, step: (before[0] + step[0], before[1] + step[1])):
        found.append((moment, min(done, WHOLE)))
        if done >= WHOLE:
            break
    return found


@pytest.mark.parametrize(
    "pattern",
    [steady, slow_start, late_start, many_small_files, one_large_compressed_file, few_large_batches],
    ids=lambda pattern: pattern.__name__,
)
def test_the_time_left_is_right_within_a_factor_of_two(pattern: Callable[[], Batches]) -> None:
    steps = times(pattern())
    begun, end = steps[0][0], steps[-1][0]
    pace, said = Pace(), []
    waiting = list(steps)
    for tenth in range(int(end * 10) + 1):
        now = tenth / 10
        while waiting and waiting[0][0] <= now:
            pace.step(*waiting[0], text=0)
            waiting.pop(0)
        left = pace.seconds_left(now, WHOLE)
        if now >= begun + 5 and end - now >= 3:
            assert left is not None
            said.append(left / (end - now))

    assert len(said) > 50
    assert min(said) >= 0.5
    assert max(said) <= 2


def test_no_pace_is_known_before_a_few_steps() -> None:
    pace = Pace()
    assert pace.seconds_left(0.0, WHOLE) is None
    pace.step(1.0, 5.0, 50)
    pace.step(4.0, 10.0, 100)
    assert pace.seconds_left(4.0, WHOLE) is None
    assert pace.text_per_second(4.0) is None
    pace.step(4.5, 15.0, 150)

    assert pace.text_per_second(4.5) == pytest.approx(100 / 3.5)
    assert pace.seconds_left(4.5, WHOLE) == pytest.approx((WHOLE - 15) * 3.5 / 10)


def test_a_long_pause_lowers_the_speed() -> None:
    pace = Pace()
    for second in range(6):
        pace.step(second, second * 10.0, second * 100)
    before = pace.text_per_second(5.0)
    later = pace.text_per_second(100.0)

    assert before == pytest.approx(100)
    assert later is not None
    assert later < 10


def test_work_of_no_size_gives_no_time_left() -> None:
    pace = Pace()
    for second in range(6):
        pace.step(second, 0.0, 10 * second)

    assert pace.seconds_left(6.0, WHOLE) is None


def test_a_pace_keeps_few_steps() -> None:
    pace = Pace()
    for step in range(100_000):
        pace.step(step / 100, step, step)

    assert len(pace._steps) < 400  # noqa: SLF001 - nothing else shows it
