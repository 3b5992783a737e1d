"""A law found by the name that the user typed, with its joint draws: published, or fitted and saved in the catalog."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import did_you_mean, fold_name, similar_names
from tokaudit.core.resources import shipped
from tokaudit.laws.fit.protocol import Draws
from tokaudit.laws.protocol import ScalingLaw
from tokaudit.laws.published import LAWS


class FoundLaw(NamedTuple):
    """A law, and how it was found.

    Attributes:
        name: its own name, which an everyday name or another spelling led to.
        law: the law.
        draws: joint draws of its constants; empty if there are none.
        notes: which law an everyday name stands for; empty for a law's own name.
    """

    name: str
    law: ScalingLaw
    draws: Draws
    notes: tuple[str, ...] = ()


def law_names(catalog: Path) -> list[str]:
    """Names of the published laws, then of those saved in the catalog, if there is one.

    If a later version publishes a law under the name of a saved one, the name means the published law.
    """
    published = LAWS.names()
    if not catalog.is_file():
        return published
    from tokaudit.laws.saved import saved_names  # noqa: PLC0415 - duckdb is loaded only where it is asked

    return [*published, *(name for name in saved_names(catalog) if name not in published)]


def find_law(name: str, catalog: Path, option: str = "--law") -> FoundLaw:
    """The law of that name; letter case and hyphens do not matter, and everyday names such as ``chinchilla`` work.

    A law's own name comes first: published, saved, then in another spelling. Everyday names come last.

    Args:
        name: as the user typed it.
        catalog: where saved laws are; read only if ``name`` is not that of a published law.
        option: the option that takes the name, for the note.

    Raises:
        UsageError: no law has that name, or several do; the message lists the known ones, the nearest first.
        CatalogError: the law is not a published one, and the catalog can't be read.
    """
    if name in LAWS.names():
        return FoundLaw(name, LAWS.get(name), shipped_draws(name))
    known = law_names(catalog)
    own = [name] if name in known else _spelled_alike(name, known)
    everyday = everyday_names()
    meant = own or _spelled_alike(name, everyday)
    if len(meant) > 1:
        raise UsageError(f"law {name!r} may be {' or '.join(meant)}; write one of these names exactly")
    if not meant:
        raise UsageError(_unknown(name, known, everyday))
    found = everyday.get(meant[0], meant[0])
    notes = () if own else (_stands_for(option, name, found),)
    if found in LAWS.names():
        return FoundLaw(found, LAWS.get(found), shipped_draws(found), notes)
    from tokaudit.laws.saved import saved_law  # noqa: PLC0415 - duckdb is loaded only where it is asked

    return FoundLaw(found, *saved_law(catalog, found), notes)


def everyday_names() -> dict[str, str]:
    """Everyday name -> name of the published law that it stands for."""
    return {alias: name for name in LAWS.names() for alias in LAWS.get(name).metadata.aliases}


def _spelled_alike(name: str, known: list[str] | dict[str, str]) -> list[str]:
    return [each for each in known if fold_name(each) == fold_name(name)]


def _stands_for(option: str, name: str, found: str) -> str:
    about = LAWS.get(found).metadata.about
    return f"{option} {name}: {found} is used, {about}; `tokaudit laws` lists the others"


def _unknown(name: str, known: list[str], everyday: dict[str, str]) -> str:
    near = [everyday.get(each, each) for each in similar_names(name, [*known, *everyday])]
    ordered = dict.fromkeys([*near, *known])
    hint = did_you_mean(name, [*known, *everyday])
    return f"unknown law {name!r}{hint} (known: {', '.join(ordered)}; `tokaudit fit --save NAME` adds one)"


def shipped_draws(name: str) -> Draws:
    """Draws of a published law, from ``catalog/reference/NAME_draws.csv``; empty without that file.

    An empty cell is infinite, as ``tokaudit fit --show draws --format csv`` writes it.
    """
    path = shipped("catalog") / "reference" / f"{name}_draws.csv"
    if not path.is_file():
        return {}
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    table = np.array([[float(cell or "inf") for cell in line.split(",")] for line in lines])
    return {constant: table[:, place] for place, constant in enumerate(header.split(",")) if constant != "draw"}


def asked_laws() -> dict[str, ScalingLaw]:
    """Name -> law, for every law whose verdict a plan shows next to its own."""
    laws = {name: LAWS.get(name) for name in LAWS.names()}
    return {name: law for name, law in laws.items() if law.metadata.standing != "quoted"}
