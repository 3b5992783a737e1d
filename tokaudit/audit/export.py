"""The documents that count over a whole catalog, and the others with their kept copy, as Parquet files."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tokaudit import __version__
from tokaudit.audit.export_rows import ExportedFields, export_rows, export_schema, exported_fields
from tokaudit.catalog.completeness import completeness
from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.statements import fetch_rows
from tokaudit.core.errors import UsageError
from tokaudit.core.new_files import check_new, whole_files, write_errors
from tokaudit.core.rows import Row
from tokaudit.core.units import format_number_of
from tokaudit.measure.fingerprints.minhash import BANDS, BINS, THRESHOLD

COLUMNS: Final = ("export", "documents", "tokenizer", "tokens", "path")
"""Columns of what was written, as a table."""
METADATA_KEY: Final = b"tokaudit"
"""Key of the JSON document in a file's metadata that says what the file is."""

_UNIQUE: Final = {
    "exact": "the same text, byte for byte in UTF-8",
    "near": f"Jaccard similarity of the sets of 5-word shingles of at least {THRESHOLD}",
    "candidates": f"MinHash, {BINS} bins in {BANDS} bands",
    "groups": "connected components",
    "kept": "the least source, path below the ingested folder, and ordinal",
}
"""What duplicates are, and which of them counts."""

_NO_GROUPS: Final = "the catalog contains no counts yet; run `tokaudit ingest PATH --domain NAME`"


@dataclass(slots=True)
class ExportedFile:
    """A file that was written.

    Attributes:
        path: where it is.
        documents: its rows.
        tokens: tokenizer -> the tokens of its documents.
        uncounted: tokenizer -> its documents that are not counted with it; without tokenizers that have none.
    """

    path: Path
    documents: int = 0
    tokens: dict[str, int] = field(default_factory=dict)
    uncounted: dict[str, int] = field(default_factory=dict)

    def document(self) -> Row:
        """The file as JSON says it."""
        return {"path": str(self.path), "documents": self.documents, "tokens": self.tokens}


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        kept: the file of the documents that count; None if it was not asked for.
        dropped: the file of the others; None likewise.
        complete: whether the catalog's numbers are final and of all the input.
        warnings: a sentence for each reason why not, and for documents without a count.
    """

    kept: ExportedFile | None
    dropped: ExportedFile | None
    complete: bool
    warnings: tuple[str, ...]

    def document(self) -> Row:
        """The answer as one JSON document."""
        files = {name: file and file.document() for name, file in (("kept", self.kept), ("dropped", self.dropped))}
        return {**files, "complete": self.complete, "warnings": list(self.warnings)}

    def rows(self) -> list[Row]:
        """One row per file and tokenizer, with the columns `COLUMNS`."""
        return [
            {"export": name, "documents": file.documents, "tokenizer": of, "tokens": tokens, "path": str(file.path)}
            for name, file in (("kept", self.kept), ("dropped", self.dropped))
            if file is not None
            for of, tokens in file.tokens.items()
        ]

    def summary(self) -> str:
        """What was written, in one sentence."""
        parts = []
        if self.kept:
            counts = "counts" if self.kept.documents == 1 else "count"
            parts.append(f"{format_number_of(self.kept.documents, 'document')} that {counts}")
        if self.dropped:
            do = "does" if self.dropped.documents == 1 else "do"
            parts.append(f"{format_number_of(self.dropped.documents, 'document')} that {do} not")
        return f"Wrote {' and '.join(parts)}."


def export(catalog: Path, kept: Path | None = None, dropped: Path | None = None, *, force: bool = False) -> Exported:
    """Write the documents that count over the whole catalog, and the others, as Parquet files without the texts.

    Both have one row per document in the order of source, path below the ingested folder, and ordinal. The bytes depend
    on nothing but what is counted and on the versions of tokaudit and PyArrow. Both files are written, or neither.

    Args:
        catalog: the DuckDB file.
        kept: the file of the documents that count; None: not written.
        dropped: the file of the others, likewise.
        force: whether files that exist are replaced.

    Raises:
        UsageError: no file is named, both are the same, one is the catalog or a folder, one exists and ``force`` is not
            set, or nothing is counted.
        InputError: a file can't be written.
        CatalogError: the catalog can't be read.
    """
    asked = {name: file for name, file in (("kept", kept), ("dropped", dropped)) if file is not None}
    if not asked:
        raise UsageError("export: names no file; give --kept FILE, --dropped FILE or both")
    check_new({f"--{name}": place for name, place in asked.items()}, catalog, force=force)
    written = {name: ExportedFile(file) for name, file in asked.items()}
    with open_readonly(catalog) as connection:
        fields = exported_fields(connection)
        if not fields.tokenizers:
            raise UsageError(_NO_GROUPS)
        complete, notes = completeness(connection)
        about = _about(connection, complete, notes)
        with whole_files({f"--{name}": place for name, place in asked.items()}) as streams:
            for (name, file), stream in zip(written.items(), streams, strict=True):
                _write(connection, fields, about | {"documents": name}, file, stream)
    lacking = tuple(_uncounted(written))
    return Exported(written.get("kept"), written.get("dropped"), complete, (*notes, *lacking))


def _about(connection: duckdb.DuckDBPyConnection, complete: bool, notes: tuple[str, ...]) -> Row:
    """What the files say about themselves; no time, so that the same catalog gives the same bytes."""
    tokenizers = "select name, vocabulary_sha256 from store.tokenizers order by tokenizer"
    return {
        "tokaudit": __version__,
        "deduplicated": "the whole catalog",
        "unique": _UNIQUE,
        "tokenizers": fetch_rows(connection, tokenizers),
        "complete": complete,
        "warnings": list(notes),
    }


def _write(
    connection: duckdb.DuckDBPyConnection,
    fields: ExportedFields,
    about: Mapping[str, Any],
    file: ExportedFile,
    stream: BinaryIO,
) -> None:
    counts = about["documents"] == "kept"
    schema = export_schema(fields, counts=counts)
    described = schema.with_metadata({METADATA_KEY: json.dumps(about, ensure_ascii=False).encode()})
    file.tokens = dict.fromkeys(fields.tokenizers, 0)
    option = f"--{about['documents']}"
    with write_errors(option, file.path), pq.ParquetWriter(stream, described, compression="zstd") as writer:
        for table in export_rows(connection, fields, counts=counts):
            writer.write_table(table, row_group_size=len(table))
            _add(file, table)


def _add(file: ExportedFile, table: pa.Table) -> None:
    file.documents += len(table)
    for name, counts in zip(file.tokens, table.column("tokens").flatten(), strict=True):
        file.tokens[name] += pc.sum(counts).as_py() or 0
        if counts.null_count:
            file.uncounted[name] = file.uncounted.get(name, 0) + counts.null_count


def _uncounted(written: Mapping[str, ExportedFile]) -> Iterator[str]:
    names = dict.fromkeys(name for file in written.values() for name in file.uncounted)
    for name in names:
        number = sum(file.uncounted.get(name, 0) for file in written.values())
        which = f"{format_number_of(number, 'document')} {'is' if number == 1 else 'are'}"
        yield f"{which} not counted with tokenizer {name!r} and {'has' if number == 1 else 'have'} no tokens of it"
