"""A run in stages: tokens and shares of each, and their sums."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tokaudit.core.errors import UsageError
from tokaudit.core.given_numbers import given_count, given_share
from tokaudit.planning.plan_mixture import StagePlan
from tokaudit.supply.types import DomainSupply

GivenStage = str | Mapping[str, Any]
"""A stage as text, or as a mapping with the keys ``stage``, ``tokens`` or ``share``, and ``mixture``."""

_FORM: Final = "'NAME TOKENS|SHARE% DOMAIN=SHARE,…|MIXTURE', such as 'anneal 10% web=0.5,math=0.5'"
_KEYS: Final = ({"stage", "tokens", "mixture"}, {"stage", "share", "mixture"})
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


def parse_stages(given: Sequence[GivenStage], shares_of: Callable[[Any], Mapping[str, float]]) -> list[Stage]:
    """The stages, in order.

    Args:
        given: each stage as ``NAME TOKENS|SHARE% MIXTURE``, or as a mapping with the keys ``stage``, ``tokens`` or
            ``share``, and ``mixture``.
        shares_of: domain -> share, from shares or the name of a mixture.

    Raises:
        UsageError: another form; tokens next to shares; shares of the run that do not sum to 1; a name twice.
    """
    if isinstance(given, str | Mapping) or not isinstance(given, Sequence):
        raise UsageError("--stage: is not a list of stages; put a single one into a list")
    read = [_parsed(stage, shares_of) for stage in given]
    names = [name for name, *_ in read]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"--stage: {twice[0]} is named twice; give each stage its own name")
    sizes = [size for _, size, *_ in read]
    in_tokens = [is_tokens for _, _, is_tokens, _ in read]
    total = math.fsum(sizes)
    _check_sizes(in_tokens, total)
    return [Stage(name, size if is_tokens else None, size / total, shares) for name, size, is_tokens, shares in read]


def _check_sizes(in_tokens: Sequence[bool], total: float) -> None:
    """Refuse tokens next to shares, and shares that do not sum to 1."""
    if any(in_tokens) and not all(in_tokens):
        raise UsageError("--stage: give tokens for all stages, or shares of the run for all, such as 90% and 10%")
    if in_tokens and not any(in_tokens) and abs(total - 1) > _SUM_TOLERANCE:
        raise UsageError(f"--stage: the stages' shares of the run sum to {total:.7g}; they must sum to 1")


def _parsed(
    given: GivenStage, shares_of: Callable[[Any], Mapping[str, float]]
) -> tuple[str, float, bool, Mapping[str, float]]:
    """Name, size, whether the size is in tokens, and shares."""
    fields = _fields(given)
    name, mixture, is_tokens = fields["stage"], fields["mixture"], "tokens" in fields
    option = f"--stage {name}"
    size = fields["tokens" if is_tokens else "share"]
    parsed = given_count(size, option) if is_tokens else given_share(size, option)
    if not parsed > 0:
        raise UsageError(f"{option}: {size} is not above 0")
    return name, parsed, is_tokens, shares_of(mixture)


def _fields(given: GivenStage) -> Mapping[str, Any]:
    """The parts of a stage: ``stage``, ``tokens`` or ``share``, and ``mixture``."""
    if isinstance(given, str):
        words = re.fullmatch(r"\s*(\S+)\s+(\S+)\s+(\S.*?)\s*", given, re.DOTALL)
        if words is None:
            raise UsageError(f"--stage: {given!r} is not of the form {_FORM}")
        name, size, mixture = words.groups()
        return {"stage": name, "share" if size.endswith("%") else "tokens": size, "mixture": mixture}
    if not isinstance(given, Mapping) or set(given) not in _KEYS:
        raise UsageError(f"--stage: {given!r} does not have the keys stage, tokens or share, and mixture")
    if not isinstance(given["stage"], str) or not given["stage"].strip():
        raise UsageError(f"--stage: {given['stage']!r} is not the name of a stage; names are text")
    return given


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
