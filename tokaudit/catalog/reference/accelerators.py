"""Accelerators: their names and peak FLOPs."""

from dataclasses import dataclass

from tokaudit.catalog.reference.read import Status, read_rows
from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import fold_name, unknown_name


@dataclass(frozen=True, slots=True)
class Accelerator:
    """One device.

    Attributes:
        name: its maker's name for it.
        dense_bf16_tflops: dense BF16 peak in 1e12 FLOPs per second (FP16 if it has no BF16).
        status: how the peak is known.
        source: source of the peak, in words; may be empty.
    """

    name: str
    dense_bf16_tflops: float
    status: Status
    source: str

    @property
    def flops_per_second(self) -> float:
        """The peak in FLOPs per second."""
        return self.dense_bf16_tflops * 1e12

    @property
    def checked(self) -> bool:
        """Whether the peak was read in a source, rather than recalled."""
        return self.status != "recalled"


def accelerators() -> list[Accelerator]:
    """All known devices, in the file's order."""
    return read_rows(Accelerator, "accelerators.csv")


def find_accelerator(name: str) -> Accelerator:
    """The device with this name, or with a name that begins so; letter case, hyphens and blanks do not matter.

    Raises:
        UsageError: no device matches, or several do; the message lists the candidates.
    """
    known = accelerators()
    folded = fold_name(name)
    exact = [device for device in known if fold_name(device.name) == folded]
    found = exact or [device for device in known if folded and fold_name(device.name).startswith(folded)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"--gpu: {name!r} is ambiguous; it may be any of {', '.join(device.name for device in found)}")
    raise UsageError(f"--gpu: {unknown_name('accelerator', name, [device.name for device in known])}")
