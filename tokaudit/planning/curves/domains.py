"""What each domain has, what the run needs of it, and what the run on the supply uses."""

from collections.abc import Mapping

from tokaudit.core.rows import Row
from tokaudit.planning.plan import Plan


def domains(plan: Plan) -> Mapping[str, list[Row]] | str:
    """The dataset ``domains``: one row per domain of the supply with a share above zero, in the supply's order.

    All tokens are the law's. ``needed`` is for the run as given, or for the optimal run. ``used`` and ``epochs`` are
    for the run on the supply; they are None if more compute no longer helps. Without a supply, a sentence says so.
    """
    rows = [
        {
            "domain": entry.domain,
            "share": entry.share,
            "needed": entry.tokens_needed,
            "unique": entry.tokens_unique,
            "unique_low": entry.tokens_unique_low,
            "unique_high": entry.tokens_unique_high,
            "used": None if entry.epochs is None else entry.epochs * entry.tokens_unique,
            "epochs": entry.epochs,
            "verdict": entry.verdict,
        }
        for entry in plan.domains
        if entry.share and entry.tokens_unique is not None
    ]
    return {"domains": rows} if rows else "The plan has no supply, so there is nothing to compare its need with."
