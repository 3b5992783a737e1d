"""Comparing the files of a catalog with what they contain now: read and hashed again, and not tokenized."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

import xxhash

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.counted_files import CountedFile, counted_files
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.layout import parts_folder
from tokaudit.catalog.row_files import damaged_row_files, has_row_folders
from tokaudit.catalog.signatures import lost_fragments, unreadable_fragments
from tokaudit.core.errors import UsageError
from tokaudit.core.ordered_map import ordered_map
from tokaudit.core.progress import ProgressListener
from tokaudit.core.rows import Row
from tokaudit.core.token_ids import TokenIds
from tokaudit.core.units import format_bytes, format_number_of
from tokaudit.dedup.repair_signatures import repair_signatures
from tokaudit.pipeline.compared_file import ComparedFile, compare_file
from tokaudit.pipeline.find_tokenizer import store_vocabularies
from tokaudit.pipeline.groups import update_groups
from tokaudit.pipeline.known_documents import MOST_AT_ONCE, known_documents

COLUMNS: Final = ("source", "path", "ordinal", "kind", "why")
_TOGETHER_BYTES: Final = 32_000_000
"""Small files are compared together until they have this many bytes, as each question to the catalog takes a while."""
_TOGETHER_FILES: Final = 2_000


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What became of the comparison.

    Attributes:
        differences: rows of the columns `COLUMNS`, by file.
        files: number of files of the source, or of all.
        bytes: their stored bytes when they were counted.
        files_verified, bytes_verified: the same of the files that were compared.
        documents_verified: number of documents that were compared.
        share: the share of the files that was asked for.
        unverified: rows of ``path`` and ``why``: chosen files about which nothing can be said.
        signatures_made: number of texts whose signatures were made anew.
    """

    differences: list[Row]
    files: int
    bytes: int
    files_verified: int
    bytes_verified: int
    documents_verified: int
    share: float
    unverified: list[Row]
    signatures_made: int = 0

    @property
    def complete(self) -> bool:
        """Whether there is no difference, and no file that can't be verified."""
        return not self.differences and not self.unverified

    def document(self) -> Row:
        """The JSON document of ``tokaudit verify``."""
        return {
            "rows": self.differences,
            "files": self.files,
            "bytes": self.bytes,
            "files_verified": self.files_verified,
            "bytes_verified": self.bytes_verified,
            "documents_verified": self.documents_verified,
            "share": self.share,
            "unverified": self.unverified,
            "signatures_made": self.signatures_made,
            "complete": self.complete,
            "warnings": [],
        }

    def summary(self) -> Iterator[str]:
        """Sentences that say how much was compared, and what could not be."""
        if self.signatures_made:
            yield f"made the signatures of {format_number_of(self.signatures_made, 'text')} anew"
        files = f"{self.files_verified:,} of {format_number_of(self.files, 'file')}"
        stored = f"{format_bytes(self.bytes_verified)} of {format_bytes(self.bytes)}"
        documents = format_number_of(self.documents_verified, "document")
        sample = "" if self.share == 1 else f", a sample of {self.share:.3g}"
        found = format_number_of(len(self.differences), "difference") if self.differences else "no difference"
        yield f"verified {files} ({stored}{sample}) with {documents}: {found}"
        if self.unverified:
            first = self.unverified[0]
            files = format_number_of(len(self.unverified), "file")
            yield f"{files} can't be verified, such as {first['path']}: {first['why']}"


def repair(catalog: Path, workers: int, listener: ProgressListener) -> tuple[int, list[Row]]:
    """Make missing and damaged signatures anew, and group the duplicates of their texts again.

    Returns:
        The number of texts with new signatures, and a row of the columns `COLUMNS` for each file with texts that are
        gone.

    Raises:
        CatalogError: there is no catalog, or it can't be read or written.
    """
    with open_readonly(catalog):  # `exclusive_writer` would create one
        pass
    with exclusive_writer(catalog) as file:
        done = repair_signatures(file, workers, listener.note)
        update_groups(file, workers, listener.note)
    return done.made, [
        {
            **dict.fromkeys(COLUMNS),
            "source": row["source"],
            "path": row["path"],
            "kind": "signatures",
            "why": f"can't be read any more, and so without signatures: {format_number_of(row['texts'], 'text')};"
            " new texts are not compared with them",
        }
        for row in done.gone
    ]


