"""Renewing signatures that an older tokaudit made: they can't be compared with today's."""

from pathlib import Path
from shlex import quote
from typing import Final

import numpy as np

from tokaudit.catalog.commit import name_fragment
from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.delete import named_fragments
from tokaudit.catalog.fragment import Fragment, write_fragment
from tokaudit.catalog.signatures import older_fragments
from tokaudit.catalog.statements import fetch_rows_with_incoming, keys_in, statement, with_incoming
from tokaudit.core.errors import CatalogError
from tokaudit.core.progress import Notify
from tokaudit.core.text_keys import unique
from tokaudit.core.types import UInt16, UInt64
from tokaudit.core.units import format_number_of
from tokaudit.dedup.reread import read_again
from tokaudit.dedup.reread_stage import RereadSignatures
from tokaudit.measure.fingerprints.minhash import band_keys

_TEXTS: Final = 100_000
"""Texts per fragment. Their signatures take 50 MB until it is written."""

WORDED: Final = """
select distinct key_hi, key_lo from store.documents join store.whole using (file) where words > 0 order by 1, 2
"""
"""The keys of all texts that must have a signature, in order."""
_MISSING: Final = """
select f.source, f.path from store.documents d join store.whole f using (file) join incoming using (key_hi, key_lo)
group by all order by 1, 2
"""


def renew_signatures(catalog: Path, workers: int, notify: Notify) -> int:
    """Re-read all texts of a catalog if it has signatures of an older tokaudit, and mark them to be compared again.

    Safe to interrupt: the old signatures stay until all new ones are written.

    Args:
        catalog: the DuckDB file, owned by the caller.
        workers: threads that read and measure.
        notify: receives short progress messages.

    Returns:
        Number of texts that were re-read; 0 if there was nothing to do.

    Raises:
        CatalogError: the file of a text is gone or has changed, so nothing can be added to the catalog.
    """
    with open_readonly(catalog) as connection:
        older = older_fragments(catalog, named_fragments(connection))
        if not older:
            return 0
        found = connection.execute(WORDED).fetchnumpy()
    texts = keys_in(found)
    notify(f"re-reading {format_number_of(len(texts), 'text')} of a catalog that was made by an older tokaudit")
    made, gone = signatures_anew(catalog, texts, workers)
    if len(gone):
        raise _not_there(catalog, gone)
    with write_transaction(catalog) as connection:
        with_incoming(connection, "delete from store.fragments where fragment in (from incoming)", {"fragment": older})
        for fragment in made:
            name_fragment(connection, fragment)
        connection.execute(statement("forget_candidates"))
    return len(texts)


def signatures_anew(catalog: Path, texts: UInt64, workers: int) -> tuple[list[Fragment], UInt64]:
    """Fragments with new signatures of the texts, and the texts (m, 2) that are gone or have changed."""
    missing = np.ones(len(texts), bool)
    made = []
    keys, values, held = [], [], 0
    for index, found, (signature,) in read_again(catalog, texts, RereadSignatures(), workers):
        wanted = index >= 0
        missing[index[wanted]] = False
        keys.append(found[wanted])
        values.append(signature[wanted])
        held += len(keys[-1])
        if held >= _TEXTS:
            made.append(_fragment(catalog, keys, values))
            keys, values, held = [], [], 0
    if held:
        made.append(_fragment(catalog, keys, values))
    return made, texts[missing]


def _fragment(catalog: Path, keys: list[UInt64], values: list[UInt16]) -> Fragment:
    distinct, first = unique(np.concatenate(keys))
    chosen = np.concatenate(values)[first]
    return write_fragment(catalog, distinct, chosen, band_keys(chosen))


def _not_there(catalog: Path, texts: UInt64) -> CatalogError:
    with open_readonly(catalog) as connection:
        incoming = {"key_hi": texts[:, 0], "key_lo": texts[:, 1]}
        files = fetch_rows_with_incoming(connection, _MISSING, incoming)
    named = sorted({row["source"] for row in files})
    return CatalogError(
        f"{catalog}: was made by an older tokaudit, and its texts must be re-read before more can be added;"
        f" files that are gone or have changed: {len(files):,} (first: {files[0]['path']}); restore them,"
        f" remove their sources (`tokaudit forget {quote(named[0])}`{' …' if len(named) > 1 else ''}),"
        " or use another catalog (--catalog)"
    )
