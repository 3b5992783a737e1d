"""Published facts that ship with tokaudit, read from ``catalog/reference``."""

import csv
from dataclasses import dataclass

from tokaudit.errors import UsageError
from tokaudit.paths import shipped


@dataclass(frozen=True, slots=True)
class Accelerator:
    """One device.

    Attributes:
        name: as its maker calls it.
        flops_per_second: dense BF16 peak (FP16 where it has no BF16).
        checked: whether the number was read in a source rather than recalled.
        source: where, in words; may be empty.
    """

    name: str
    flops_per_second: float
    checked: bool
    source: str


def accelerators() -> list[Accelerator]:
    """All known devices, in the file's order."""
    with (shipped("catalog") / "reference" / "accelerators.csv").open(encoding="utf-8", newline="") as file:
        return [
            Accelerator(
                name=row["name"],
                flops_per_second=float(row["dense_bf16_tflops"]) * 1e12,
                checked=row["status"] != "M",
                source=row["source"],
            )
            for row in csv.DictReader(file)
        ]


def find_accelerator(name: str) -> Accelerator:
    """The device of that name or of a name that begins so, letter case, hyphens and blanks aside.

    Raises:
        UsageError: none, or several; the message lists those that may be meant.
    """
    known = accelerators()
    asked = _folded(name)
    exact = [device for device in known if _folded(device.name) == asked]
    found = exact or [device for device in known if asked and _folded(device.name).startswith(asked)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"--gpu: {name!r} may be any of {', '.join(device.name for device in found)}")
    raise UsageError(f"--gpu: unknown accelerator {name!r} (known: {', '.join(device.name for device in known)})")


def _folded(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
