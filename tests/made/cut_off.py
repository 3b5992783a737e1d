"""A catalog as an ingest leaves it that was cut off."""

from pathlib import Path
from typing import Final

from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.delete import delete_files
from tokaudit.catalog.exclusive_writer import exclusive_writer

CATALOG: Final = Path("tokaudit.duckdb")


def cut_off(source: str, file: str) -> None:
    """Leave the catalog as if the last ingest of the source had been cut off before it read this file."""
    with exclusive_writer(CATALOG), write_transaction(CATALOG) as connection:
        rows = connection.execute("select file from store.files where path like ?", [f"%{file}"]).fetchall()
        delete_files(connection, [number for (number,) in rows])
        connection.execute(
            "update store.ingests set finished = null where source = ?"
            " and ingest = (select max(ingest) from store.ingests where source = ?)",
            [source, source],
        )
