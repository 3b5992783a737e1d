"""``--fail-on``: the verdicts of a plan at which a pipeline stops."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, get_args

from tokaudit.core.errors import UsageError
from tokaudit.planning.verdicts import Constraint, Level

if TYPE_CHECKING:
    from tokaudit.planning.plan import Plan

_LEVELS: Final[tuple[Level, ...]] = ("undecided", "likely", "sure")
"""From the least certain to the most."""


@dataclass(frozen=True, slots=True)
class FailOn:
    """A verdict at which to fail, and how certain it must be at least."""

    constraint: str
    least: str


def parse_fail_on(texts: Sequence[str]) -> list[FailOn]:
    """The verdicts, each written as ``data`` or ``data:likely``.

    Raises:
        UsageError: the constraint or the level is unknown.
    """
    found = []
    for text in texts:
        constraint, colon, level = text.partition(":")
        if constraint not in get_args(Constraint) or (colon and level not in _LEVELS):
            raise UsageError(
                f"--fail-on: {text!r} is unknown; write data, model or compute, alone or with the least certainty, "
                "such as data:likely or data:sure"
            )
        found.append(FailOn(constraint, level or _LEVELS[0]))
    return found


def failure(plan: "Plan", asked: Sequence[FailOn]) -> str | None:
    """Why the plan fails, in one line; None: it does not."""
    level = plan.certainty.level if plan.certainty else "undecided"
    for each in asked:
        if plan.constraint == each.constraint and _LEVELS.index(level) >= _LEVELS.index(each.least):
            return f"--fail-on: {plan.constraint} is the constraint ({level})"
    return None
