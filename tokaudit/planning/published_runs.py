"""Published training runs under a law: whether each was short of tokens, of parameters, or of neither."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Final

from tokaudit.catalog.reference.known_runs import KnownRun, known_runs
from tokaudit.core.rows import Row
from tokaudit.laws.embedding_params import params_total
from tokaudit.laws.fit.protocol import Draws
from tokaudit.laws.pools import DomainPool
from tokaudit.laws.protocol import ScalingLaw, gives_loss
from tokaudit.planning.case import PlanCase
from tokaudit.planning.certainty import certainty
from tokaudit.planning.judge import law_verdict
from tokaudit.planning.plan import Budget

COLUMNS: Final = (
    *("run", "params", "tokens", "flops", "tokens_per_param", "params_optimal", "tokens_optimal"),
    *("model_term", "data_term", "loss", "tokens_side", "constraint", "cause", "implied_inference_tokens", "epochs"),
    *("certainty", "status", "warnings"),
)
"""Columns that people see."""
MORE: Final = (
    *("active_params", "params_counted", "unique_tokens", "flops_published", "flops_ratio"),
    *("extrapolated", "certainty_draws", "certainty_laws", "certainty_why", "otherwise", "source", "note"),
)
"""Further columns for programs."""

_TOLERATED: Final = 0.1  # how far 6ND may be from the published FLOPs, as a share of them


@dataclass(frozen=True, slots=True)
class Asked:
    """What the certainty of a verdict rests on, besides the law.

    Attributes:
        laws: name -> every law that is asked; empty: the law alone has a vote.
        draws: joint draws of the law's constants; may be empty.
    """

    laws: Mapping[str, ScalingLaw] = field(default_factory=dict)
    draws: Draws = field(default_factory=dict)


_ALONE: Final = Asked()


def audit_runs(law: ScalingLaw, asked: Asked = _ALONE) -> tuple[list[Row], list[str]]:
    """One row per published run, and warnings about all of them."""
    rows = [audit_run(run, law, asked) for run in known_runs()]
    judged = [row["extrapolated"] for row in rows if row["constraint"]]
    warnings = list(law.metadata.warnings)
    if any(judged):
        warnings.append(f"the law is extrapolated: {sum(judged)} of {len(judged)} runs lie outside its fitted range")
    return rows, warnings


def disagreement(rows: Sequence[Row], asked: Asked) -> list[Row]:
    """One row per law that is asked: how many runs it judges otherwise, the most first.

    Its columns are ``law``, ``votes`` (whether its verdicts count in ``certainty_laws``), ``runs_otherwise``,
    ``runs_judged`` and ``runs`` (the names of those that it judges otherwise).

    Args:
        rows: the rows of `audit_runs`.
        asked: the laws that were asked.
    """
    judged = [row for row in rows if row["constraint"]]
    names = {law: [row["run"] for row in judged if law in row["otherwise"]] for law in asked.laws}
    found: list[Row] = [
        {
            "law": law,
            "votes": asked.laws[law].metadata.standing == "votes",
            "runs_otherwise": len(runs),
            "runs_judged": len(judged),
            "runs": runs,
        }
        for law, runs in names.items()
    ]
    return sorted(found, key=lambda row: (-row["runs_otherwise"], row["law"]))


def audit_run(run: KnownRun, law: ScalingLaw, asked: Asked = _ALONE) -> Row:
    """One row: the run as published, the law's optimum for its FLOPs, and the verdict.

    Laws for dense models do not apply to a mixture of experts, so its row has no optimum, loss or verdict.
    ``tokens_per_param`` uses all parameters. ``loss`` and its terms are without repeats, as in a plan. ``epochs`` are
    over the whole corpus. ``certainty`` and its parts are as in a plan; its corpus is taken to be counted in the law's
    tokens. ``otherwise`` has the verdict of every law that is asked and has another: law -> verdict.
    """
    row: Row = dict.fromkeys((*COLUMNS, *MORE)) | {field.name: getattr(run, field.name) for field in fields(run)}
    row |= {
        "flops": run.flops,
        "flops_ratio": run.flops_ratio,
        "tokens_per_param": run.tokens / run.params,
        "epochs": run.tokens / run.unique_tokens if run.unique_tokens else None,
        "warnings": _warnings(run),
    }
    return row if run.active_params else row | _verdict(run, law, asked)


def _verdict(run: KnownRun, law: ScalingLaw, asked: Asked) -> Row:
    total = params_total(run.params) if run.params_counted == "non-embedding" else run.params
    pools = [DomainPool(1.0, run.unique_tokens)] if run.unique_tokens else []
    budget = Budget(6 * total * run.tokens, total, run.tokens)
    case = PlanCase.of(law, budget, pools)
    best = law.optimum(case.flops)
    constraint, cause = case.verdict()
    found: Row = {
        "params_optimal": best.params,
        "tokens_optimal": best.tokens,
        "tokens_side": case.tokens_side(),
        "constraint": constraint,
        "cause": cause,
        "implied_inference_tokens": case.implied_inference_tokens(),
    }
    assert case.given is not None
    found["extrapolated"] = bool(law.metadata.valid.warnings(case.given))
    if gives_loss(law):
        terms = law.terms(case.given.params, case.given.tokens)
        found |= {"model_term": terms.model_term, "data_term": terms.data_term, "loss": terms.total}
    verdicts = [law_verdict(name, PlanCase.of(other, budget, pools)) for name, other in asked.laws.items()]
    certain = certainty(case, constraint, verdicts, [], asked.draws)
    assert certain is not None
    return found | {
        "certainty": certain.level,
        "certainty_draws": certain.draws,
        "certainty_laws": certain.laws,
        "certainty_why": certain.why,
        "otherwise": {each.law: each.constraint for each in verdicts if each.constraint != constraint},
    }


def _warnings(run: KnownRun) -> list[str]:
    """What is doubtful about the run, in short."""
    found = []
    if run.active_params:
        found.append("mixture of experts: laws for dense models do not apply; 6ND uses active parameters")
    if run.flops_ratio and abs(run.flops_ratio - 1) > _TOLERATED:
        found.append(f"6ND is {run.flops_ratio:.2f} times the published FLOPs")
    if run.status != "read":
        found.append(f"{run.status}, not checked against the source")
    if run.params_counted == "non-embedding":
        found.append("parameters are counted without embeddings")
    return found
