"""What is counted as what: one file a kind of corpus; it says which files, which reader, which cleaning."""

from typing import TYPE_CHECKING, Final

from tokaudit.core.plugins import Registry

if TYPE_CHECKING:
    from tokaudit.ingesters.base import Ingester

INGESTERS: "Final[Registry[Ingester]]" = Registry("tokaudit.ingesters.domains", "INGESTER", "ingester")


def ingester_of(domain: str) -> "Ingester":
    """The ingester named like the domain; for a name of the user's own, one that takes all it can read."""
    if domain in INGESTERS.names():
        return INGESTERS.get(domain)
    from tokaudit.ingesters.base import GENERAL  # noqa: PLC0415 - names are listed without what it brings along

    return GENERAL
