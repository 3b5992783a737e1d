"""What differs between each duplicate and the document that counts in its place: both texts are read again."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import duckdb

from tokaudit.audit.answer import Answer
from tokaudit.audit.counted_texts import Place, changed, read_counted
from tokaudit.audit.word_diff import word_diff
from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.counted_files import CountedFile, files_at
from tokaudit.catalog.statements import fetch_rows_with_incoming
from tokaudit.core.arrow import text_column
from tokaudit.core.errors import InputError
from tokaudit.core.rows import Row
from tokaudit.core.store_readers import STORE_READERS

SECONDS: Final = 60.0
"""Time after which no further texts are read and compared."""
_TOGETHER: Final = 50
"""Pairs whose texts are in memory at once."""
_MOST: Final = 200_000
"""Characters of each text that are compared."""
_PLACES: Final = """
select i.path, i.ordinal, d.file, d."offset", d.key_hi, d.key_lo
from incoming i join store.whole f using (path) join store.documents d on d.file = f.file and d.ordinal = i.ordinal
"""
_READERS: Final = "select path, reader from store.whole semi join incoming using (path)"

_SAME: Final = "exact duplicates: nothing differs"
_SAME_IDS: Final = "exact duplicates: the token ids were compared, and none differs"

Document = tuple[str, int]
"""Path and ordinal."""


def with_diffs(
    catalog: Path, answer: Answer, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
) -> Answer:
    """The answer of `duplicates` with the columns ``diff`` and ``diff_note``.

    ``diff`` has the places where the texts differ, as `word_diff` writes them; None if they were not compared.
    ``diff_note`` says why, or what is not shown; None if there is nothing to say.

    Raises:
        CatalogError: the catalog can't be read.
    """
    ends = clock() + seconds
    rows: list[Row] = []
    for begin in range(0, len(answer.rows), _TOGETHER):
        if clock() > ends:
            break
        rows += _compared(catalog, answer.rows[begin : begin + _TOGETHER], lambda: clock() > ends)
    late = {"diff": None, "diff_note": f"not compared: the time of {seconds:g} s is over; a lower --limit reads less"}
    rows += [{**row, **late} for row in answer.rows[len(rows) :]]
    return replace(answer, columns=(*answer.columns, "diff", "diff_note"), rows=rows)


def _compared(catalog: Path, rows: Sequence[Row], over: Callable[[], bool]) -> list[Row]:
    """The rows with their differences, up to the one at which the time is over."""
    near = [row for row in rows if row["kind"] != "exact"]
    texts = _texts(catalog, {document for row in near for document in _documents(row)})
    stores = _stores(catalog, rows)
    found: list[Row] = []
    for row in rows:
        if over():
            break
        if row["kind"] != "exact":
            diff, note = _difference(*(texts[each] for each in _documents(row)))
        else:
            diff, note = "", _SAME_IDS if row["path"] in stores else _SAME
        found.append({**row, "diff": diff, "diff_note": note})
    return found


def _stores(catalog: Path, rows: Iterable[Row]) -> set[str]:
    """The paths of the rows that are stores of token ids."""
    wanted = {"path": text_column(sorted({row["path"] for row in rows if row["kind"] == "exact"}))}
    with open_readonly(catalog) as connection:
        found = fetch_rows_with_incoming(connection, _READERS, wanted)
    return {row["path"] for row in found if row["reader"] in STORE_READERS}


def _difference(one: str | InputError, other: str | InputError) -> tuple[str | None, str | None]:
    """``diff`` and ``diff_note`` for a duplicate and the document that counts in its place."""
    if isinstance(one, InputError) or isinstance(other, InputError):
        return None, "; ".join(str(each) for each in (one, other) if isinstance(each, InputError))
    diff, note = word_diff(other[:_MOST], one[:_MOST])
    cut = f"only the first {_MOST:,} characters are compared" if max(len(one), len(other)) > _MOST else ""
    return diff, "; ".join(filter(None, [cut, note])) or None


def _documents(row: Row) -> tuple[Document, Document]:
    """The duplicate, and the document that counts in its place."""
    return (row["path"], row["ordinal"]), (row["kept_path"], row["kept_ordinal"])


def _texts(catalog: Path, documents: Iterable[Document]) -> dict[Document, str | InputError]:
    """The beginnings of the texts, or why one can't be read any more."""
    wanted = sorted(documents)
    if not wanted:
        return {}
    with open_readonly(catalog) as connection:
        places, files = _places(connection, wanted)
    found: dict[Document, str | InputError] = {}
    for file in files:
        try:
            texts = read_counted(file, places[file.number], _MOST + 1)
        except InputError as error:
            found |= {(file.path, ordinal): error for ordinal in places[file.number]}
            continue
        for ordinal in places[file.number]:
            found[file.path, ordinal] = texts[ordinal] if ordinal in texts else changed(file, ordinal)
    return found


def _places(
    connection: duckdb.DuckDBPyConnection, documents: Sequence[Document]
) -> tuple[Mapping[int, dict[int, Place]], list[CountedFile]]:
    """Where the documents are, by number of their file and ordinal; and these files."""
    incoming = {"path": text_column([path for path, _ in documents]), "ordinal": [ordinal for _, ordinal in documents]}
    places: dict[int, dict[int, Place]] = defaultdict(dict)
    for row in fetch_rows_with_incoming(connection, _PLACES, incoming):
        places[row["file"]][row["ordinal"]] = Place(row["offset"], (row["key_hi"], row["key_lo"]))
    return places, files_at(connection, list(places))
