"""The fast counter: gigatoken, over the Arrow buffers, a hundred times the reference's speed."""

import threading
import time
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tokaudit.records import Int64
from tokaudit.tokenizers import Counter, Identity, Vocabulary
from tokaudit.tokenizers._pieces import pieces
from tokaudit.tokenizers._shield import ForeignError, shielded
from tokaudit.tokenizers._young import young_documents

PIECE_BYTES: Final = 16_000_000  # token ids of a piece take about as much memory as its text
# gigatoken remembers every word it has met, and that memory has no bound (9 GB after 2 GB of random
# letters). It grows when a word is new, and new words take time: some 60 MB a second of work at worst. So
# an engine retires after so many seconds of work, or, if it takes long to load, after so many times that.
_SECONDS: Final = 10.0
_LOADS: Final = 20.0


class _Engine:
    """One gigatoken tokenizer: it lets in one thread at a time."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        data = vocabulary.load()
        started = time.perf_counter()
        with shielded():
            import awkward  # noqa: PLC0415 - missing on some machines
            import gigatoken  # noqa: PLC0415 - likewise

            self._awkward = awkward
            self._tokenizer: Any = gigatoken.Tokenizer.from_json(data)
        self._left = max(_SECONDS, _LOADS * (time.perf_counter() - started))

    def count(self, text: pa.LargeStringArray) -> Int64:
        started = time.perf_counter()
        with shielded():
            encoded = self._tokenizer.encode_batch(self._awkward.from_arrow(text), parallel=False)
            counts = np.asarray(self._awkward.num(encoded, axis=1)).astype(np.int64)
        if counts.shape != (len(text),):
            raise ForeignError(f"{counts.shape} counts for {len(text)} texts")
        self._left -= time.perf_counter() - started
        return counts

    @property
    def worn(self) -> bool:
        return self._left <= 0


class FastCounter:
    """Counts with gigatoken; what it can't count, or may count by other rules, the reference counts.

    Args:
        vocabulary: what to count with.
        reference: counts documents with young characters, and batches on which gigatoken fails.

    Raises:
        ForeignError: gigatoken can't be imported or can't hold the vocabulary.
    """

    fallback_reason: None = None

    def __init__(self, vocabulary: Vocabulary, reference: Counter, version: str) -> None:
        self.identity = Identity(vocabulary.name, vocabulary.sha256, version)
        self._vocabulary = vocabulary
        self._reference = reference
        self._idle = [_Engine(vocabulary)]
        self._lending = threading.Lock()

    def count(self, text: pa.LargeStringArray) -> Int64:
        """Tokens of each document, as the reference counts them.

        Raises:
            InputError: the reference was needed and fails.
        """
        counts = np.zeros(len(text), np.int64)
        for start, stop in pieces(text, PIECE_BYTES):
            piece = text[start:stop]
            try:
                counts[start:stop] = self.attempt(piece)
            except ForeignError:
                counts[start:stop] = self._reference.count(piece)
            else:
                exceptions = young_documents(piece)
                if len(exceptions):
                    counts[start + exceptions] = self._reference.count(piece.take(pa.array(exceptions)))
        return counts

    def attempt(self, text: pa.LargeStringArray) -> Int64:
        """What gigatoken itself says of some megabytes of text.

        Raises:
            ForeignError: it failed.
        """
        with self._lending:
            engine = self._idle.pop() if self._idle else None
        engine = engine or _Engine(self._vocabulary)
        counts = engine.count(text)  # one that failed is not used again
        if not engine.worn:
            with self._lending:
                self._idle.append(engine)
        return counts
