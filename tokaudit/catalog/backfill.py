"""Adding counts of another tokenizer, or labels, to files in the catalog; other rows stay as they are."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tokaudit.catalog.backfill_commit import (
    Backfill,
    add_labels,
    add_tokens,
    backfill_refusal,
    first_files,
    number_documents,
)
from tokaudit.catalog.buffer import CommitPace
from tokaudit.catalog.connection import write_transaction
from tokaudit.core.batches import BackfillBatch, label_bytes
from tokaudit.core.errors import InputError


class BackfillBuffer:
    """Documents that were counted since the last commit. No SQL."""

    def __init__(self) -> None:
        self._open: list[Backfill] = []  # of a file that is not complete
        self._whole: list[Backfill] = []
        self._bytes = 0
        self._pace = CommitPace()

    def add(self, counted: Backfill, *, ends: bool) -> None:
        """Add documents; their files are complete if this `ends` them."""
        self._open.append(counted)
        batch = counted.batch
        self._bytes += 0 if batch is None else int(batch.bytes.sum()) + label_bytes([batch])
        if ends:
            self._whole += self._open
            self._open = []

    def is_due(self) -> bool:
        """Whether it is time for a commit; to be asked between files."""
        return self._pace.is_due(self._bytes)

    def take_whole(self) -> list[Backfill]:
        """The documents of complete files, to be committed; they no longer wait here."""
        self._pace.start_commit()
        whole, self._whole, self._bytes = self._whole, [], 0
        return whole


class BackfillWriter:
    """Adds token counts and labels, whole files per transaction.

    The caller holds `exclusive_writer`, and calls `flush` at the end.

    Args:
        catalog: the DuckDB file.
        tokenizers: tokenizer name -> its number in the catalog.
        labels: labels to read, as NAME=FIELD.
    """

    def __init__(self, catalog: Path, tokenizers: Mapping[str, int], labels: Sequence[str]) -> None:
        self._catalog = catalog
        self._tokenizers = dict(tokenizers)
        self._labels = labels
        self._buffer = BackfillBuffer()

    def add(
        self,
        files: Sequence[tuple[int, str]],
        tokenizers: frozenset[str],
        batch: BackfillBatch | None,
        documents: Sequence[int],
        *,
        rereads_labels: bool,
        ends: bool,
    ) -> None:
        """Add documents of some files, all counted with these tokenizers.

        Args:
            files: number and path of each file; only one, if this does not end it.
            tokenizers: names of the tokenizers.
            batch: the documents, in the files' order; None if there are none.
            documents: number of documents of each file.
            rereads_labels: whether their labels replace those in the catalog.
            ends: whether the files are complete now.
        """
        numbers, paths = zip(*files, strict=True)
        self._buffer.add(Backfill(numbers, paths, tokenizers, documents, batch, rereads_labels), ends=ends)
        if ends and self._buffer.is_due():
            self.flush()

    def flush(self) -> None:
        """Commit the complete files, up to the first that is refused.

        Raises:
            InputError: a file does not contain exactly the texts that were counted before, or a text can't be counted.
        """
        whole = self._buffer.take_whole()
        if not whole:
            return
        with write_transaction(self._catalog) as connection:
            documents = number_documents(connection, whole)
            refused = backfill_refusal(connection, whole, documents)
            taken = whole if refused is None else first_files(whole, refused[0])
            for name, number in self._tokenizers.items():
                add_tokens(connection, taken, documents, name, number)
            add_labels(connection, taken, documents, self._labels)
        if refused is not None:
            raise InputError(refused[1])
