"""Accelerators: finding one by name (among made-up ones), and the shipped ones."""

import pytest

from tokaudit.catalog.reference.accelerators import accelerators, find_accelerator
from tokaudit.core.errors import UsageError


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Beta short", "Beta short"),
        ("beta-short", "Beta short"),
        ("betas", "Beta short"),
        ("alpha", "Alpha 40/80GB"),
        ("gamma v5", "Gamma v5"),
        ("gamma v5p", "Gamma v5p"),
    ],
)
@pytest.mark.usefixtures("made_reference")
def test_a_device_is_found_by_any_unambiguous_beginning(asked: str, found: str) -> None:
    assert find_accelerator(asked).name == found


@pytest.mark.usefixtures("made_reference")
def test_an_ambiguous_beginning_is_refused_with_the_candidates() -> None:
    with pytest.raises(UsageError, match=r"may be any of Beta long, Beta short$"):
        find_accelerator("Beta")


@pytest.mark.parametrize("name", ["Delta", "", "  "])
@pytest.mark.usefixtures("made_reference")
def test_an_unknown_device_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(UsageError, match=r"unknown accelerator .*known: H100 SXM, Alpha"):
        find_accelerator(name)


def test_an_h100_has_989_teraflops_from_a_named_source() -> None:
    device = find_accelerator("H100 SXM")
    assert device.flops_per_second == 989e12
    assert device.checked
    assert device.source


def test_devices_have_unique_names_and_plausible_peaks() -> None:
    devices = accelerators()
    assert len({device.name for device in devices}) == len(devices)
    assert all(1e13 < device.flops_per_second < 1e16 for device in devices)
