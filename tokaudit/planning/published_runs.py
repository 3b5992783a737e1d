"""Published training runs under a law: whether each was short of tokens, of parameters, or of neither."""

from dataclasses import fields
from typing import Final

from tokaudit.catalog.reference.known_runs import KnownRun, known_runs
from tokaudit.core.rows import Row
from tokaudit.laws.embedding_params import params_total
from tokaudit.laws.protocol import ScalingLaw, gives_loss
from tokaudit.laws.repeated_data import DomainPool
from tokaudit.planning.case import PlanCase
from tokaudit.planning.plan import Budget

COLUMNS: Final = (
    *("run", "params", "tokens", "flops", "tokens_per_param", "params_optimal", "tokens_optimal"),
    *("model_term", "data_term", "loss", "tokens_side", "constraint", "cause", "implied_inference_tokens", "epochs"),
    *("status", "warnings"),
)
"""Columns that people see."""
MORE: Final = (
    *("active_params", "params_counted", "unique_tokens", "flops_published", "flops_ratio"),
    *("extrapolated", "source", "note"),
)
"""Further columns for programs."""

_TOLERATED: Final = 0.1  # how far 6ND may be from the published FLOPs, as a share of them


def audit_runs(law: ScalingLaw) -> tuple[list[Row], list[str]]:
    """One row per published run, and warnings about all of them."""
    rows = [audit_run(run, law) for run in known_runs()]
    judged = [row["extrapolated"] for row in rows if row["constraint"]]
    warnings = list(law.metadata.warnings)
    if any(judged):
        warnings.append(f"the law is extrapolated: {sum(judged)} of {len(judged)} runs lie outside its fitted range")
    return rows, warnings


def audit_run(run: KnownRun, law: ScalingLaw) -> Row:
    """One row: the run as published, the law's optimum for its FLOPs, and the verdict.

    Laws for dense models do not apply to a mixture of experts, so its row has no optimum, loss or verdict.
    ``tokens_per_param`` uses all parameters. ``loss`` and its terms are without repeats, as in a plan. ``epochs`` are
    over the whole corpus.
    """
    row: Row = dict.fromkeys((*COLUMNS, *MORE)) | {field.name: getattr(run, field.name) for field in fields(run)}
    row |= {
        "flops": run.flops,
        "flops_ratio": run.flops_ratio,
        "tokens_per_param": run.tokens / run.params,
        "epochs": run.tokens / run.unique_tokens if run.unique_tokens else None,
        "warnings": _warnings(run),
    }
    return row if run.active_params else row | _verdict(run, law)


def _verdict(run: KnownRun, law: ScalingLaw) -> Row:
    total = params_total(run.params) if run.params_counted == "non-embedding" else run.params
    pools = [DomainPool(1.0, run.unique_tokens)] if run.unique_tokens else []
    case = PlanCase.of(law, Budget(6 * total * run.tokens, total, run.tokens), pools)
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
    return found


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
