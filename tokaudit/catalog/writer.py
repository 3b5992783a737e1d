"""Writing to the catalog: whole files, many small ones a transaction, a huge one staged in parts."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tokaudit.catalog.buffer import CommitBuffer
from tokaudit.catalog.commit import finish_files, insert_bad_records, insert_documents, insert_files, name_fragment
from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.delete import delete_files
from tokaudit.catalog.fragment import write_fragment
from tokaudit.core.batches import BadRecord, MeasuredBatch
from tokaudit.readers.files import InputFile


class CatalogWriter:
    """Adds the files of one source to a catalog. The caller holds `exclusive_writer`, and calls `flush` at the end.

    Args:
        catalog: the DuckDB file.
        source: name of the source, already in the catalog.
        ingest: number of the ingest.
        tokenizers: tokenizer name -> its number in the catalog.
        labels: those that files are read with, as NAME=FIELD.
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

    def begin(self, file: InputFile, content: str, reader: str, replaces: int | None) -> None:
        """Begin a file; `replaces` is the number of its old rows, dropped when the new ones are all in."""
        self._buffer.begin(file, content, reader, replaces)

    def add(
        self,
        batch: MeasuredBatch | None,
        documents: Sequence[int],
        bad: Iterable[tuple[int, BadRecord]] = (),
        *,
        ends: bool = True,
    ) -> None:
        """Add documents and bad records to the files that are begun and not all in; see `CommitBuffer.add`."""
        self._buffer.add(batch, documents, bad, ends=ends)
        if self._buffer.is_due(ends=ends):
            self.flush()

    def refuse_unfinished(self) -> None:
        """Forget what is begun and not all in, staged parts too; files finished before are kept."""
        staged = self._buffer.drop_unfinished()
        if staged:
            with write_transaction(self._catalog) as connection:
                delete_files(connection, staged)

    def flush(self) -> None:
        """Commit what waits: fragments first, synced, then one transaction that names them.

        A flush that was broken off is not tried again: its transaction is in or not, and nobody here knows which.
        """
        buffer = self._buffer
        if not buffer.start_commit() or self._broken_off:
            return
        self._broken_off = True
        texts = buffer.texts_with_words()
        fragment = write_fragment(self._catalog, *texts) if len(texts[0]) else None
        with write_transaction(self._catalog) as connection:
            insert_files(connection, buffer, self._source, self._ingest)
            insert_bad_records(connection, buffer)
            insert_documents(connection, buffer, self._tokenizers)
            finish_files(connection, buffer, self._tokenizers, self._labels)
            if fragment is not None:
                name_fragment(connection, fragment)
        buffer.committed()
        self._broken_off = False
