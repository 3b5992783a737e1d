"""The speed of the last seconds, and the time left at that speed; unknown until there are enough steps."""

from collections import deque
from typing import Final, NamedTuple

_WINDOW_SECONDS: Final = (4.0, 30.0)
_WINDOW_SHARE: Final = 1 / 3
"""The window is this share of the time since counting began, within the bounds: slow first batches soon leave it."""
_LEAST_STEPS: Final = 6
"""Fewest steps in the window, however rare they are."""
_STEP_SECONDS: Final = 0.1
"""Steps that follow each other faster are merged."""
_GROUND_SECONDS: Final = 2.0
_GROUND_STEPS: Final = 2
"""Fewest steps and seconds that a speed is based on."""


class _Step(NamedTuple):
    """Work done and bytes of text counted, by a moment."""

    time: float
    work: float
    text: int


class Pace:
    """The speed of work that comes in steps, such as batches of several workers.

    The window begins with the first step: the time before it is that of starting, and says nothing about the speed.
    """

    def __init__(self) -> None:
        self._steps: deque[_Step] = deque()
        self._begun = 0.0

    def step(self, now: float, work: float, text: int) -> None:
        """Record the work done and the bytes of text counted so far."""
        if not self._steps:
            self._begun = now
        elif len(self._steps) > 1 and now - self._steps[-2].time < _STEP_SECONDS:
            self._steps.pop()
        self._steps.append(_Step(now, work, text))
        least, most = _WINDOW_SECONDS
        window = min(most, max(least, _WINDOW_SHARE * (now - self._begun)))
        while len(self._steps) > _LEAST_STEPS + 1 and self._steps[1].time <= now - window:
            self._steps.popleft()

    def text_per_second(self, now: float) -> float | None:
        """Bytes of text per second; None if it is unknown."""
        seconds = self._seconds(now)
        return None if seconds is None else (self._steps[-1].text - self._steps[0].text) / seconds

    def seconds_left(self, now: float, work: float) -> float | None:
        """Seconds until all this work is done; None if they are unknown."""
        seconds = self._seconds(now)
        if seconds is None:
            return None
        last = self._steps[-1]
        done = last.work - self._steps[0].work
        if done <= 0:
            return None
        under_way = min(now - last.time, self._interval() / 2)
        return max(0.0, (work - last.work) * seconds / done - under_way)

    def _seconds(self, now: float) -> float | None:
        """Seconds that the steps of the window took; None if there are too few steps.

        A pause after the last step counts if it is longer than two steps.
        """
        if len(self._steps) <= _GROUND_STEPS:
            return None
        begun = self._steps[0].time
        seconds = max(self._steps[-1].time - begun, now - begun - 2 * self._interval())
        return seconds if seconds >= _GROUND_SECONDS else None

    def _interval(self) -> float:
        return (self._steps[-1].time - self._steps[0].time) / (len(self._steps) - 1)
