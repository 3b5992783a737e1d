"""The published facts that ship with tokaudit."""

import pytest

from tokaudit.errors import UsageError
from tokaudit.reference import accelerators, find_accelerator


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("H100 SXM", "H100 SXM"),
        ("h100-sxm", "H100 SXM"),
        ("h100s", "H100 SXM"),
        ("a100", "A100 SXM 40/80GB"),
        ("tpu v5p", "TPU v5p"),
    ],
)
def test_a_device_is_found_by_any_beginning_that_only_it_has(asked: str, found: str) -> None:
    assert find_accelerator(asked).name == found


def test_a_beginning_of_several_devices_is_refused_with_their_names() -> None:
    with pytest.raises(UsageError, match=r"may be any of H100 SXM, H100 PCIe$"):
        find_accelerator("H100")


@pytest.mark.parametrize("name", ["GTX", "", "  "])
def test_an_unknown_device_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(UsageError, match=r"unknown accelerator .*known: V100 SXM"):
        find_accelerator(name)


def test_an_h100_has_989_teraflops_from_a_named_source() -> None:
    device = find_accelerator("H100 SXM")
    assert device.flops_per_second == 989e12
    assert device.checked
    assert device.source


def test_every_device_has_a_name_of_its_own_and_a_plausible_peak() -> None:
    devices = accelerators()
    assert len({device.name for device in devices}) == len(devices)
    assert all(1e13 < device.flops_per_second < 1e16 for device in devices)
