"""The reference: Hugging Face `tokenizers` counts, whatever the model; slow, and right by definition."""

import os
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from tokaudit.errors import InputError
from tokaudit.records import Int64
from tokaudit.tokenizers import Identity, Vocabulary
from tokaudit.tokenizers._pieces import pieces
from tokaudit.tokenizers._shield import ForeignError, shielded

if TYPE_CHECKING:
    import tokenizers

PIECE_BYTES: Final = 4_000_000  # the texts of a piece are Python strings for a while
# The caller's threads are the threads there are; `tokenizers` would start as many again for every call.
_OWN_THREADS: Final = ("TOKENIZERS_PARALLELISM", "false")


class ReferenceCounter:
    """Counts with `tokenizers`, which is loaded when it is first needed."""

    def __init__(self, vocabulary: Vocabulary, version: str, fallback_reason: str | None = None) -> None:
        os.environ.setdefault(*_OWN_THREADS)
        self.identity = Identity(vocabulary.name, vocabulary.sha256, version)
        self.fallback_reason = fallback_reason
        self._vocabulary = vocabulary
        self._loading = threading.Lock()

    def load(self) -> "tokenizers.Tokenizer":
        """The tokenizer, for one who wants to know at once whether it can be loaded.

        Raises:
            InputError: `tokenizers` refuses the vocabulary.
        """
        with self._loading:
            return self._tokenizer

    @cached_property
    def _tokenizer(self) -> "tokenizers.Tokenizer":
        import tokenizers  # noqa: PLC0415 - most runs never need it

        try:
            with shielded():
                return tokenizers.Tokenizer.from_str(self._vocabulary.load().decode())
        except ForeignError as error:
            raise InputError(f"{self._vocabulary.source}: `tokenizers` can't load it: {error}") from error

    def count(self, text: pa.LargeStringArray) -> Int64:
        """Tokens of each document, special tokens not added.

        Raises:
            InputError: the vocabulary fails on a text: a word model without a token for unknown words.
        """
        tokenizer = self.load()
        counts = np.zeros(len(text), np.int64)
        for start, stop in pieces(text, PIECE_BYTES):
            documents = text[start:stop].to_pylist()
            try:
                with shielded():
                    encoded = tokenizer.encode_batch_fast(documents, add_special_tokens=False)
            except ForeignError as error:
                raise InputError(f"tokenizer {self.identity.name} fails on a text: {error}") from error
            counts[start:stop] = [len(tokens) for tokens in encoded]
        return counts
