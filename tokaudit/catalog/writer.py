"""Writing to the catalog: whole files, many small ones per transaction, huge ones staged in parts."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tokaudit.catalog.buffer import CommitBuffer
from tokaudit.catalog.commit import (
    finish_files,
    insert_bad_records,
    insert_documents,
    insert_files,
    insert_omitted,
    name_fragment,
)
from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.delete import delete_files
from tokaudit.catalog.fragment import write_fragment
from tokaudit.catalog.most_texts import check_capacity
from tokaudit.core.batches import BadRecord, MeasuredBatch, Omitted, TextOrigin
from tokaudit.readers.files import InputFile


class CatalogWriter:
    """Adds the files of one source to a catalog. The caller holds `exclusive_writer`, and calls `flush` at the end.

    Args:
        catalog: the DuckDB file.
        source: name of the source, which is in the catalog.
        ingest: number of the ingest.
        tokenizers: tokenizer name -> its number in the catalog.
        labels: labels that files are read with, as NAME=FIELD.
    """

    def __init__(
        self, catalog: Path, source: str, ingest: int, tokenizers: Mapping[str, int], labels: Sequence[str] = ()
    ) -> None:
        self._catalog = catalog
        self._source = source
        self._ingest = ingest
        self._tokenizers = dict(tokenizers)
        self._labels = labels
        self._buffer = CommitBuffer()
        self._broken_off = False

    def begin(
        self, file: InputFile, content: str, reader: str, replaces: int | None, *, checked: bool | None = None
    ) -> None:
        """Start a file; `replaces` is the number of its old rows, which are removed when the new ones are complete."""
        self._buffer.begin(file, content, reader, replaces, checked=checked)

    def add(
        self,
        batch: MeasuredBatch | None,
        documents: Sequence[int],
        bad: Iterable[tuple[int, BadRecord]] = (),
        omitted: Iterable[tuple[int, Omitted]] = (),
        origins: Sequence[TextOrigin] = (),
        *,
        ends: bool = True,
    ) -> None:
        """Add what was read of the files that are started and not complete; see `CommitBuffer.add`."""
        self._buffer.add(batch, documents, bad, omitted, origins, ends=ends)
        if self._buffer.is_due(ends=ends):
            self.flush()

    def refuse_unfinished(self) -> None:
        """Drop files that are started and not complete, with their staged parts; complete files are kept."""
        staged = self._buffer.drop_unfinished()
        if staged:
            with write_transaction(self._catalog) as connection:
                delete_files(connection, staged)

    def flush(self) -> None:
        """Commit what waits: first a synced fragment, then one transaction that names it.

        A flush that broke off is not tried again: its transaction may be committed or not, which can't be known here.

        Raises:
            InputError: the catalog would have more texts than can be grouped; nothing of this flush is in it.
        """
        buffer = self._buffer
        if not buffer.start_commit() or self._broken_off:
            return
        self._broken_off = True
        texts = buffer.texts_with_words()
        fragment = write_fragment(self._catalog, *texts) if len(texts[0]) else None
        with write_transaction(self._catalog) as connection:
            check_capacity(connection, buffer.documents, len(texts[0]))
            insert_files(connection, buffer, self._source, self._ingest)
            insert_bad_records(connection, buffer)
            insert_omitted(connection, buffer)
            insert_documents(connection, buffer, self._tokenizers)
            finish_files(connection, buffer, self._tokenizers, self._labels)
            if fragment is not None:
                name_fragment(connection, fragment)
        buffer.committed()
        self._broken_off = False
