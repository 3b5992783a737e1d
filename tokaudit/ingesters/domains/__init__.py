"""The ingesters, one file per domain; each says which files are counted, with which reader and which cleaning."""

from typing import TYPE_CHECKING, Final

from tokaudit.core.plugins import Registry

if TYPE_CHECKING:
    from tokaudit.ingesters.base import Ingester

INGESTERS: "Final[Registry[Ingester]]" = Registry("tokaudit.ingesters.domains", "INGESTER", "ingester")


def ingester_of(domain: str) -> "Ingester":
    """The ingester of the domain; for a domain of the user's own, the general one, which counts all it can read."""
    if domain in INGESTERS.names():
        return INGESTERS.get(domain)
    from tokaudit.ingesters.base import GENERAL  # noqa: PLC0415 - listing the names must not import the readers

    return GENERAL
