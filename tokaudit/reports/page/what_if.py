"""What the page's script needs to plan anew when a reader changes a number: the law, the supply, and who votes."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from importlib.resources import files
from typing import Final

import numpy as np

from tokaudit.core.rows import Row
from tokaudit.laws.fit.protocol import LEVEL, Draws
from tokaudit.laws.frontier import Frontier
from tokaudit.laws.parametric import Parametric
from tokaudit.laws.protocol import Repetition, ScalingLaw
from tokaudit.planning.case import BAND, EFFECTIVE_BOUND, FLOPS_BOUNDS, SHARE_BOUND, STILL_HELPS, repetition_of
from tokaudit.planning.intervals import optimum_interval
from tokaudit.planning.made_plan import MadePlan
from tokaudit.planning.many_laws import ManyLaws
from tokaudit.planning.mixture import DEFAULT_MAX_EPOCHS
from tokaudit.planning.plan import Plan
from tokaudit.planning.resolve import ResolvedPlan, ResolvedVoter
from tokaudit.planning.verdicts import MANY_EPOCHS

_PARTS: Final = ("laws.js", "pools.js", "case.js", "judge.js", "curves.js", "law.js")
_BUDGETS: Final = (1e18, 1e24)
_DIGITS: Final = 9
"""Significant digits of a draw: more only make the page larger."""

NOT_RECOMPUTED: Final = (
    "The certainty is the plan's: it rests on draws of the law's constants, which are not drawn anew.",
    "The range of the best run on the supply is over four pairs of constants of repetition, without their draws.",
    "Advice, costs, other mixtures and the value of more data are the plan's.",
    "Shares stay as they are when the supply or the budget changes, even if they were found from them.",
)
"""What a changed number leaves as it was, as sentences for the reader."""


def law_script() -> str:
    """The script of the page that plans anew: it sets ``tokauditLaw``, whose ``of(document)`` gives two functions.

    ``judge(setting)`` gives the fields of a plan by their names in its JSON; ``curves(setting)`` the datasets of
    `tokaudit.planning.curves` by the names of their figures. A setting has the form of ``setting`` in `what_if`.
    """
    here = files(__package__)
    parts = "\n".join(here.joinpath(name).read_text(encoding="utf-8") for name in _PARTS)
    return f'const tokauditLaw = (() => {{\n"use strict";\n{parts}\nreturn {{ of }};\n}})();\n'


def what_if(made: MadePlan) -> Row | str:
    """The document for the script, as values of JSON; or a sentence that says why nothing can be changed.

    ``setting`` is the plan's own: the budget in FLOPs, parameters as the law counts them (None: the best run), the
    epochs allowed (None: no limit), and every domain of the supply in the law's tokens. ``planned_range`` is the range
    of the plan's best run on the supply, which the script can't find, because it rests on draws.
    """
    resolved = made.resolved
    request, case = resolved.request, made.case
    if request.budget.params_total is not None:
        return "The law is for dense models, so other numbers for a mixture of experts are not known."
    if not case.pools:
        return "The plan has no supply, so there is nothing to change."
    mixture = resolved.mixture
    names = [entry.domain for entry in resolved.supply.domains]
    return {
        "law": _law(request.law_name, request.law),
        "band": [_repetition(pair) for pair in BAND],
        "bounds": {
            "share": SHARE_BOUND,
            "effective": EFFECTIVE_BOUND,
            "still_helps": STILL_HELPS,
            "flops": list(FLOPS_BOUNDS),
            "many_epochs": MANY_EPOCHS,
            "default_max_epochs": DEFAULT_MAX_EPOCHS,
        },
        "setting": {
            "flops": case.flops,
            "params": case.given.params if case.given else None,
            "max_epochs": request.max_epochs,
            "domains": [
                {
                    "domain": entry.domain,
                    "share": mixture.share_of[entry.domain],
                    "tokens_unique": entry.tokens_unique,
                    "tokens_unique_low": entry.tokens_unique_low,
                    "tokens_unique_high": entry.tokens_unique_high,
                    "loose": entry.domain in mixture.rules.loose,
                }
                for entry in resolved.supply.domains
            ],
        },
        "planned_range": _range(made.plan),
        "limits": [
            {"domain": name, "max_epochs": most} for name, most in request.max_epochs_of.items() if name in names
        ],
        "voters": list(_voters(resolved)),
        "draws": _draws(request.draws),
        "not_recomputed": list(NOT_RECOMPUTED),
    }


def _range(plan: Plan) -> Row:
    """The range of the plan's best run on the supply; empty if no such run is known."""
    there = plan.constrained
    names = ("params_low", "params_high", "tokens_low", "tokens_high")
    return {name: getattr(there, name) for name in names} if there else {}


def _law(name: str, law: ScalingLaw) -> Row:
    if isinstance(law, Parametric):
        constants: Mapping[str, float | str] = law.constants
    else:
        assert isinstance(law, Frontier)  # the script has no other form
        constants = {**law.constants, "gives": law.gives, "k": law.k, "exponent": law.exponent, "unit": law.unit}
    return {
        "law": name,
        "form": "parametric" if isinstance(law, Parametric) else "frontier",
        "constants": constants,
        "params_counted": law.metadata.params_counted,
        "repetition": _repetition(repetition_of(law)),
        "votes": law.metadata.standing == "votes",
    }


def _repetition(pair: Repetition) -> Row:
    """A pair of constants; None for an endless one, which JSON does not have."""
    return {name: value if math.isfinite(value) else None for name, value in asdict(pair).items()}


def _draws(draws: Draws) -> Row | None:
    """Parameters of the best run with unlimited data for two budgets, by each draw; None without draws of it.

    Between and beyond the two budgets, those of each draw are a power of the budget.
    """
    if optimum_interval(draws, _BUDGETS[0]) is None:
        return None
    with np.errstate(all="ignore"):  # a draw may have constants that make no law
        many = ManyLaws(draws)
        each = np.hstack([many.optimum(flops) for flops in _BUDGETS])
    short = [[float(f"{params:.{_DIGITS}g}") for params in row] for row in each.tolist()]
    known = [[params if math.isfinite(params) else None for params in row] for row in short]
    return {"level": LEVEL, "flops": list(_BUDGETS), "params": known}


def _voters(resolved: ResolvedPlan) -> Iterator[Row]:
    """The other laws that vote, each with its tokens per token of this law."""
    own = _factors(ResolvedVoter(resolved.request.law, resolved.supply.domains))
    for name, voter in resolved.voters.items():
        if name != resolved.request.law_name and voter.law.metadata.standing == "votes":
            factors = [{"domain": domain, "factor": factor / own[domain]} for domain, factor in _factors(voter).items()]
            yield {**_law(name, voter.law), "factors": factors}


def _factors(voter: ResolvedVoter) -> dict[str, float]:
    return {entry.domain: entry.factor.value if entry.factor else 1.0 for entry in voter.entries}
