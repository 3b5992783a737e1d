"""The mixtures of published runs and corpora: the share of the tokens that each domain has."""

import math
from dataclasses import dataclass
from typing import Final

from tokaudit.catalog.reference.read import Status, read_rows
from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import fold_name

_ROUNDING: Final = 0.02  # relative, of epochs printed with two digits


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a published mixture, as printed; None where nothing is printed.

    Attributes:
        mixture: name of the mixture.
        component: name of the component.
        domain: domain of its text, as assigned by tokaudit.
        loose: whether the component is a wider category than the domain.
        share: its share of the run's tokens, 0 to 1.
        tokens_unique: its unique tokens.
        epochs: epochs over it.
        run_tokens: tokens of the whole run.
        status: how these numbers are known.
        source: paper and table.
    """

    mixture: str
    component: str
    domain: str
    loose: bool
    share: float
    tokens_unique: float | None
    epochs: float | None
    run_tokens: float | None
    status: Status
    source: str

    @property
    def epochs_given(self) -> float | None:
        """Epochs computed from the share and the tokens; None if one of these is missing."""
        return self.share * self.run_tokens / self.tokens_unique if self.run_tokens and self.tokens_unique else None


@dataclass(frozen=True, slots=True)
class Mixture:
    """The mixture of a published run or corpus.

    Attributes:
        name: its name, as ``--mixture`` takes it.
        components: its components, in the order of the printed table.
    """

    name: str
    components: tuple[Component, ...]

    @property
    def printed_sum(self) -> float:
        """Sum of the shares as printed."""
        return math.fsum(each.share for each in self.components)

    @property
    def shares(self) -> dict[str, float]:
        """Domain -> its share of the run's tokens, scaled so that they sum to 1."""
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
        """Sentences that a user of the mixture must know."""
        note = f"mixture {self.name} is from {self.source}; tokaudit assigned its components to domains"
        found = [note if self.checked else f"{note}; its shares were not read in the paper itself"]
        if round(self.printed_sum, 6) != 1:
            found.append(f"mixture {self.name}: the printed shares sum to {self.printed_sum:.6g} and are scaled to 1")
        off = [
            f"{each.component} {each.epochs:g} instead of {given:.2f}"
            for each in self.components
            if each.epochs and (given := each.epochs_given) and abs(given / each.epochs - 1) > _ROUNDING
        ]
        if off:
            why = "the printed epochs do not follow from its shares and tokens, which are rounded"
            found.append(f"mixture {self.name}: {why}: {', '.join(off)}")
        return found


def mixtures() -> list[Mixture]:
    """All known mixtures, in the file's order."""
    components: dict[str, list[Component]] = {}
    for each in read_rows(Component, "mixtures.csv"):
        components.setdefault(each.mixture, []).append(each)
    return [Mixture(name, tuple(of)) for name, of in components.items()]


def find_mixture(name: str) -> Mixture:
    """The mixture with this name; letter case, hyphens and blanks do not matter.

    Raises:
        UsageError: no mixture has that name; the message lists the known ones.
    """
    known = mixtures()
    for mixture in known:
        if fold_name(mixture.name) == fold_name(name):
            return mixture
    names = ", ".join(mixture.name for mixture in known)
    raise UsageError(f"--mixture: unknown mixture {name!r} (known: unimax, {names}; or write DOMAIN=SHARE,…)")
