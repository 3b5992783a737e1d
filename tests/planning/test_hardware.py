"""Accelerators: their FLOPs, and the time that a budget takes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.errors import UsageError
from tokaudit.planning.hardware import Hardware, hours


def test_gpu_hours_are_flops_over_the_used_share_of_the_peak() -> None:
    assert Hardware("any", 989e12, 0.4).flops(hours(1024, 30)) == pytest.approx(989e12 * 0.4 * 1024 * 30 * 86_400)


def test_flops_and_gpu_hours_are_inverse_to_each_other() -> None:
    device = Hardware("any", 312e12, 0.5)
    assert device.gpu_hours(device.flops(777)) == pytest.approx(777)


@pytest.mark.parametrize(
    ("gpus", "days", "found"),
    [(None, None, (None, None)), (24.0, None, (24, 10)), (None, 5.0, (48, 5)), (24.0, 10.0, (24, 10))],
)
def test_devices_follow_from_days_and_days_from_devices(
    gpus: float | None, days: float | None, found: tuple[float | None, float | None]
) -> None:
    device = Hardware("any", 1e15, 0.4, gpus, days)
    time = device.time(device.flops(hours(24, 10)))
    assert (time.gpus, time.days) == pytest.approx(found)
    assert (time.accelerator, time.mfu) == ("any", 0.4)
    assert time.gpu_hours == pytest.approx(240 * 24)


@pytest.mark.parametrize(("flops", "days", "gpus"), [(1e19, 7.0, 1), (1e23, 100.0, 30), (1e24, 1e-310, math.inf)])
def test_devices_for_given_days_are_whole(flops: float, days: float, gpus: float) -> None:
    assert Hardware("any", 989e12, 0.4, days=days).time(flops).gpus == gpus


@given(gpus=st.integers(1, 10**6), days=st.floats(0.1, 1000))
def test_devices_and_days_lead_back_to_the_same_devices(gpus: int, days: float) -> None:
    device = Hardware("any", 989e12, 0.4, days=days)
    assert device.time(device.flops(hours(gpus, days))).gpus == gpus


@pytest.mark.parametrize("mfu", [0, -0.1, 1.01, float("nan")])
def test_an_mfu_that_is_not_a_share_is_refused(mfu: float) -> None:
    with pytest.raises(UsageError, match="--mfu"):
        Hardware("any", 1e15, mfu)
