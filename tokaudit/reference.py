"""Published facts that ship with tokaudit, read from ``catalog/reference``."""

import csv
import math
from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Mixture:
    """The mixture of a published run or corpus.

    Attributes:
        name: what ``--mixture`` takes.
        shares: domain -> part of the run's tokens, summing to 1; its components' shares, by the domain they are of.
        printed_sum: what the shares sum to as they are printed.
        checked: whether they were read in the paper itself.
        source: paper and table.
    """

    name: str
    shares: Mapping[str, float]
    printed_sum: float
    checked: bool
    source: str

    def notes(self) -> list[str]:
        """What its user must know, one sentence each."""
        note = f"mixture {self.name}: {self.source}; its components are put into domains by tokaudit"
        found = [note if self.checked else f"{note}; not read in the paper itself"]
        if round(self.printed_sum, 6) != 1:
            found.append(f"mixture {self.name}: the printed shares sum to {self.printed_sum:.6g}; they are scaled to 1")
        return found


def mixtures() -> list[Mixture]:
    """All known mixtures, in the file's order."""
    components: dict[str, list[dict[str, str]]] = {}
    with (shipped("catalog") / "reference" / "mixtures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            components.setdefault(row["mixture"], []).append(row)
    return [_mixture(name, rows) for name, rows in components.items()]


def _mixture(name: str, rows: list[dict[str, str]]) -> Mixture:
    printed = math.fsum(float(row["share"]) for row in rows)
    shares: dict[str, float] = {}
    for row in rows:
        shares[row["domain"]] = shares.get(row["domain"], 0.0) + float(row["share"]) / printed
    return Mixture(name, shares, printed, all(row["status"] == "F" for row in rows), rows[0]["source"])


def find_mixture(name: str) -> Mixture:
    """The mixture of that name, letter case, hyphens and blanks aside.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    known = mixtures()
    for mixture in known:
        if _folded(mixture.name) == _folded(name):
            return mixture
    names = ", ".join(mixture.name for mixture in known)
    raise UsageError(f"--mixture: unknown mixture {name!r} (known: unimax, {names}; or write DOMAIN=SHARE,…)")


def _folded(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())
