"""What a plan needs from each domain: tokens, epochs, and a verdict by epochs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tokaudit.laws.pools import DomainPool, tokens_effective
from tokaudit.laws.protocol import Run
from tokaudit.planning.plan import DomainPlan
from tokaudit.planning.resolve import ResolvedMixture
from tokaudit.planning.verdicts import MANY_EPOCHS, DomainVerdict
from tokaudit.supply.types import DomainSupply

_EPOCH_VERDICTS: Final[tuple[tuple[float, DomainVerdict], ...]] = (
    (1, "enough"),
    (4, "repeat"),
    (MANY_EPOCHS, "strained"),
)
_SAME: Final = 1e-5  # relative: epochs as close as this are equal, because a search finds them


def domain_plans(
    entries: Sequence[DomainSupply], mixture: ResolvedMixture, run: Run, on_supply: Run | None, r_star: float
) -> Iterator[DomainPlan]:
    """One row per domain: what ``run`` needs and what ``on_supply`` uses; without a supply, the needs only."""
    share_of = mixture.share_of
    if not entries:
        for domain, share in share_of.items():
            yield DomainPlan(domain, share, tokens_needed=share * run.tokens)
    for entry in entries:
        share, unique = share_of[entry.domain], entry.tokens_unique
        epochs = effective = None
        verdict = domain_verdict(share * run.tokens / unique) if share else "enough"
        if on_supply:
            epochs = share * on_supply.tokens / unique if share else 0.0
            effective = tokens_effective(on_supply.tokens, DomainPool(share, unique), r_star)
            verdict = domain_verdict(epochs)
        yield DomainPlan(
            domain=entry.domain,
            share=share,
            tokens_needed=share * run.tokens,
            tokens_unique=unique,
            tokens_unique_low=entry.tokens_unique_low,
            tokens_unique_high=entry.tokens_unique_high,
            bytes_unique=entry.bytes_unique,
            bytes_needed=share * run.tokens * entry.bytes_unique / unique if entry.bytes_unique and unique else None,
            tokens_factor=entry.factor.value if entry.factor else None,
            loose=entry.domain in mixture.rules.loose,
            max_epochs=mixture.rules.limit(entry.domain),
            epochs=epochs,
            tokens_effective=effective,
            verdict=verdict,
        )


def domain_verdict(epochs: float) -> DomainVerdict:
    """The verdict of a domain that is used for ``epochs`` epochs."""
    return next((verdict for most, verdict in _EPOCH_VERDICTS if epochs <= most * (1 + _SAME)), "exhausted")


def binding_domain(entries: Sequence[DomainSupply], share_of: Mapping[str, float], tokens: float) -> str | None:
    """The domain that a run of ``tokens`` repeats most, the larger share in a tie; None if it repeats none."""
    epochs = {
        entry.domain: share_of[entry.domain] * tokens / entry.tokens_unique
        for entry in entries
        if share_of[entry.domain]
    }
    most = max(epochs.values(), default=0.0)
    if most <= 1 + _SAME:
        return None
    return max(
        (domain for domain in epochs if epochs[domain] >= most * (1 - _SAME)), key=lambda domain: share_of[domain]
    )
