"""Which of the warnings about a plan bear on its verdict, in one short sentence each."""

from collections.abc import Iterator, Sequence
from typing import Final

from tokaudit.core.repeat_length import MUCH
from tokaudit.core.units import format_count, percent
from tokaudit.planning.experts import experts_caveats
from tokaudit.planning.judge import Judgement
from tokaudit.planning.plan import DomainPlan
from tokaudit.planning.plan_value import Inference
from tokaudit.planning.resolve import ResolvedPlan
from tokaudit.planning.stages import Stage

NOT_SURE: Final = "not sure, because "
"""How the note begins that says why a verdict is not sure."""
_CLOSE: Final = (0.6, 1.7)
"""Tokens of two tokenizers for one text differ by less than these factors."""


def plan_notes(
    resolved: ResolvedPlan, judged: Judgement, domains: Sequence[DomainPlan], lifetime: Inference | None
) -> Iterator[str]:
    """The warnings that bear on a plan's verdict, the most important first, without their full stops.

    Args:
        resolved: what the plan is judged on.
        judged: the judgement.
        domains: what the plan needs from each domain.
        lifetime: the cheapest run over training and serving; None: not asked for, or the law has no loss.
    """
    request, supply = resolved.request, resolved.supply
    yield from experts_caveats(request.budget, request.known_runs)
    if judged.certainty and judged.certainty.why:
        yield f"{NOT_SURE}{judged.certainty.why}"
    yield from order_note(request.stages)
    yield from (note for note in request.notes if note.startswith("--law "))  # another law than the one named
    if request.law.metadata.params_counted == "non-embedding":
        yield "the law counts parameters without embeddings"
    factor = judged.flips_at.supply_factor
    low, high = _CLOSE
    if supply.domains and supply.tokenizer is None and factor and low < factor < high:
        yield "another tokenizer's tokens could turn this; pass --tokenizer to convert"
    if lifetime is not None and any(
        entry.tokens_unique and entry.share * lifetime.tokens > entry.tokens_unique for entry in domains
    ):
        tokens = format_count(lifetime.tokens)
        yield f"the cheapest run for serving needs {tokens} unique tokens, and this supply would repeat"
    yield from _wider(resolved, domains)
    yield from _repeated_inside(resolved)


def order_note(stages: Sequence[Stage]) -> Iterator[str]:
    """What no law can say of a run in stages."""
    if stages:
        yield "no law here knows the order of data; the loss is that of all tokens mixed"


def _wider(resolved: ResolvedPlan, domains: Sequence[DomainPlan]) -> Iterator[str]:
    """Repeated domains that stand for wider categories."""
    repeated = {entry.domain for entry in domains if entry.loose and entry.epochs is not None and entry.epochs > 1}
    for part in resolved.mixture.parts:
        if part.domain in repeated and part.loose:
            yield f'{part.domain} stands for "{part.component}", so it alone decides nothing'


def _repeated_inside(resolved: ResolvedPlan) -> Iterator[str]:
    """Domains of the mixture much of which repeats inside its own documents."""
    for entry in resolved.supply.domains:
        share = (entry.tokens_repeated_inside or 0) / entry.tokens_seen if entry.tokens_seen else 0.0
        if share > MUCH and resolved.share_of[entry.domain]:
            yield f"{percent(share)} of the tokens of {entry.domain} repeat inside their own documents"
