"""The reference counter: Hugging Face `tokenizers`. It handles every model, is slow, and is right by definition."""

import os
import threading
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from tokaudit.core.errors import InputError
from tokaudit.core.types import Int64
from tokaudit.measure.tokenizers.agreement_check import reference_version
from tokaudit.measure.tokenizers.foreign_errors import ForeignError, foreign_errors
from tokaudit.measure.tokenizers.protocol import Identity, Vocabulary
from tokaudit.measure.tokenizers.split_characters import (
    find_split_characters,
    keep_split_characters,
    recall_split_characters,
)
from tokaudit.measure.tokenizers.split_points import Pieces, count_in_pieces, groups

if TYPE_CHECKING:
    import tokenizers

PIECE_BYTES: Final = 500_000  # counting takes a hundred times as much memory
# The caller already has a thread per worker. `tokenizers` would start as many again for every call.
_OWN_THREADS: Final = ("TOKENIZERS_PARALLELISM", "false")


class ReferenceCounter:
    """Counts with `tokenizers`, which is loaded at first use."""

    def __init__(self, vocabulary: Vocabulary, version: str, fallback_reason: str | None = None) -> None:
        os.environ.update([_OWN_THREADS])
        self.identity = Identity(vocabulary.name, vocabulary.sha256, version)
        self.fallback_reason = fallback_reason
        self._vocabulary = vocabulary
        self._loading = threading.Lock()

    def load(self) -> "tokenizers.Tokenizer":
        """The tokenizer. Call this to find out early whether the vocabulary can be loaded.

        Raises:
            InputError: `tokenizers` refuses the vocabulary.
        """
        with self._loading:
            return self._tokenizer

    @cached_property
    def _tokenizer(self) -> "tokenizers.Tokenizer":
        import tokenizers  # noqa: PLC0415 - most runs never need it

        try:
            with foreign_errors():
                return tokenizers.Tokenizer.from_str(self._vocabulary.load().decode())
        except ForeignError as error:
            raise InputError(f"{self._vocabulary.source}: `tokenizers` can't load it: {error}") from error

    def count(self, text: pa.LargeStringArray) -> Int64:
        """Tokens of each document; ``UNCOUNTED`` for a document that is too long and can't be cut.

        Special tokens are not added.

        Raises:
            InputError: the vocabulary fails on a text, such as a word model without a token for unknown words.
        """
        return count_in_pieces(text, self.split_at, PIECE_BYTES, self._count, isolate_new_unicode=False)

    def split_at(self) -> str:
        """The characters before which texts may be cut. They are tested once for each vocabulary and version.

        Raises:
            InputError: `tokenizers` refuses the vocabulary.
        """
        version = reference_version()
        known = recall_split_characters(self._vocabulary.sha256, version)
        if known is None:
            known = find_split_characters(self._vocabulary.load(), self._attempt)
            keep_split_characters(self._vocabulary.sha256, version, known)
        return known

    def _count(self, pieces: Pieces) -> Int64:
        counts = np.zeros(len(pieces.text), np.int64)
        for start, stop in groups(pieces.text, PIECE_BYTES):
            try:
                counts[start:stop] = self._attempt(pieces.text[start:stop].to_pylist())
            except ForeignError as error:
                raise InputError(f"tokenizer {self.identity.name} fails on a text: {error}") from error
        return counts

    def _attempt(self, texts: Sequence[str]) -> Int64:
        tokenizer = self.load()
        with foreign_errors():
            encoded = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        return np.array([len(tokens) for tokens in encoded], np.int64)
