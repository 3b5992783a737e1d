"""The form of the page in which a reader changes numbers of a plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tokaudit.planning.made_plan import MadePlan
from tokaudit.reports.page.what_if import NOT_RECOMPUTED, what_if

_SHOWN: Final = 6
"""Domains whose fields are not folded."""
_MOST: Final = 60
"""Domains that have fields."""


@dataclass(frozen=True, slots=True)
class WhatIfDomain:
    """A domain whose share and supply can be changed; ``place`` is its place in the setting of the document."""

    domain: str
    loose: bool
    place: int


@dataclass(frozen=True, slots=True)
class WhatIfForm:
    """The form.

    Attributes:
        document: what the script needs; None: nothing can be changed.
        domains: the domains with fields, the largest shares first; empty: nothing can be changed.
        shown: how many of them are not folded.
        fixed: number of the other domains.
        stays: what a changed number leaves as it was, as sentences.
        why_not: why nothing can be changed; empty if something can.
    """

    document: dict[str, Any] | None
    domains: Sequence[WhatIfDomain]
    shown: int
    fixed: int
    stays: Sequence[str]
    why_not: str


def what_if_form(made: MadePlan | None) -> WhatIfForm:
    """The form of a plan; None: there is no plan, so there is no form."""
    found = what_if(made) if made else ""
    if isinstance(found, str):
        return WhatIfForm(None, (), 0, 0, (), found)
    given = list(enumerate(found["setting"]["domains"]))
    order = sorted(given, key=lambda pair: (-pair[1]["share"], -pair[1]["tokens_unique"]))
    domains = [WhatIfDomain(entry["domain"], entry["loose"], place) for place, entry in order[:_MOST]]
    return WhatIfForm(dict(found), domains, _SHOWN, len(order) - len(domains), NOT_RECOMPUTED, "")
