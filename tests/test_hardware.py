"""Accelerators, their FLOPs and their time."""

import pytest

from tokaudit.errors import UsageError
from tokaudit.hardware import Hardware, hours


def test_hours_are_flops_by_the_share_of_the_peak_that_is_used() -> None:
    assert Hardware("any", 989e12, 0.4).flops(hours(1024, 30)) == pytest.approx(989e12 * 0.4 * 1024 * 30 * 86_400)


def test_flops_and_hours_are_each_other_s_inverse() -> None:
    device = Hardware("any", 312e12, 0.5)
    assert device.gpu_hours(device.flops(777)) == pytest.approx(777)


@pytest.mark.parametrize(
    ("gpus", "days", "found"),
    [(None, None, (None, None)), (24.0, None, (24, 10)), (None, 5.0, (48, 5)), (24.0, 10.0, (24, 10))],
)
def test_the_one_that_is_not_said_follows(
    gpus: float | None, days: float | None, found: tuple[float | None, float | None]
) -> None:
    device = Hardware("any", 1e15, 0.4, gpus, days)
    assert device.gpus_and_days(device.flops(hours(24, 10))) == pytest.approx(found)


@pytest.mark.parametrize("mfu", [0, -0.1, 1.01, float("nan")])
def test_what_is_no_share_of_the_peak_is_refused(mfu: float) -> None:
    with pytest.raises(UsageError, match="--mfu"):
        Hardware("any", 1e15, mfu)
