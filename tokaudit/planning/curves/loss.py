"""The loss of a plan, term by term."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tokaudit.core.rows import Row
from tokaudit.laws.protocol import LossTerms, gives_loss
from tokaudit.planning.made_plan import MadePlan

if TYPE_CHECKING:
    from tokaudit.planning.plan import Loss


def loss(made: MadePlan) -> Mapping[str, list[Row]] | str:
    """The dataset ``terms``: the terms of the loss in nats per token, or a sentence that says why there are none.

    ``run`` says which run they are of: ``as given``; else ``on supply``, the best run on the supply; else ``optimal``,
    without a supply, or if more compute no longer helps. The term ``repeats`` is what that run loses because the supply
    is limited: by repeats, and by parameters in excess of the unique tokens. Without a supply, it is missing.
    """
    plan, law = made.plan, made.request.law
    if plan.loss is None or not gives_loss(law):
        return f"{plan.law} gives no loss for this run, so there are no terms."
    given = plan.budget.params and plan.budget.tokens
    found: Loss | LossTerms = plan.loss
    on_supply, run = plan.loss.on_supply, "as given" if given else "optimal"
    if plan.constrained and not given:
        best, run = plan.constrained, "on supply"
        found, on_supply = law.terms(best.params, best.tokens), best.loss
    terms = {"irreducible": found.irreducible, "model_term": found.model_term, "data_term": found.data_term}
    if on_supply is not None:
        terms["repeats"] = on_supply - found.total
    return {"terms": [{"term": term, "nats": nats, "run": run} for term, nats in terms.items()]}
