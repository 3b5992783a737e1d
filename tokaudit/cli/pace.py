"""The speed of the last seconds and the time left at that speed; none as long as there is too little to go by."""

from collections import deque
from typing import Final, NamedTuple

_WINDOW_SECONDS: Final = (4.0, 30.0)
_WINDOW_SHARE: Final = 1 / 3
"""The window grows with the time since counting began, between the bounds: slow first batches are soon outside."""
_LEAST_STEPS: Final = 6
"""Steps that the window has at least where they are rare."""
_STEP_SECONDS: Final = 0.1
"""Steps that follow each other faster are one."""
_GROUND_SECONDS: Final = 2.0
_GROUND_STEPS: Final = 2
"""How much must be known before anything is said."""


class _Step(NamedTuple):
    """What had been done at a moment."""

    time: float
    work: float
    text: int


class Pace:
    """The speed of work that comes in steps, such as batches of several workers.

    The first step begins the window: the time until it comes is that of starting, and says nothing of the speed.
    """

    def __init__(self) -> None:
        self._steps: deque[_Step] = deque()
        self._begun = 0.0

    def step(self, now: float, work: float, text: int) -> None:
        """By now so much work has been done and so many bytes of text have been counted, all in all."""
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
        """Bytes of text per second; None if too little is known."""
        seconds = self._seconds(now)
        return None if seconds is None else (self._steps[-1].text - self._steps[0].text) / seconds

    def seconds_left(self, now: float, work: float) -> float | None:
        """Seconds until all this work is done; None if too little is known."""
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
        """The seconds that the steps of the window took: a pause counts when it is longer than two steps."""
        if len(self._steps) <= _GROUND_STEPS:
            return None
        begun = self._steps[0].time
        seconds = max(self._steps[-1].time - begun, now - begun - 2 * self._interval())
        return seconds if seconds >= _GROUND_SECONDS else None

    def _interval(self) -> float:
        return (self._steps[-1].time - self._steps[0].time) / (len(self._steps) - 1)
