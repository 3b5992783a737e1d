"""What is counted as what: one file a kind of corpus; it says which files, which reader, which cleaning."""

from typing import Final

from tokaudit.core.plugins import Registry
from tokaudit.ingesters.base import GENERAL, Ingester

INGESTERS: Final = Registry[Ingester]("tokaudit.ingesters.domains", "INGESTER", "ingester")


def ingester_of(domain: str) -> Ingester:
    """The ingester named like the domain; for a name of the user's own, one that takes all it can read."""
    return INGESTERS.get(domain) if domain in INGESTERS.names() else GENERAL
