"""Taking rows out of Parquet files back into the catalog's file, because other rows of these files are to go."""

from collections.abc import Sequence
from typing import Final

import duckdb

from tokaudit.catalog.row_files import (
    PART_DOCUMENTS,
    column_list,
    parquet,
    path_in_sql,
    renew_row_views,
    row_files,
)
from tokaudit.catalog.statements import fetch_rows_with_incoming, with_incoming

_OF_FILES: Final = "select document from store.documents semi join incoming using (file)"
_AFFECTED: Final = f"""
select distinct r.name from store.row_files r join ({_OF_FILES}) d
on d.document between r.first_document and r.last_document and d.document // $documents = r.part
where r.contents = $contents"""


def take_back(connection: duckdb.DuckDBPyConnection, contents: str, files: Sequence[int]) -> None:
    """Take back the rows of one kind from all row files that have such rows of these input files, except these rows.

    So the rows of the input files that are left are in the table ``store.…_here``, from which the caller deletes them.
    The row files are named no more; `delete.sweep` removes them. Nothing happens if none is affected.

    Args:
        connection: inside a transaction, with the rows of the input files in ``store.documents``.
        contents: kind of row.
        files: numbers of the input files.
    """
    known = [file for file in row_files(connection) if file.contents == contents]
    if not known:
        return
    incoming = {"file": files}
    asked = {"contents": contents, "documents": PART_DOCUMENTS}
    names = {row["name"] for row in fetch_rows_with_incoming(connection, _AFFECTED, incoming, asked)}
    columns = column_list(contents)
    for file in known:
        if file.name in names:
            rows = parquet(path_in_sql(file, ""))
            with_incoming(
                connection,
                f"insert into store.{contents}_here ({columns}) select {columns} from {rows}"
                f" anti join ({_OF_FILES}) using (document)",
                incoming,
            )
    if names:
        with_incoming(
            connection, "delete from store.row_files where name in (select name from incoming)", {"name": sorted(names)}
        )
        renew_row_views(connection)
