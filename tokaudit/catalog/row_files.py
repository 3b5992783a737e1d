"""Parquet files next to a catalog with rows that are not in its file, and the views that contain both.

The rows of documents, their token counts and their labels are in tables ``store.…_here``, or in these row files. Each
file has the rows of the documents of one part: of `PART_DOCUMENTS` numbers in a row, sorted, so that statistics of row
groups prune. It is written once and never changed; its name is the hash of its content. Statements read the views
``store.documents``, ``store.token_counts`` and ``store.labels``; only writers name the tables.

A file that ``store.row_files`` does not name is never read, and the next writer removes it. The views have absolute
paths. Where there are row files, the variable `PARTS_VARIABLE` of a connection replaces the folder. New counts and
labels are first in the tables. If rows are to go, the others of their file are taken back first (`take_back`), so that
forgotten rows are gone from the disk, too.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from tokaudit.catalog.layout import parts_folder
from tokaudit.catalog.shipped_views import shipped_digest
from tokaudit.catalog.statements import fetch_rows
from tokaudit.catalog.stored_file import hash_of, size_of
from tokaudit.core.errors import CatalogError

VERSION: Final = 1
"""Version of the columns; to be raised with every change of `COLUMNS`."""
PART_DOCUMENTS: Final = 2_000_000
"""Numbers of documents per part. A part is written in one transaction, which takes some three seconds."""
COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "documents": {
        "document": "Number of the document in the catalog. It means nothing outside.",
        "file": "Number of its file: store.files has the path.",
        "ordinal": "Place of the record in its file, from 0.",
        "offset": "First byte of the record in the uncompressed file. Null if unknown.",
        "bytes": "UTF-8 bytes of the text as counted.",
        "words": "Words of the text.",
        "key_hi": "Upper 64 bits of the hash of the text.",
        "key_lo": "Lower 64 bits of the hash of the text.",
        "bytes_repeated_inside": "Bytes of lines or paragraphs that occurred in the document before. Null if unknown.",
    },
    "token_counts": {
        "document": "Number of the document.",
        "tokenizer": "Number of the tokenizer: store.tokenizers has its name.",
        "tokens": "Tokens of the document.",
    },
    "labels": {
        "document": "Number of the document.",
        "name": "Name of the label.",
        "value": "Its value, as text.",
    },
}
"""For each kind of row, its columns and what they contain. DuckDB and the metadata of each file have these words."""
PARTS_VARIABLE: Final = "tokaudit_parts"
"""Variable of a connection that says where the folder next to the catalog is; without it, the recorded place holds."""

NEXT_DOCUMENT: Final = """
select coalesce(greatest((select max(document) from store.documents_here),
                         (select max(last_document) from store.row_files)) + 1, 0)"""
"""The number of the next document, without a look into a row file."""

_NAME: Final = re.compile(r"[0-9a-f]{32}\.rows\.parquet")


@dataclass(frozen=True, slots=True)
class RowFile:
    """A row file as the catalog records it; the fields are the columns of ``store.row_files``."""

    contents: str
    part: int
    name: str
    rows: int
    bytes: int
    xxh3: str
    first_document: int
    last_document: int
    version: int

    def path(self, catalog: Path) -> Path:
        """Where it lies."""
        return parts_folder(catalog) / self.contents / self.name


def row_files(connection: duckdb.DuckDBPyConnection) -> list[RowFile]:
    """The row files that the catalog relies on, by contents and part."""
    return [RowFile(**row) for row in fetch_rows(connection, "from store.row_files order by contents, part")]


def row_folders(catalog: Path) -> list[Path]:
    """The folders of row files, which may be missing: one for each kind of row."""
    return [parts_folder(catalog) / contents for contents in COLUMNS]


def has_row_folders(catalog: Path) -> bool:
    """Whether there may be row files next to a catalog."""
    return any(folder.is_dir() for folder in row_folders(catalog))


def found_row_files(catalog: Path) -> list[Path]:
    """The files next to a catalog that may be row files, whether it names them or not. No links."""
    folders = [folder for folder in row_folders(catalog) if folder.is_dir()]
    return [
        file
        for folder in folders
        for file in sorted(folder.iterdir())
        if _NAME.fullmatch(file.name) and file.is_file() and not file.is_symlink()
    ]


def say_where(connection: duckdb.DuckDBPyConnection, catalog: Path) -> None:
    """Tell a connection where the row files of its catalog are: it may have been moved since they were recorded."""
    connection.execute(f"set variable {PARTS_VARIABLE} = {quoted(str(parts_folder(catalog)))}")


def second_connection(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Another connection to the same open catalog, which finds its row files in the same place."""
    second, folder = connection.cursor(), _folder(connection)
    second.execute(f"set variable {PARTS_VARIABLE} = {quoted(folder)}")
    return second


