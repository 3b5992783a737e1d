"""How many documents and texts a catalog can have: grouping numbers them in 32 bits, which would wrap silently."""

from typing import Final

import duckdb

from tokaudit.catalog.statements import fetch_one
from tokaudit.core.errors import InputError

MOST_TEXTS: Final = 2**32 - 1
"""The most documents, and the most texts with a signature, that have numbers of their own."""

_HELD: Final = """
select (select coalesce(sum(documents), 0) from store.files), (select coalesce(sum(texts), 0) from store.fragments)"""


def check_capacity(connection: duckdb.DuckDBPyConnection, documents: int, texts: int) -> None:
    """Check that a catalog can take more documents and texts with a signature.

    Raises:
        InputError: it can't.
    """
    held = fetch_one(connection, _HELD)
    found = max(int(held[0]) + documents, int(held[1]) + texts)
    if found > MOST_TEXTS:
        raise InputError(
            f"the catalog would have {found:,} texts, and at most {MOST_TEXTS:,} can be grouped; count further text"
            " into another --catalog"
        )
