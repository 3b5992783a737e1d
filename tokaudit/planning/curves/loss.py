"""The loss of a plan, term by term."""

from collections.abc import Mapping

from tokaudit.core.rows import Row
from tokaudit.planning.plan import Plan


def loss(plan: Plan) -> Mapping[str, list[Row]] | str:
    """The dataset ``terms``: the terms of the loss in nats per token, or a sentence that says why there are none.

    They are those of ``Plan.loss``: of the run as given, or else of the optimal run; ``run`` says which. The term
    ``repeats`` is what that run loses because the supply makes it repeat; without a supply, it is missing.
    """
    found = plan.loss
    if found is None:
        return f"{plan.law} gives no loss for this run, so there are no terms."
    terms = {"irreducible": found.irreducible, "model_term": found.model_term, "data_term": found.data_term}
    if found.on_supply is not None:
        terms["repeats"] = found.on_supply - found.total
    run = "as given" if plan.budget.params and plan.budget.tokens else "optimal"
    return {"terms": [{"term": term, "nats": nats, "run": run} for term, nats in terms.items()]}
