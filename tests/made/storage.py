"""The storage version of DuckDB files: read out of the header, and catalogs written in another."""

import struct
from pathlib import Path

import duckdb


def storage_version(file: Path) -> tuple[int, int]:
    """What the header says: number of the storage format, and of the oldest DuckDB that reads what is written now.

    A DuckDB file begins with three blocks of 4096 bytes, each with a check sum of 8 bytes. The main header has ``DUCK``
    and the format's number (65 for DuckDB 1.2). The two database headers, of which that with the higher iteration
    counts, have seven numbers: the last is the serialization version (4 for DuckDB 1.2). See `MainHeader` and
    `DatabaseHeader` in ``src/include/duckdb/storage/storage_info.hpp`` and ``src/storage/version_map.json`` of DuckDB.
    """
    with file.open("rb") as opened:
        head = opened.read(3 * 4096)
    (magic, number) = struct.unpack_from("<4sQ", head, 8)
    assert magic == b"DUCK"
    (*_, serialization) = max(struct.unpack_from("<7Q", head, 4096 * place + 8) for place in (1, 2))
    return number, serialization


def written_as(version: str, catalog: Path, to: Path) -> Path:
    """Copy a catalog into a new file of another storage version, such as ``latest``."""
    with duckdb.connect() as connection:
        connection.execute("attach ? as old (read_only)", [str(catalog)])
        connection.execute(f"attach ? as new (storage_version '{version}')", [str(to)])
        connection.execute("copy from database old to new")
    return to
