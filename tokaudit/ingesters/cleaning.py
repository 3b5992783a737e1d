"""Cleaning steps, which are applied to every text before it is counted; their names are recorded with the source."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Step:
    """A cleaning step: its name, which is recorded with the source, and its function on the texts of a batch."""

    name: str
    apply: Callable[[pa.LargeStringArray], pa.LargeStringArray]


def clean(text: pa.LargeStringArray, steps: Sequence[Step]) -> pa.LargeStringArray:
    """The texts after all steps, in order."""
    for step in steps:
        text = step.apply(text)
    return text