def verify(catalog: Path, source: str | None, share: float, workers: int, listener: ProgressListener) -> VerifyResult:
    """Read files again and compare them with the catalog. Nothing is written.

    Signatures are compared with their check sums, too; with a share, only their sizes are looked at.

    Args:
        catalog: the DuckDB file.
        source: name of the source; None for all.
        share: share of the files to read, more than 0 and at most 1. The choice depends on the paths alone.
        workers: number of threads; each reads whole files.
        listener: hears how far it has come.

    Raises:
        UsageError: there is no such source, or the share is 0.
        CatalogError: the catalog can't be read.
    """
    if not share:
        raise UsageError("--sample: must be more than 0; write 0.1 or 10%")
    with open_readonly(catalog) as connection:
        files = counted_files(connection, source)
        chosen = sampled(files, share)
        vocabularies = store_vocabularies(connection, chosen, listener.note)
    stored = sum(file.size for file in chosen)
    listener.total(stored, float(stored))

    def compare(group: Sequence[CountedFile]) -> list[ComparedFile]:
        return list(_compared(catalog, group, vocabularies, listener))

    with ordered_map(compare, _groups(chosen), workers, workers) as done:
        found = list(chain.from_iterable(done))
    verified = [each for each in found if each.unverified is None]
    return VerifyResult(
        differences=[*_lost(catalog, share), *(row for each in found for row in each.differences)],
        files=len(files),
        bytes=sum(file.size for file in files),
        files_verified=len(verified),
        bytes_verified=sum(each.file.size for each in verified),
        documents_verified=sum(each.documents for each in verified),
        share=share,
        unverified=[{"path": each.file.path, "why": each.unverified} for each in found if each.unverified is not None],
    )


def _lost(catalog: Path, share: float) -> Iterator[Row]:
    """A row per file next to the catalog that is missing or damaged; of a sample, only names and sizes are looked at.

    If the size of a file of rows is wrong, or it is missing, the catalog can't be opened.
    """
    with open_readonly(catalog) as connection:
        damaged = damaged_row_files(connection, catalog) if share == 1 and has_row_folders(catalog) else []
    for file in damaged:
        place = {**dict.fromkeys(COLUMNS), "path": str(file)}
        yield {**place, "kind": "rows", "why": "is damaged; restore it from a backup"}
    for name in unreadable_fragments(catalog) if share == 1 else lost_fragments(catalog):
        place = {**dict.fromkeys(COLUMNS), "path": str(parts_folder(catalog) / name)}
        yield {**place, "kind": "signatures", "why": "is missing or damaged; run `tokaudit verify --repair`"}


def _compared(
    catalog: Path,
    group: Sequence[CountedFile],
    vocabularies: Mapping[int, TokenIds | UsageError],
    listener: ProgressListener,
) -> Iterator[ComparedFile]:
    def advance(stored: float, text: int, count: int) -> None:
        listener.advance(stored, 0, text, count, 0)

    for file, known in zip(group, known_documents(catalog, group), strict=True):
        with listener.working(file.path, ", being read"):
            yield compare_file(file, known, vocabularies.get(file.number), advance)


def sampled(files: Sequence[CountedFile], share: float) -> list[CountedFile]:
    """The share of the files, by the hashes of their paths; at least one, if there are any."""
    places = [xxhash.xxh3_64_intdigest(file.path.encode()) / 2**64 for file in files]
    most = max(share, min(places, default=0.0))
    return [file for file, place in zip(files, places, strict=True) if place <= most]


def _groups(files: Sequence[CountedFile]) -> Iterator[list[CountedFile]]:
    """The files in order, small ones together."""
    group: list[CountedFile] = []
    held = documents = 0
    for file in files:
        full = held + file.size > _TOGETHER_BYTES or documents + file.documents > MOST_AT_ONCE
        if group and (full or len(group) >= _TOGETHER_FILES):
            yield group
            group, held, documents = [], 0, 0
        group.append(file)
        held += file.size
        documents += file.documents
    if group:
        yield group
