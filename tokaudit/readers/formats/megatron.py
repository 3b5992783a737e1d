"""Megatron stores: a ``.bin`` file of token ids, and an ``.idx`` file that says where its documents are."""

from collections.abc import Iterator
from typing import Final

from tokaudit.core.batches import Found
from tokaudit.readers.faults import FileFault, yields_faults
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.paths.partners import index_of
from tokaudit.readers.stores.megatron_index import MegatronIndex
from tokaudit.readers.stores.stores import StoreReader, id_batches, vocabulary_of

_SUFFIX: Final = ".bin"


class Megatron(StoreReader):
    """Reads the documents of the document index, each of one or more sequences."""

    doubtful_suffixes = (_SUFFIX,)

    def partners(self, name: str) -> tuple[str, ...]:
        """The index."""
        return (name[: -len(_SUFFIX)] + ".idx",) if name.lower().endswith(_SUFFIX) else ()

    def may_begin(self, head: bytes) -> bool:
        """Whether this may be ids: text without a zero byte is not."""
        return not head.isascii() or b"\0" in head

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield the documents, or why they can't be read. A store has no fields, so there are no labels."""
        vocabulary = vocabulary_of(file, options)
        names = self.partners(file.name)
        if not names:
            raise FileFault("no_index", f"its name does not end in {_SUFFIX}, so the name of its index is unknown")
        found = index_of(file, names[0])
        with found.open() as opened, file.open() as stream:
            index = MegatronIndex(opened, found.name, found.size)
            index.check(file.size)
            yield from id_batches(stream, index.dtype, index.document_ends(), vocabulary, options)


READER: Final = Megatron()
