"""Making signatures anew that are missing or damaged, for example because a catalog was moved without them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tokaudit.catalog.commit import name_fragment
from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.delete import named_fragments, sweep
from tokaudit.catalog.signatures import Fragments, unreadable_fragments
from tokaudit.catalog.statements import fetch_rows_with_incoming, key_columns, keys_in, with_incoming
from tokaudit.core.progress import Notify
from tokaudit.core.rows import Row
from tokaudit.core.text_keys import positions, unique
from tokaudit.core.units import format_number_of
from tokaudit.dedup.renew_signatures import WORDED, signatures_anew

_GONE: Final = """
select f.source, f.path, count(distinct i.place) as texts
from store.documents d join store.whole f using (file) join incoming i using (key_hi, key_lo)
group by all order by 1, 2
"""


@dataclass(frozen=True, slots=True)
class Repair:
    """What became of the signatures of a catalog.

    Attributes:
        made: number of texts whose signatures were made anew.
        gone: rows of ``source``, ``path`` and ``texts``: the files of texts that are gone or have changed, and how many
            of its texts have no signature now.
    """

    made: int
    gone: list[Row]


def repair_signatures(catalog: Path, workers: int, notify: Notify) -> Repair:
    """Make the signatures anew of all texts that have none that can be read; these texts are then to be compared.

    Texts that are gone stay counted, with what is known of their duplicates. New texts are not compared with them.
    Safe to interrupt: fragments are dropped in the transaction that adds the new ones.

    Args:
        catalog: the DuckDB file, owned by the caller.
        workers: threads that read and measure.
        notify: receives short progress messages.

    Raises:
        CatalogError: the catalog can't be read or written.
    """
    notify("checking signatures")
    lost = unreadable_fragments(catalog)
    with open_readonly(catalog) as connection:
        kept = [name for name in named_fragments(connection) if name not in lost]
        texts = keys_in(connection.execute(WORDED).fetchnumpy())
    have, _ = unique(Fragments(catalog, kept).keys())
    lacking = texts[positions(have, texts) < 0] if len(have) else texts
    if not lost and not len(lacking):
        return Repair(0, [])
    notify(f"re-reading {format_number_of(len(lacking), 'text')} for new signatures")
    made, gone = signatures_anew(catalog, lacking, workers)
    with write_transaction(catalog) as connection:
        with_incoming(connection, "delete from store.fragments where fragment in (from incoming)", {"fragment": lost})
        for fragment in made:
            name_fragment(connection, fragment)
        rows = fetch_rows_with_incoming(connection, _GONE, key_columns(gone)) if len(gone) else []
    with open_readonly(catalog) as connection:
        sweep(catalog, connection)
    return Repair(len(lacking) - len(gone), rows)
