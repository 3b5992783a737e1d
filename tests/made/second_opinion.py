"""The second planner's view of one request."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from made.random_requests import Asked
from made.second_laws import Floats, Law, Parametric, law_of, repeats_of
from made.second_planner import (
    Case,
    helps,
    level,
    mapped,
    project,
)

FAR = 16.0


@dataclass(frozen=True)
class Facts:
    """Constants of the laws and reference files.

    Attributes:
        laws: name -> row of ``tokaudit laws --json``.
        draws: name of a law -> joint draws.
        mixtures: name -> rows of the reference file.
    """

    laws: Mapping[str, Mapping[str, Any]]
    draws: Mapping[str, Mapping[str, Floats]]
    mixtures: Mapping[str, list[dict[str, str]]]


def read_draws(path: Path) -> dict[str, Floats]:
    """Read draws; an empty cell is infinite, which counts as 1e6."""
    with path.open() as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name] or 1e6) for row in rows]) for name in rows[0] if name != "draw"}


def read_mixtures(path: Path) -> dict[str, list[dict[str, str]]]:
    """Read the known mixtures."""
    found: dict[str, list[dict[str, str]]] = {}
    with path.open() as file:
        for row in csv.DictReader(file):
            found.setdefault(row["mixture"], []).append(row)
    return found


@dataclass(frozen=True)
class Opinion:
    """The second planner's view of one request; of the plan, only the published supply is taken."""

    facts: Facts
    plan: Mapping[str, Any]
    asked: Asked
    supply: Mapping[str, float]
    bounds: tuple[Mapping[str, float], ...]

    @cached_property
    def law(self) -> Law:
        """The law asked for."""
        return law_of(self.facts.laws[self.asked.law])

    @cached_property
    def run(self) -> tuple[float, float] | None:
        """N and D as given; None for a budget."""
        params, tokens = self.asked.params, self.asked.tokens
        return (params, tokens) if params and tokens else None

    @cached_property
    def flops(self) -> float:
        """C of the run or of the budget."""
        if self.asked.flops:
            return self.asked.flops
        if self.run:
            return 6 * self.run[0] * self.run[1]
        low, high = 1e5, 1e45
        for _ in range(200):
            middle = (low * high) ** 0.5
            best = float(self.law.best_params(middle))
            above = best > self.asked.params if self.asked.params else middle / 6 / best > (self.asked.tokens or 0)
            low, high = (low, middle) if above else (middle, high)
        return low

    @cached_property
    def bare(self) -> Case:
        """The case in proportion to the supply."""
        total = sum(self.supply.values())
        shares = {name: unique / total for name, unique in self.supply.items()}
        most = {} if self.asked.max_epochs is None else dict.fromkeys(self.supply, self.asked.max_epochs)
        return Case(
            self.law, repeats_of(self.facts.laws[self.asked.law]), self.flops, self.run, self.supply, shares, most=most
        )

    @cached_property
    def epochs_of_suggestion(self) -> dict[str, float]:
        """E of the suggested mixture."""
        return dict.fromkeys(self.supply, self.asked.max_epochs or 4.0)

    def at(self, name: str) -> Case:
        """The case at a mixture by name."""
        if name == "proportional":
            return self.bare
        if name == "unimax":
            even = dict.fromkeys(self.supply, 1 / len(self.supply))
            return replace(self.bare, shares=project(self.bare, even, self.epochs_of_suggestion)[0])
        shares, loose, _ = mapped(self.facts.mixtures[name], self.supply)
        return replace(self.bare, shares=shares, loose=loose)

    @cached_property
    def mixture_name(self) -> str | None:
        """The name of the mixture; None for one domain."""
        if len(self.supply) == 1:
            return None
        if self.asked.stages:
            return "by stages"
        if self.asked.mixture is None:
            return "llama3" if self.asked.supply is None else "proportional"
        return self.asked.mixture if isinstance(self.asked.mixture, str) else "as given"

    @cached_property
    def case(self) -> Case:
        """The case at the mixture asked for."""
        if self.asked.stages:
            tokens = sum(row[1] for row in self.asked.stages)
            sums = {
                name: sum(row[1] * row[2].get(name, 0.0) for row in self.asked.stages) / tokens for name in self.supply
            }
            return replace(self.bare, shares=sums)
        if isinstance(self.asked.mixture, Mapping):
            return replace(self.bare, shares={name: self.asked.mixture.get(name, 0.0) for name in self.supply})
        return self.at(self.mixture_name or "proportional")

    @cached_property
    def tokens(self) -> float:
        """D of the run as given or of the best run."""
        return self.case.tokens()

    @cached_property
    def suggestion(self) -> tuple[dict[str, float], bool]:
        """The suggested mixture, and whether it has the tokens of the plan within its epochs."""
        return project(self.case, self.case.shares, self.epochs_of_suggestion)

    @cached_property
    def suggested(self) -> dict[str, float]:
        """The shares of the suggested mixture."""
        return self.suggestion[0]

    def helps(self, case: Case) -> bool:
        """Whether twice the compute still lowers the loss; always for a frontier, which has none."""
        law = self.law
        return not isinstance(law, Parametric) or bool(
            helps(law, self.flops, case.pools(), case.repeats, case.most_tokens)
        )

    @cached_property
    def draws(self) -> Mapping[str, Floats]:
        """Joint draws of the law's constants."""
        return self.facts.draws.get(self.asked.law, {})

    @cached_property
    def repetition_draws(self) -> Mapping[str, Floats]:
        """Joint draws of the constants of repetition."""
        return self.facts.draws["muennighoff2023"]

    def voters(self, case: Case) -> dict[str, Case]:
        """Name -> the same case under every law that is asked."""
        rows = self.facts.laws
        return {
            name: replace(case, law=law_of(row), repeats=repeats_of(row))
            for name, row in rows.items()
            if row["standing"] in ("votes", "shown")
        }

    def level(self, case: Case) -> tuple[str, float | None, float]:
        """The level of certainty, the share of the draws, and of the votes."""
        voters = [voter for name, voter in self.voters(case).items() if self.facts.laws[name]["standing"] == "votes"]
        row = self.facts.laws[self.asked.law]
        valid = (row["valid_flops_low"], row["valid_flops_high"]) if row["valid_flops_low"] else None
        return level(case, self.draws, voters, self.bounds, valid)

    @cached_property
    def far(self) -> bool:
        """``far_beyond_data``."""
        law = self.law
        if not isinstance(law, Parametric):
            return False
        budget = replace(self.case, run=None)
        epochs = budget.epochs(budget.tokens())
        return max(epochs[name] for name in epochs if name not in self.case.loose) > FAR
