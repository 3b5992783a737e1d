"""Accelerators: the training FLOPs they do, and the time that FLOPs take them."""

import math
from dataclasses import dataclass
from typing import Final

from tokaudit.core.errors import UsageError
from tokaudit.planning.plan_value import GpuTime

_SECONDS_PER_HOUR: Final = 3600
_HOURS_PER_DAY: Final = 24
_ROUNDING: Final = 1e-9  # relative: a whole number of devices, as a quotient has it


@dataclass(frozen=True, slots=True)
class Hardware:
    """One kind of accelerator, and how much of it training uses.

    Attributes:
        accelerator: its name.
        flops_per_second: dense peak of one.
        mfu: share of the peak that the model's own FLOPs reach, above 0 and up to 1.
        gpus: how many; None: not said.
        days: for how long; None: not said.

    Raises:
        UsageError: ``mfu`` is no such share.
    """

    accelerator: str
    flops_per_second: float
    mfu: float
    gpus: float | None = None
    days: float | None = None

    def __post_init__(self) -> None:
        """Refuse a share that is none."""
        if not 0 < self.mfu <= 1:
            raise UsageError(f"--mfu: {self.mfu:g} is no share of the peak (above 0, up to 1; 0.4 is usual)")

    def flops(self, gpu_hours: float) -> float:
        """Training FLOPs in so many hours of one device."""
        return self.flops_per_second * self.mfu * gpu_hours * _SECONDS_PER_HOUR

    def gpu_hours(self, flops: float) -> float:
        """Hours that one device takes for so many training FLOPs."""
        return flops / self.flops(1)

    def time(self, flops: float) -> GpuTime:
        """The time that so many FLOPs take; where the days are said, as many whole devices as are done by then."""
        return GpuTime(self.accelerator, self.mfu, self.gpu_hours(flops), *self._gpus_and_days(flops))

    def _gpus_and_days(self, flops: float) -> tuple[float | None, float | None]:
        days_of_one = self.gpu_hours(flops) / _HOURS_PER_DAY
        if self.gpus is not None:
            return self.gpus, days_of_one / self.gpus
        if self.days is None:
            return None, None
        gpus = days_of_one / self.days * (1 - _ROUNDING)
        return float(math.ceil(gpus)) if math.isfinite(gpus) else gpus, self.days


def hours(gpus: float, days: float) -> float:
    """GPU-hours of so many devices in so many days."""
    return gpus * days * _HOURS_PER_DAY
