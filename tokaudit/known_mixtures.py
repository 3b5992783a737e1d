"""The mixtures of published runs and corpora: what share of the tokens each domain has."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tokaudit.errors import UsageError
from tokaudit.names import folded
from tokaudit.reference import read_table


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
    for row in read_table("mixtures.csv"):
        components.setdefault(row["mixture"], []).append(row)
    return [_mixture(name, rows) for name, rows in components.items()]


def _mixture(name: str, rows: list[dict[str, str]]) -> Mixture:
    printed = math.fsum(float(row["share"]) for row in rows)
    shares: dict[str, float] = {}
    for row in rows:
        shares[row["domain"]] = shares.get(row["domain"], 0.0) + float(row["share"]) / printed
    return Mixture(name, shares, printed, all(row["status"] == "read" for row in rows), rows[0]["source"])


def find_mixture(name: str) -> Mixture:
    """The mixture of that name, letter case, hyphens and blanks aside.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    known = mixtures()
    for mixture in known:
        if folded(mixture.name) == folded(name):
            return mixture
    names = ", ".join(mixture.name for mixture in known)
    raise UsageError(f"--mixture: unknown mixture {name!r} (known: unimax, {names}; or write DOMAIN=SHARE,…)")
