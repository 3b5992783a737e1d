"""Whether the supply of a saved plan is still what its catalog measures."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tokaudit.catalog.reference.token_rates import token_rates
from tokaudit.core.errors import TokauditError
from tokaudit.core.units import format_count, format_number_of
from tokaudit.laws.find import find_law
from tokaudit.planning.options import PlanOptions
from tokaudit.planning.plan_command import plan_command
from tokaudit.planning.saved_plans import SavedPlan
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.resolve import find_supply

_SAME: Final = 1e-9  # of a number of tokens, as factors are multiplied in floating point
_MOST: Final = 4  # domains that one sentence names


@dataclass(frozen=True, slots=True)
class SupplyChange:
    """A domain whose unique tokens changed, in tokens of the plan's law; None: the supply does not have it."""

    domain: str
    then: float | None
    now: float | None

    def __str__(self) -> str:
        """``web 1.20M (was 1.10M)``."""
        now = "is gone" if self.now is None else format_count(self.now)
        then = "was not there" if self.then is None else f"was {format_count(self.then)}"
        return f"{self.domain} {now} ({then})"


class SuppliesNow:
    """The supplies that saved plans would have now; each is measured once, however many plans have it.

    Args:
        catalog: the catalog.

    Attributes:
        complete: whether all that was measured so far is final and of all the input.
    """

    def __init__(self, catalog: Path) -> None:
        self._catalog = catalog
        self._found: dict[tuple[object, ...], Mapping[str, float]] = {}
        self.complete = True

    def changes(self, saved: SavedPlan) -> list[SupplyChange] | None:
        """The domains whose tokens differ from those of the plan, by name; None: its supply is not measured.

        Raises:
            TokauditError: the supply can't be measured any more.
        """
        if not saved.supply_is_measured:
            return None
        then = {row.domain: row.tokens_unique for row in saved.plan.domains}
        now = self._supply(saved.options)
        return [
            SupplyChange(domain, then.get(domain), now.get(domain))
            for domain in sorted({*then, *now})
            if not math.isclose(then.get(domain) or 0.0, now.get(domain, 0.0), rel_tol=_SAME)
        ]

    def words(self, saved: SavedPlan) -> str:
        """What changed, in words; empty if nothing did or the supply is not measured."""
        try:
            changes = self.changes(saved)
        except TokauditError as error:
            return f"the supply of {saved.name} can't be measured any more ({error})"
        if not changes:
            return ""
        largest = sorted(changes, key=lambda each: -abs((each.now or 0.0) - (each.then or 0.0)))
        more = f" and {format_number_of(len(largest) - _MOST, 'more domain')}" if len(largest) > _MOST else ""
        return f"the supply of {saved.name} has changed since: {', '.join(map(str, largest[:_MOST]))}{more}"

    def advice(self, saved: SavedPlan) -> str:
        """What changed, and the command that makes the plan anew; empty if nothing did."""
        words = self.words(saved)
        return f"{words}; `{plan_command(saved.options, saved.name)}` makes it anew" if words else ""

    def _supply(self, options: PlanOptions) -> Mapping[str, float]:
        """Domain -> unique tokens, in tokens of the plan's law."""
        key = (options.law, options.supply, options.tokenizer, options.where, options.count_synthetic)
        if key not in self._found:
            law = find_law(options.law, self._catalog).law.metadata.tokenizer
            supply = find_supply(
                *(options.supply, self._catalog, options.tokenizer, law, options.where),
                count_synthetic=options.count_synthetic,
            )
            self.complete &= supply.complete
            converted = convert(supply, law, token_rates())
            self._found[key] = {entry.domain: entry.tokens_unique for entry in converted.domains}
        return self._found[key]
