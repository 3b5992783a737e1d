"""A run in stages: tokens and shares of each, and their sums."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.core.errors import UsageError
from tokaudit.core.units import parse_count, parse_share
from tokaudit.planning.plan_mixture import StagePlan
from tokaudit.supply.types import DomainSupply

_FORM: Final = "'NAME TOKENS|SHARE% DOMAIN=SHARE,…|MIXTURE', such as 'anneal 10% web=0.5,math=0.5'"
_SUM_TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a run.

    Attributes:
        name: its name.
        tokens: its tokens; None: it has a share of the run's.
        part: its share of the run's tokens, 0 to 1.
        shares: domain -> share of its tokens, summing to 1.
    """

    name: str
    tokens: float | None
    part: float
    shares: Mapping[str, float]


def parse_stages(texts: Sequence[str], shares_of: Callable[[str], Mapping[str, float]]) -> list[Stage]:
    """The stages, in order.

    Args:
        texts: each stage as ``NAME TOKENS|SHARE% MIXTURE``.
        shares_of: domain -> share, from shares or the name of a mixture.

    Raises:
        UsageError: another form; tokens next to shares; shares of the run that do not sum to 1; a name twice.
    """
    read = [_parsed(text, shares_of) for text in texts]
    names = [name for name, *_ in read]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"--stage: {twice[0]} is named twice; give each stage its own name")
    sizes = [size for _, size, *_ in read]
    in_tokens = [is_tokens for _, _, is_tokens, _ in read]
    if any(in_tokens) and not all(in_tokens):
        raise UsageError("--stage: give tokens for all stages, or shares of the run for all, such as 90% and 10%")
    total = math.fsum(sizes)
    if read and not any(in_tokens) and abs(total - 1) > _SUM_TOLERANCE:
        raise UsageError(f"--stage: the stages' shares of the run sum to {total:.7g}; they must sum to 1")
    return [Stage(name, size if is_tokens else None, size / total, shares) for name, size, is_tokens, shares in read]


def _parsed(text: str, shares_of: Callable[[str], Mapping[str, float]]) -> tuple[str, float, bool, Mapping[str, float]]:
    """Name, size, whether the size is in tokens, and shares."""
    words = re.fullmatch(r"\s*(\S+)\s+(\S+)\s+(\S.*?)\s*", text, re.DOTALL)
    if words is None:
        raise UsageError(f"--stage: {text!r} is not of the form {_FORM}")
    name, size, mixture = words.groups()
    is_tokens = not size.endswith("%")
    option = f"--stage {name}"
    parsed = parse_count(size, option) if is_tokens else parse_share(size, option)
    if not parsed > 0:
        raise UsageError(f"{option}: {size} is not above 0")
    return name, parsed, is_tokens, shares_of(mixture)


def whole_shares(stages: Sequence[Stage]) -> dict[str, float]:
    """Domain -> share of the run's tokens over all stages."""
    found: dict[str, float] = {}
    for stage in stages:
        for domain, share in stage.shares.items():
            found[domain] = found.get(domain, 0.0) + stage.part * share
    return found


def whole_tokens(stages: Sequence[Stage]) -> float | None:
    """The run's tokens; None if the stages have shares of them."""
    tokens = [stage.tokens for stage in stages if stage.tokens is not None]
    return math.fsum(tokens) if tokens else None


def stage_plans(
    stages: Sequence[Stage], tokens: float, entries: Sequence[DomainSupply]
) -> tuple[StagePlan, ...] | None:
    """The stages of a run of so many tokens; None if it has none.

    Args:
        stages: the stages.
        tokens: D of the run.
        entries: the supply, in the law's tokens; empty: not known.
    """
    unique = {entry.domain: entry.tokens_unique for entry in entries}
    found = []
    for stage in stages:
        size = stage.part * tokens
        epochs = None
        if unique:
            epochs = {domain: share * size / unique[domain] if share else 0.0 for domain, share in stage.shares.items()}
        found.append(StagePlan(stage.name, size, stage.shares, epochs))
    return tuple(found) or None
