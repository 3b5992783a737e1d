"""A law by its name, with its joint draws: a published one, or one that was fitted and saved in the catalog."""

from pathlib import Path

import numpy as np

from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import did_you_mean
from tokaudit.core.resources import shipped
from tokaudit.laws.fit.protocol import Draws
from tokaudit.laws.protocol import ScalingLaw
from tokaudit.laws.published import LAWS


def law_names(catalog: Path) -> list[str]:
    """Names of the published laws, then of those saved in the catalog, if there is one.

    A saved law whose name a later version published a law under is not among them: that name is the published one's.
    """
    published = LAWS.names()
    if not catalog.is_file():
        return published
    from tokaudit.laws.saved import saved_names  # noqa: PLC0415 - duckdb is loaded only where it is asked

    return [*published, *(name for name in saved_names(catalog) if name not in published)]


def find_law(name: str, catalog: Path) -> tuple[ScalingLaw, Draws]:
    """The law of that name and draws of its constants, none if it has none; published ones come first.

    Raises:
        UsageError: there is none; the message lists those there are.
        CatalogError: the law is not a published one, and the catalog can't be read.
    """
    if name in LAWS.names():
        return LAWS.get(name), shipped_draws(name)
    known = law_names(catalog)
    if name in known:
        from tokaudit.laws.saved import saved_law  # noqa: PLC0415 - duckdb is loaded only where it is asked

        return saved_law(catalog, name)
    hint = did_you_mean(name, known)
    raise UsageError(f"unknown law {name!r}{hint} (known: {', '.join(known)}; 'tokaudit fit --save' adds one)")


def shipped_draws(name: str) -> Draws:
    """Draws of a published law, from ``catalog/reference/NAME_draws.csv``; none without that file.

    An empty cell is infinite, as `tokaudit fit --show draws --format csv` writes it.
    """
    path = shipped("catalog") / "reference" / f"{name}_draws.csv"
    if not path.is_file():
        return {}
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    table = np.array([[float(cell or "inf") for cell in line.split(",")] for line in lines])
    return {constant: table[:, place] for place, constant in enumerate(header.split(",")) if constant != "draw"}


def voting_laws() -> dict[str, ScalingLaw]:
    """Every law whose verdict counts beside those of others, by name."""
    laws = {name: LAWS.get(name) for name in LAWS.names()}
    return {name: law for name, law in laws.items() if law.metadata.votes}
