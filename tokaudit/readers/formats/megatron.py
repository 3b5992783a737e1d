"""Megatron stores: a ``.bin`` file of token ids, and an ``.idx`` file that says where its documents are."""

from collections.abc import Iterator
from typing import Final

from tokaudit.core.batches import Found
from tokaudit.readers.faults import yields_faults
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.stores.megatron_index import MegatronIndex
from tokaudit.readers.stores.stores import StoreReader, id_batches, vocabulary_of


class Megatron(StoreReader):
    """Reads the documents of the document index, each of one or more sequences."""

    doubtful_suffixes = (".bin",)
    index_suffix = ".idx"

    def may_begin(self, head: bytes) -> bool:
        """Whether this may be ids: text without a zero byte is not."""
        return not head.isascii() or b"\0" in head

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield the documents, or why they can't be read. A store has no fields, so there are no labels."""
        vocabulary = vocabulary_of(file, options)
        found = self.index_beside(file)
        with found.open() as opened, file.open() as stream:
            index = MegatronIndex(opened, found.name, found.size)
            index.check(file.size)
            yield from id_batches(stream, index.dtype, index.document_ends(), vocabulary, options)


READER: Final = Megatron()
