"""The mixtures of published runs and corpora: what share of the tokens each domain has."""

import math
from dataclasses import dataclass
from typing import Final

from tokaudit.catalog.reference.read import Status, read_rows
from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import fold_name

_ROUNDING: Final = 0.02  # relative, of epochs printed with two digits


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a published mixture, as printed; None where nothing is.

    Attributes:
        mixture: its name.
        component: likewise.
        domain: of its text, as tokaudit sorts it.
        share: part of the run's tokens.
        tokens_unique: how many it has.
        epochs: how often the run uses each.
        run_tokens: of the run.
        status: how these are known.
        source: paper and table.
    """

    mixture: str
    component: str
    domain: str
    share: float
    tokens_unique: float | None
    epochs: float | None
    run_tokens: float | None
    status: Status
    source: str

    @property
    def epochs_given(self) -> float | None:
        """What the share and the tokens make the epochs; None without both."""
        return self.share * self.run_tokens / self.tokens_unique if self.run_tokens and self.tokens_unique else None


@dataclass(frozen=True, slots=True)
class Mixture:
    """The mixture of a published run or corpus.

    Attributes:
        name: what ``--mixture`` takes.
        components: as printed, in the table's order.
    """

    name: str
    components: tuple[Component, ...]

    @property
    def printed_sum(self) -> float:
        """What the shares sum to as they are printed."""
        return math.fsum(each.share for each in self.components)

    @property
    def shares(self) -> dict[str, float]:
        """Domain -> part of the run's tokens, summing to 1: its components' shares."""
        found: dict[str, float] = {}
        for each in self.components:
            found[each.domain] = found.get(each.domain, 0.0) + each.share / self.printed_sum
        return found

    @property
    def checked(self) -> bool:
        """Whether the shares were read in the paper itself."""
        return all(each.status == "read" for each in self.components)

    @property
    def source(self) -> str:
        """Paper and table."""
        return self.components[0].source

    def notes(self) -> list[str]:
        """What its user must know, one sentence each."""
        note = f"mixture {self.name}: {self.source}; its components are put into domains by tokaudit"
        found = [note if self.checked else f"{note}; not read in the paper itself"]
        if round(self.printed_sum, 6) != 1:
            found.append(f"mixture {self.name}: the printed shares sum to {self.printed_sum:.6g}; they are scaled to 1")
        off = [
            f"{each.component} {each.epochs:g} and not {given:.2f}"
            for each in self.components
            if each.epochs and (given := each.epochs_given) and abs(given / each.epochs - 1) > _ROUNDING
        ]
        if off:
            why = "printed epochs are not what its shares and tokens, rounded as they are printed, make"
            found.append(f"mixture {self.name}: {why}: {', '.join(off)}")
        return found


def mixtures() -> list[Mixture]:
    """All known mixtures, in the file's order."""
    components: dict[str, list[Component]] = {}
    for each in read_rows(Component, "mixtures.csv"):
        components.setdefault(each.mixture, []).append(each)
    return [Mixture(name, tuple(of)) for name, of in components.items()]


def find_mixture(name: str) -> Mixture:
    """The mixture of that name, letter case, hyphens and blanks aside.

    Raises:
        UsageError: there is none; the message lists those there are.
    """
    known = mixtures()
    for mixture in known:
        if fold_name(mixture.name) == fold_name(name):
            return mixture
    names = ", ".join(mixture.name for mixture in known)
    raise UsageError(f"--mixture: unknown mixture {name!r} (known: unimax, {names}; or write DOMAIN=SHARE,…)")
