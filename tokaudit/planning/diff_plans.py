"""Two saved plans compared: what differs in the question, in the answer, and in each domain."""

import math
from typing import Any, Final

from tokaudit.audit.answer import Answer
from tokaudit.core.rows import Row
from tokaudit.planning.diff_plan_inputs import verdicts_by_input
from tokaudit.planning.plan import DomainPlan, Plan
from tokaudit.planning.plan_command import given_options, option_text, stage_text
from tokaudit.planning.saved_plans import SavedPlan

COLUMNS: Final = (
    *("domain", "tokens_needed_a", "tokens_needed_b", "tokens_needed", "because_of_tokens", "because_of_share"),
    *("tokens_unique_a", "tokens_unique_b", "tokens_unique", "share_a", "share_b", "epochs_a", "epochs_b"),
    *("verdict_a", "verdict_b"),
)
_TEXTS: Final = ("domain", "verdict_a", "verdict_b")
_NOTHING: Final = DomainPlan("", 0.0, 0.0)


def diff_plans(first: SavedPlan, second: SavedPlan) -> Answer:
    """What changed from the first plan to the second, one row per domain.

    ``tokens_needed`` is the change of a domain's need. It is the sum of ``because_of_tokens`` (the run takes more or
    fewer tokens) and ``because_of_share`` (the mixture takes more or less of them from the domain). ``tokens_unique``
    is the change of the supply, None if neither plan has one.

    Next to the rows are ``a`` and ``b`` (the names), ``tokenizer`` (None), ``total`` (of the need and of the unique
    tokens), ``settings`` (options that differ), ``answers`` (what the plans say), ``by_input`` (the verdict of the
    first plan with single inputs of the second) and ``complete`` (whether both were made on final numbers).
    """
    found = verdicts_by_input(first, second)
    rows = _domains(first.plan, second.plan)
    extra = {
        "a": first.name,
        "b": second.name,
        "tokenizer": None,
        "total": {field: _total(rows, field) for field in ("tokens_needed", "tokens_unique")},
        "settings": _settings(first, second),
        "answers": _answers(first.plan, second.plan),
        "by_input": found.rows,
        "complete": first.plan.complete and second.plan.complete,
    }
    types = tuple("VARCHAR" if column in _TEXTS else "DOUBLE" for column in COLUMNS)
    return Answer(COLUMNS, rows, extra, (*_warnings(first, second), *found.warnings), types=types)


def _domains(first: Plan, second: Plan) -> list[Row]:
    """The domains of both, in the order of the first, then of the second."""
    before, after = ({row.domain: row for row in plan.domains} for plan in (first, second))
    run_a, run_b = (sum(row.tokens_needed for row in plan.domains) for plan in (first, second))
    return [
        _domain(domain, before.get(domain, _NOTHING), after.get(domain, _NOTHING), run_b - run_a)
        for domain in dict.fromkeys([*before, *after])
    ]


def _domain(domain: str, a: DomainPlan, b: DomainPlan, more_tokens: float) -> Row:
    needed = b.tokens_needed - a.tokens_needed
    # The mean of the two orders in which one can change the run and the share; so neither comes first.
    of_tokens = more_tokens * (a.share + b.share) / 2
    known = a.tokens_unique is not None or b.tokens_unique is not None
    return {
        "domain": domain,
        "tokens_needed_a": a.tokens_needed,
        "tokens_needed_b": b.tokens_needed,
        "tokens_needed": needed,
        "because_of_tokens": of_tokens,
        "because_of_share": needed - of_tokens,
        "tokens_unique_a": a.tokens_unique,
        "tokens_unique_b": b.tokens_unique,
        "tokens_unique": (b.tokens_unique or 0.0) - (a.tokens_unique or 0.0) if known else None,
        **{f"{field}_{name}": getattr(row, field) for field in _PAIRS for name, row in (("a", a), ("b", b))},
    }


_PAIRS: Final = ("share", "epochs", "verdict")


def _total(rows: list[Row], field: str) -> Row:
    a, b = (math.fsum(row[f"{field}_{name}"] or 0.0 for row in rows) for name in ("a", "b"))
    return {"a": a, "b": b, "change": b - a}


def _settings(first: SavedPlan, second: SavedPlan) -> list[Row]:
    """One row per option that differs, as typed; and the version, if it does."""
    before, after = (_typed(saved) for saved in (first, second))
    return [
        {"setting": name, "a": before.get(name), "b": after.get(name)}
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]


def _typed(saved: SavedPlan) -> dict[str, str]:
    """Option -> its value as typed; and the version of tokaudit."""
    given = given_options(saved.options)
    budget = given.pop("budget", {})
    stages = given.pop("stages", ())
    named = {**budget, **given, **({"stage": "; ".join(map(stage_text, stages))} if stages else {})}
    typed = {
        f"--{name.replace('_', '-')}": "yes" if value is True else option_text(value) for name, value in named.items()
    }
    return {**typed, "--law": saved.plan.law, "version": saved.version}


def _answers(first: Plan, second: Plan) -> list[Row]:
    """What the plans say, a row per answer."""
    before, after = _said(first), _said(second)
    return [{"answer": name, "a": before[name], "b": after[name]} for name in before]


def _said(plan: Plan) -> dict[str, Any]:
    epochs = {row.domain: row.epochs for row in plan.domains}
    return {
        "constraint": plan.constraint,
        "cause": plan.cause,
        "certainty": plan.certainty and plan.certainty.level,
        "binding_domain": plan.binding_domain,
        "epochs": epochs.get(plan.binding_domain) if plan.binding_domain else None,
        "flops": plan.budget.flops,
        "params_optimal": plan.optimal and plan.optimal.params,
        "tokens_optimal": plan.optimal and plan.optimal.tokens,
        "params_constrained": plan.constrained and plan.constrained.params,
        "tokens_constrained": plan.constrained and plan.constrained.tokens,
        "compute_equivalent_share": plan.compute_equivalent_share,
        "mixture": plan.mixture and plan.mixture.name,
        "supply_origin": plan.supply_origin,
    }


def _warnings(first: SavedPlan, second: SavedPlan) -> list[str]:
    laws = [saved.plan.law for saved in (first, second)]
    if laws[0] == laws[1]:
        return []
    return [f"the plans use different scaling laws ({' and '.join(laws)}), which may count other tokens"]
