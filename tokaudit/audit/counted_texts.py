"""Texts of the catalog, read again from their files: only those that are still as they were counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from shlex import quote
from typing import Final

import numpy as np

from tokaudit.catalog.counted_files import CountedFile
from tokaudit.core.batches import IdBatch
from tokaudit.core.errors import InputError
from tokaudit.ingesters.cleaning import clean
from tokaudit.measure.fingerprints.exact import text_keys
from tokaudit.measure.token_ids import counted_ids, id_keys
from tokaudit.measure.tokenizers.decode import decode
from tokaudit.measure.tokenizers.ids import token_ids
from tokaudit.measure.tokenizers.protocol import Vocabulary
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.reread import read_ordinals

_BATCH_BYTES: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """A document in its file.

    Attributes:
        offset: first byte of the record in the uncompressed file; None if the format has no byte offsets.
        key: 128-bit hash of the text as counted, high and low half.
    """

    offset: int | None
    key: tuple[int, int]


def read_counted(file: CountedFile, places: Mapping[int, Place], most: int | None = None) -> dict[int, str]:
    """The texts as they were counted, by ordinal. A text that is no longer the one that was counted is not there.

    Args:
        file: the file of all of them.
        places: the documents, by ordinal.
        most: characters of each text to return; None: the whole text.

    Raises:
        InputError: the file is gone, or it can't be looked up.
    """
    now = _found(file)
    ordinals = np.array(sorted(places), np.int64)
    offsets = [places[ordinal].offset for ordinal in ordinals.tolist()]
    # In a file that has changed, the records may begin elsewhere.
    known = np.array(offsets, np.int64) if file.same(now) and None not in offsets else None
    found = {}
    for batch in read_ordinals(READERS.get(file.reader), now, file.options(_BATCH_BYTES), ordinals, known):
        text = clean(batch.text, file.steps)
        for row, ordinal in enumerate(batch.ordinal.tolist()):
            one = text.slice(row, 1)
            hi, lo = text_keys(one)[0].tolist()
            if places[ordinal].key == (hi, lo):
                found[ordinal] = one[0].as_py()[:most]
    return found


def read_decoded(file: CountedFile, ordinal: int, place: Place, vocabulary: Vocabulary) -> str | None:
    """The text that the token ids of a document of a store stand for; None if they are not those that were counted.

    Bytes that are not UTF-8 are replaced: a document may be cut inside of a character.

    Args:
        file: the store.
        ordinal: place of the document in it.
        place: what the catalog has of the document.
        vocabulary: what the ids stand for.

    Raises:
        InputError: the file is gone, or it can't be looked up.
    """
    for batch in READERS.get(file.reader).read(_found(file), file.options(_BATCH_BYTES, token_ids(vocabulary))):
        if isinstance(batch, IdBatch) and batch.ordinal[-1] >= ordinal:
            row = int(np.searchsorted(batch.ordinal, ordinal))
            if batch.ordinal[row] != ordinal or tuple(id_keys(batch)[row].tolist()) != place.key:
                return None
            return decode(vocabulary, counted_ids(batch, row).tolist()).decode(errors="replace")
    return None


def _found(file: CountedFile) -> InputFile:
    """The file as it is now.

    Raises:
        InputError: it is gone, or it can't be looked up.
    """
    now = file.find()
    if now is None:
        raise InputError(f"{file.path}: is gone since it was counted")
    return now


def changed(file: CountedFile, ordinal: int) -> InputError:
    """The error for a record that is no longer the one that was counted."""
    if file.counted_otherwise:
        return InputError(
            f"{file.path}: record {ordinal:,} can't be shown as it was counted: {file.counted_otherwise};"
            " install the version that counted it"
        )
    return InputError(
        f"{file.path}: record {ordinal:,} has changed since it was counted;"
        f" `tokaudit verify {quote(file.source)}` lists all differences"
    )
