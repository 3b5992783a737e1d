"""Accelerators: their training FLOPs per hour, and the hours that a budget takes."""

import math
from dataclasses import dataclass
from typing import Final

from tokaudit.core.errors import UsageError
from tokaudit.planning.plan_value import GpuTime

_SECONDS_PER_HOUR: Final = 3600
_HOURS_PER_DAY: Final = 24
_ROUNDING: Final = 1e-9  # relative: a quotient this close to a whole number of devices is that number


@dataclass(frozen=True, slots=True)
class Hardware:
    """One kind of accelerator, and how much of it training uses.

    Attributes:
        accelerator: name of the accelerator.
        flops_per_second: dense peak of one device.
        mfu: share of the peak that the model's own FLOPs reach, above 0 and up to 1.
        gpus: number of devices; None: not given.
        days: days of training; None: not given.

    Raises:
        UsageError: ``mfu`` is not such a share.
    """

    accelerator: str
    flops_per_second: float
    mfu: float
    gpus: float | None = None
    days: float | None = None

    def __post_init__(self) -> None:
        """Refuse an MFU that is not a share."""
        if not 0 < self.mfu <= 1:
            raise UsageError(f"--mfu: {self.mfu:g} is not a share of the peak (above 0, up to 1; 0.4 is usual)")

    def flops(self, gpu_hours: float) -> float:
        """Training FLOPs in ``gpu_hours`` hours of one device."""
        return self.flops_per_second * self.mfu * gpu_hours * _SECONDS_PER_HOUR

    def gpu_hours(self, flops: float) -> float:
        """Hours that one device takes for ``flops`` training FLOPs."""
        return flops / self.flops(1)

    def time(self, flops: float) -> GpuTime:
        """The time that ``flops`` take; if the days are given, the fewest whole devices that finish by then."""
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
    """GPU-hours of ``gpus`` devices in ``days`` days."""
    return gpus * days * _HOURS_PER_DAY
