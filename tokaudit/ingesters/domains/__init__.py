"""What is counted as what: one file a kind of corpus; it says which files, which reader, which cleaning."""

from collections.abc import Sequence
from typing import Final

from tokaudit.core.plugins import Registry
from tokaudit.ingesters.base import GENERAL, Ingester
from tokaudit.ingesters.cleaning import Step

INGESTERS: Final = Registry[Ingester]("tokaudit.ingesters.domains", "INGESTER", "ingester")


def ingester_of(domain: str) -> Ingester:
    """The ingester named like the domain; for a name of the user's own, one that takes all it can read."""
    return INGESTERS.get(domain) if domain in INGESTERS.names() else GENERAL


def cleaning_steps(ingester: Ingester, clean: str) -> Sequence[Step]:
    """The ingester's cleaning steps for ``--clean default``; none for ``none``."""
    return ingester.cleaning if clean == "default" else ()