def check_row_files(connection: duckdb.DuckDBPyConnection, catalog: Path) -> None:
    """Check that the row files lie next to the catalog, each with its size. It costs one look at each.

    Raises:
        CatalogError: the folder is missing, or some of its files are.
    """
    lost = [file.path(catalog) for file in row_files(connection) if size_of(file.path(catalog)) != file.bytes]
    _refuse(catalog, lost, "missing or cut off")


def check_hashes(connection: duckdb.DuckDBPyConnection, catalog: Path) -> None:
    """Read all row files and compare them with their hashes.

    Raises:
        CatalogError: a file is missing or damaged.
    """
    _refuse(catalog, damaged_row_files(connection, catalog), "damaged")


def damaged_row_files(connection: duckdb.DuckDBPyConnection, catalog: Path) -> list[Path]:
    """The row files whose content is another than when they were written; all are read."""
    return [file.path(catalog) for file in row_files(connection) if hash_of(file.path(catalog)) != file.xxh3]


def _refuse(catalog: Path, lost: Sequence[Path], how: str) -> None:
    if not lost:
        return
    folder = parts_folder(catalog)
    if not folder.is_dir():
        raise CatalogError(
            f"{folder}: the folder with rows of {catalog.name} is missing; if the catalog was moved or copied without"
            " it, bring it here under this name; else restore a backup of both"
        )
    files = "1 file" if len(lost) == 1 else f"{len(lost):,} files"
    raise CatalogError(
        f"{folder}: {files} with rows of {catalog.name} {how}, such as {lost[0].relative_to(folder)}; restore it from"
        " a backup"
    )


def quoted(text: str) -> str:
    """The text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def column_list(contents: str) -> str:
    """The columns of a kind of row, as a list in SQL."""
    return ", ".join(f'"{column}"' for column in COLUMNS[contents])


def renew_row_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the views of the rows anew if other files, another place or other columns than they have are recorded.

    To be called inside the transaction that changes ``store.row_files``.
    """
    files = row_files(connection)
    sql = "\n".join(_view(contents, files, _folder(connection)) for contents in COLUMNS)
    digest = shipped_digest(sql.encode())
    if connection.execute("select sha256 from store.shipped where name = 'rows'").fetchall() != [(digest,)]:
        connection.execute(sql)
        connection.execute("insert or replace into store.shipped (name, sha256) values ('rows', ?)", [digest])


def _folder(connection: duckdb.DuckDBPyConnection) -> str:
    """The folder next to the catalog that the connection is to; empty for a catalog that is in no file."""
    ((folder,),) = connection.execute(f"select getvariable('{PARTS_VARIABLE}')").fetchall()
    return folder or ""


def _view(contents: str, files: Sequence[RowFile], folder: str) -> str:
    """The statements that make the view of a kind of row, and its comments."""
    columns, view = column_list(contents), f"store.{contents}"
    paths = ", ".join(path_in_sql(file, folder) for file in files if file.contents == contents)
    moved = f" union all select {columns} from {parquet(paths)}" if paths else ""
    comments = (
        f'comment on column {view}."{name}" is {quoted(comment)};' for name, comment in COLUMNS[contents].items()
    )
    where = f"Rows here, in {view}_here, and in Parquet files, which store.row_files lists."
    return "\n".join(
        (
            f"create or replace view {view} as select {columns} from {view}_here{moved};",
            f"comment on view {view} is {quoted(where)};",
            *comments,
        )
    )


def path_in_sql(file: RowFile, folder: str) -> str:
    """An expression for the path of a row file: in the folder of `PARTS_VARIABLE`, else in this one."""
    return f"coalesce(getvariable('{PARTS_VARIABLE}'), {quoted(folder)}) || '/{file.contents}/{file.name}'"


def parquet(paths: str) -> str:
    """What reads Parquet files of one kind of row, from expressions for their paths."""
    return f"read_parquet([{paths}], hive_partitioning = false)"
