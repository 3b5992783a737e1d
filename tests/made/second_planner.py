"""A second planner, written from the definitions of a plan alone; it shares no code with tokaudit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from made.second_laws import (
    PAIRS,
    Floats,
    Frontier,
    Law,
    Parametric,
    Pool,
    Repeats,
    best_run,
    effective_tokens,
    least_losing,
    turning_point,
    turning_points,
)

ENOUGH, WHOLE = 0.80, 0.93
STILL_HELPS = 1e-4
HIGHEST_FLOPS = 1e36
EVERY_PAIR = Repeats(*np.array(PAIRS).T)


@dataclass(frozen=True)
class Case:
    """A budget or a run on a supply at a mixture.

    Attributes:
        flops: C.
        run: N and D as given; None: a budget.
        supply: domain -> U.
        shares: domain -> w.
        loose: domains that decide nothing.
        most: domain -> E; empty: no cap.
    """

    law: Law
    repeats: Repeats
    flops: Any
    run: tuple[float, float] | None
    supply: Mapping[str, Any]
    shares: Mapping[str, float]
    loose: frozenset[str] = frozenset()
    most: Mapping[str, float] = field(default_factory=dict)

    def pools(self, *, deciding: bool = False) -> list[Pool]:
        """The share and the unique tokens of each domain in use; those that decide nothing may be endless."""
        return [
            (share, np.inf if deciding and domain in self.loose else self.supply[domain])
            for domain, share in self.shares.items()
            if share > 0
        ]

    @property
    def most_tokens(self) -> Any:
        """The cap on D."""
        return self.cap(deciding=False)

    def cap(self, *, deciding: bool) -> Any:
        """The cap on D; domains that decide nothing may be left out."""
        caps = [
            self.most[name] * self.supply[name] / share
            for name, share in self.shares.items()
            if share and self.most and not (deciding and name in self.loose)
        ]
        return np.minimum.reduce(np.broadcast_arrays(*caps)) if caps else np.inf

    def tokens(self) -> float:
        """D of the run as given, or of the best run on the supply (of the optimal one for a frontier)."""
        if self.run:
            return self.run[1]
        if isinstance(self.law, Frontier):
            return float(np.minimum(self.flops / 6 / self.law.best_params(self.flops), self.most_tokens))
        return float(best_run(self.law, self.flops, self.pools(), self.repeats, self.most_tokens))

    def epochs(self, tokens: float) -> dict[str, float]:
        """E_i of D tokens."""
        return {name: share * tokens / self.supply[name] for name, share in self.shares.items()}

    def share(self, *, deciding: bool = False) -> Any:
        """``compute_equivalent_share``."""
        assert isinstance(self.law, Parametric)
        pools = self.pools(deciding=deciding)
        if self.run:
            loss = self.law.loss_on(*self.run, pools, self.repeats)
        else:
            loss = least_losing(self.law, self.flops, pools, self.repeats, self.cap(deciding=deciding))
        return self.law.free_flops(loss) / self.flops

    def short_of_data(self) -> Any:
        """Whether the supply is a reason for ``data``."""
        pools = self.pools(deciding=True)
        if self.run is None and isinstance(self.law, Parametric):
            return self.share(deciding=True) < ENOUGH
        tokens = self.run[1] if self.run else self.flops / 6 / self.law.best_params(self.flops)
        seen = tokens if self.run else np.minimum(tokens, self.cap(deciding=True))
        short = effective_tokens(seen, pools, self.repeats) / tokens < WHOLE
        return short | self.beyond_cap()

    def beyond_cap(self) -> Any:
        """Whether the run as given uses a domain more often than allowed."""
        return self.run is not None and self.run[1] > self.cap(deciding=True) * (1 + 1e-9)

    def allocation(self) -> str:
        """The verdict on the split between params and tokens."""
        if self.run is None:
            return "compute"
        params, tokens = self.run
        if isinstance(self.law, Parametric):
            side = self.law.tokens_side(params, tokens)
            return "data" if side > 2 / 3 else "model" if side < 1 / 3 else "compute"
        ratio = tokens / (params * tokens / self.law.best_params(6 * params * tokens))
        return "data" if ratio < 1 / 3 else "model" if ratio > 3 else "compute"

    def constraint(self) -> str:
        """``constraint``."""
        return "data" if bool(self.short_of_data()) else self.allocation()


def cause(case: Case, suggested: Mapping[str, float]) -> str | None:
    """``cause``."""
    allocation, short = case.allocation(), bool(case.short_of_data())
    if not short:
        return None if allocation == "compute" else "allocation"
    if allocation == "data":
        return "both"
    better = replace(case, shares=suggested)
    if isinstance(case.law, Frontier) or case.beyond_cap():
        return "supply" if better.short_of_data() else "mixture"
    return "mixture" if case.share(deciding=True) < ENOUGH <= better.share(deciding=True) else "supply"


def project(case: Case, asked: Mapping[str, float], epochs: Mapping[str, float]) -> tuple[dict[str, float], bool]:
    """``mixture_suggested`` of the shares asked for, and whether it is feasible; with even shares, it is unimax.

    The shares keep to the cap, not D: else D would shrink until any mixture fits.
    """
    shares, feasible = dict(asked), True
    for _ in range(200):
        tokens = replace(case, shares=shares, most={}).tokens()
        most = {name: epochs[name] * case.supply[name] / tokens for name in asked}
        room = sum(most[name] for name, share in asked.items() if share)
        feasible = room >= 1
        if not feasible:
            new = {name: most[name] / room if share else 0.0 for name, share in asked.items()}
        else:
            low, high = 0.0, 1e12
            for _ in range(200):
                scale = (low + high) / 2 if high < 1e11 else max(low, 1e-3) * 2
                if sum(min(most[name], scale * share) for name, share in asked.items()) < 1:
                    low = scale
                else:
                    high = scale
            new = {name: min(most[name], high * share) for name, share in asked.items()}
        change = max(abs(new[name] - shares[name]) for name in shares)
        shares = new
        if change < 1e-9:
            break
    return shares, feasible


def readings(case: Case, draws: Mapping[str, Floats]) -> dict[str, float]:
    """The share of the draws with each constraint."""
    assert isinstance(case.law, Parametric)
    count = len(next(iter(draws.values())))
    names = ("E", "A", "B", "alpha", "beta")
    law = Parametric(*[draws[name] for name in names]) if "A" in draws else case.law
    repeats = Repeats(draws["R_D_star"], draws["R_N_star"]) if "R_D_star" in draws else case.repeats
    drawn = replace(case, law=law, repeats=repeats)
    found = np.full(count, "compute", dtype="U7")
    if case.run:
        params, tokens = case.run
        of_tokens = law.beta * law.B / tokens**law.beta
        side = np.broadcast_to(of_tokens / (of_tokens + law.alpha * law.A / params**law.alpha), (count,))
        found[side > 2 / 3], found[side < 1 / 3] = "data", "model"
    found[np.broadcast_to(drawn.short_of_data(), (count,))] = "data"
    return {word: float(np.mean(found == word)) for word in ("data", "model", "compute")}


def every_pair(case: Case) -> Any:
    """Whether the supply is a reason for ``data``, by each pair of the constants of repetition."""
    return np.asarray(replace(case, repeats=EVERY_PAIR).short_of_data())


def level(
    case: Case,
    draws: Mapping[str, Floats],
    voters: Sequence[Case],
    bounds: Sequence[Mapping[str, float]],
    valid: tuple[float, float] | None,
) -> tuple[str, float | None, float]:
    """``certainty.level``, ``.draws`` and ``.laws``."""
    word = case.constraint()
    agreeing = readings(case, draws)[word] if draws else None
    votes = sum(voter.constraint() == word for voter in voters) / len(voters)
    steady = all(replace(case, supply=bound).constraint() == word for bound in bounds)
    # The constants of repetition turn nothing but whether the supply is short.
    steady &= case.allocation() == "data" or len({bool(case.short_of_data()), *every_pair(case).tolist()}) == 1
    near = valid is None or valid[0] / 1000 <= case.flops <= valid[1] * 1000
    if agreeing is not None and agreeing >= 0.95 and votes == 1 and steady and near:
        return "sure", agreeing, votes
    likely = (agreeing is None or agreeing >= 0.80) and votes >= 0.75
    return "likely" if likely else "undecided", agreeing, votes


def ranges(case: Case, draws: Mapping[str, Floats]) -> dict[str, float]:
    """The lows and highs of ``constrained``."""
    law = case.law
    assert isinstance(law, Parametric)
    free = law.loss(law.best_params(case.flops), case.flops / 6 / law.best_params(case.flops))
    found: dict[str, list[float]] = {"params": [], "tokens": [], "loss": []}
    for repeats, within in ((EVERY_PAIR, (0, 100)), (Repeats(draws["R_D_star"], draws["R_N_star"]), (10, 90))):
        tokens = best_run(law, case.flops, case.pools(), repeats, case.most_tokens)
        params = case.flops / 6 / tokens
        loss = law.loss_on(params, tokens, case.pools(), repeats) - free
        for name, values in (("params", params), ("tokens", tokens), ("loss", loss)):
            found[name] += np.percentile(values, within).tolist()
    return {
        f"{name}_{end}": pick(values) for name, values in found.items() for end, pick in (("low", min), ("high", max))
    }


def flips_at(case: Case) -> tuple[float | None, float | None]:
    """``flips_at``: FLOPs (of a budget) and the factor on the supply."""
    if case.run and case.allocation() == "data":
        return None, None

    def short(flops: Any = case.flops, factor: Any = 1.0) -> Any:
        supply = {name: unique * factor for name, unique in case.supply.items()}
        return replace(case, flops=flops, supply=supply).short_of_data()

    now = bool(case.short_of_data())
    of_flops = None
    if case.run is None:
        ends = (case.flops, case.flops / 1e9) if now else (case.flops, case.flops * 1e12)
        of_flops = turning_point(lambda flops: short(flops=flops), *ends)
    ends = (1.0, 1e9) if now else (1.0, 1e-9)
    return of_flops, turning_point(lambda factor: short(factor=factor), *ends)


def ceiling(case: Case) -> dict[str, float | None]:
    """``ceiling``."""
    law = case.law
    tokens = min(unique / case.shares[name] for name, unique in case.supply.items() if case.shares[name])
    if isinstance(law, Frontier):
        once = turning_point(lambda flops: flops / 6 / law.best_params(flops) > tokens, 1e10, 1e40)
        return {"flops_one_epoch": once, "params_one_epoch": once and once / 6 / tokens}
    found: dict[str, float | None] = {"params_one_epoch": law.params_for(tokens)}
    found["flops_one_epoch"] = 6 * law.params_for(tokens) * tokens
    start = found["flops_one_epoch"]
    assert start is not None
    pools, repeats = case.pools(), case.repeats
    four = turning_point(lambda flops: best_run(law, flops, pools, repeats) > 4 * tokens, start, start * 1e6)
    found["flops_four_epochs"] = four
    found["params_four_epochs"] = four and four / 6 / (4 * tokens)
    ends = turning_points(
        lambda flops: helps(law, flops, pools, EVERY_PAIR, case.most_tokens),
        np.full(len(PAIRS), start / 1e3),
        np.full(len(PAIRS), HIGHEST_FLOPS),
    )
    found["flops_still_helping_low"] = min((end for end in ends if end), default=None)
    found["flops_still_helping_high"] = max((end for end in ends if end), default=None)
    return found


def helps(law: Parametric, flops: Any, pools: Sequence[Pool], repeats: Repeats, most: Any) -> Any:
    """Whether doubling the budget lowers the loss by 1e-4 nats."""
    once, twice = least_losing(law, np.stack(np.broadcast_arrays(flops, 2 * flops)), pools, repeats, most)
    return once - twice >= STILL_HELPS


def domain_verdict(epochs: float) -> str:
    """The verdict of a domain."""
    for most, word in ((1, "enough"), (4, "repeat"), (16, "strained")):
        if epochs <= most:
            return word
    return "exhausted"


def mapped(
    rows: Sequence[Mapping[str, str]], supply: Mapping[str, float]
) -> tuple[dict[str, float], frozenset[str], float]:
    """Return a known mixture's shares of the supply's domains, the loose ones, and the share without a domain."""
    total = sum(float(row["share"]) for row in rows)
    here = [row for row in rows if row["domain"] in supply]
    kept = sum(float(row["share"]) for row in here)
    shares = dict.fromkeys(supply, 0.0)
    for row in here:
        shares[row["domain"]] += float(row["share"]) / kept
    loose = frozenset(row["domain"] for row in here if row["loose"] == "yes")
    return shares, loose, 1 - kept / total
