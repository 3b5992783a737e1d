"""The fast counter: gigatoken, over the Arrow buffers, a hundred times the reference's speed."""

import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import text_lengths
from tokaudit.core.types import Int64
from tokaudit.measure.tokenizers.foreign_errors import ForeignError, foreign_errors
from tokaudit.measure.tokenizers.protocol import LONGEST, Identity, Vocabulary
from tokaudit.measure.tokenizers.reference import ReferenceCounter
from tokaudit.measure.tokenizers.split_points import Pieces, count_in_pieces, groups, take_texts

GROUP_BYTES: Final = 10_000_000  # token ids of a group of pieces take about as much memory as its text
FEW_CELLS: Final = 1 << 20  # of a matrix with a row a text, as wide as the longest: four bytes each
# gigatoken remembers every word it has met, without a bound: 9 GB after 2 GB of random letters. A new word takes some
# ten times as long as a known one. So an engine retires when it has spent so many seconds more than known words would
# have taken; it then holds some 100 to 300 MB. Ordinary text hardly spends any, and lets it hold half of that.
SPARE_SECONDS: Final = 0.75
_KNOWN_BYTES_A_SECOND: Final = 80_000_000  # with a slow normalizer; without one it is five times as much


class _Engine:
    """One gigatoken tokenizer: it lets in one thread at a time."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._tokenizer = _loaded(vocabulary)
        self._spare = SPARE_SECONDS

    def count(self, text: pa.LargeStringArray) -> Int64:
        cells = len(text) * int(text_lengths(text).max(initial=0))
        with foreign_errors():
            count = _count_few if cells <= FEW_CELLS else _count_many()
            started = time.thread_time()  # not the clock's: others may have the processor
            counts = np.asarray(count(self._tokenizer, text)).astype(np.int64)
        if counts.shape != (len(text),):
            raise ForeignError(f"{counts.shape} counts for {len(text)} texts")
        self._spare -= max(0.0, time.thread_time() - started - text.nbytes / _KNOWN_BYTES_A_SECOND)
        return counts

    @property
    def worn(self) -> bool:
        return self._spare <= 0


def _count_few(tokenizer: Any, text: pa.LargeStringArray) -> Any:
    """Tokens of each text, which gigatoken also tells of a matrix of token ids, a row a text."""
    import gigatoken  # noqa: PLC0415 - missing on some machines, and takes time

    source = gigatoken.BytesSource([one.encode() for one in text.to_pylist()])
    _, counts = tokenizer.encode_batch_padded(source, 0, parallel=False)
    return counts


def _count_many() -> Callable[[Any, pa.LargeStringArray], Any]:
    """What counts without the matrix, which may be far larger than the text."""
    import awkward  # noqa: PLC0415 - takes a tenth of a second, in which 20 MB are counted

    def count(tokenizer: Any, text: pa.LargeStringArray) -> Any:
        return awkward.num(tokenizer.encode_batch(awkward.from_arrow(text), parallel=False), axis=1)

    return count


def _loaded(vocabulary: Vocabulary) -> Any:
    """The tokenizer of gigatoken; from ranks where there are some, as merges take it three times as long."""
    ranks = vocabulary.ranks
    data = ranks.load() if ranks else vocabulary.load()
    with foreign_errors():
        import gigatoken  # noqa: PLC0415 - as above

        if not ranks:
            return gigatoken.Tokenizer.from_json(data)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "ranks.tiktoken"
            file.write_bytes(data)
            return gigatoken.Tokenizer.from_tiktoken(file, pretokenizer=ranks.scheme)


class FastCounter:
    """Counts with gigatoken; what it can't count, or may count by other rules, the reference counts.

    Args:
        vocabulary: what to count with; gigatoken loads it when it is first needed.
        reference: counts what is beside new Unicode characters, and batches on which gigatoken fails.
        version: name and version of gigatoken.
    """

    fallback_reason: None = None

    def __init__(self, vocabulary: Vocabulary, reference: ReferenceCounter, version: str) -> None:
        self.identity = Identity(vocabulary.name, vocabulary.sha256, version)
        self._vocabulary = vocabulary
        self._reference = reference
        self._idle: list[_Engine] = []
        self._lending = threading.Lock()

    def count(self, text: pa.LargeStringArray) -> Int64:
        """Tokens of each document, as the reference counts them; ``UNCOUNTED`` where it would not.

        Raises:
            InputError: the reference was needed and fails.
        """
        return count_in_pieces(text, self._reference.split_at, LONGEST, self._count, isolate_new_unicode=True)

    def _count(self, pieces: Pieces) -> Int64:
        counts = np.zeros(len(pieces.text), np.int64)
        for start, stop in groups(pieces.text, GROUP_BYTES):
            group = pieces.text[start:stop]
            try:
                counts[start:stop] = self.attempt(group)
            except ForeignError:
                counts[start:stop] = self._reference.count(group)
        new_unicode = np.flatnonzero(pieces.new_unicode)
        if len(new_unicode):
            counts[new_unicode] = self._reference.count(take_texts(pieces.text, new_unicode))
        return counts

    def attempt(self, text: pa.LargeStringArray) -> Int64:
        """What gigatoken itself says of some megabytes of text.

        Raises:
            ForeignError: it failed, can't be imported or can't hold the vocabulary.
        """
        with self._lending:
            engine = self._idle.pop() if self._idle else None
        engine = engine or _Engine(self._vocabulary)
        counts = engine.count(text)  # one that failed is not used again
        if not engine.worn:
            with self._lending:
                self._idle.append(engine)
        return counts
