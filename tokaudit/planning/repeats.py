"""What repeats cost in published runs, next to what a law says of the same runs."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tokaudit.catalog.reference.repeats import RepeatedRun
from tokaudit.laws.pools import DomainPool
from tokaudit.laws.protocol import LossLaw, Repetition, ScalingLaw, gives_loss
from tokaudit.laws.repeated_data import RepeatedDataLaw
from tokaudit.planning.plan_value import RepeatsMeasured

_ALIKE: Final = math.log(1.5)
"""Runs whose epochs differ by a larger factor are not comparable."""


def measured_like(
    epochs: float, runs: Sequence[RepeatedRun], law: ScalingLaw, repetition: Repetition
) -> Iterator[RepeatsMeasured]:
    """For each size, the repeated runs nearest in epochs, if any are comparable; none if the plan repeats no data.

    Args:
        epochs: epochs of the plan's binding domain.
        runs: published runs: repeated ones, and one unrepeated run of each size.
        law: the law that is applied to the same runs.
        repetition: its repetition constants.
    """
    if epochs <= 1:
        return
    sizes = dict.fromkeys((run.params, run.tokens) for run in runs)
    for size in sizes:
        same = [run for run in runs if (run.params, run.tokens) == size]
        (once,) = (run for run in same if run.epochs == 1)
        nearest = min(_alike(epochs, same), key=lambda run: _distance(epochs, run), default=None)
        if nearest is None:
            continue
        yield RepeatsMeasured(
            params=nearest.params,
            tokens=nearest.tokens,
            epochs=nearest.epochs,
            runs=nearest.runs,
            loss_rise=nearest.loss / once.loss - 1,
            loss_rise_of_law=_rise(nearest, law, repetition) if gives_loss(law) else None,
        )


def _alike(epochs: float, runs: Iterable[RepeatedRun]) -> Iterator[RepeatedRun]:
    return (run for run in runs if run.epochs > 1 and _distance(epochs, run) <= _ALIKE)


def _distance(epochs: float, run: RepeatedRun) -> float:
    return abs(math.log(run.epochs / epochs))


def _rise(run: RepeatedRun, law: LossLaw, repetition: Repetition) -> float:
    repeated = RepeatedDataLaw(law, [DomainPool(1.0, run.unique_tokens)], repetition).loss(run.params, run.tokens)
    return repeated / law.loss(run.params, run.tokens) - 1
