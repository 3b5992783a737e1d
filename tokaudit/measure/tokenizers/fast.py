"""The fast counter: gigatoken, a hundred times as fast as the reference."""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import byte_lengths
from tokaudit.core.logs import logger
from tokaudit.core.types import Int64
from tokaudit.measure.tokenizers.foreign_errors import ForeignError, foreign_errors
from tokaudit.measure.tokenizers.protocol import LONGEST, Identity, Vocabulary
from tokaudit.measure.tokenizers.reference import ReferenceCounter
from tokaudit.measure.tokenizers.split_points import Pieces, count_in_pieces, groups, take_texts

_LOG: Final = logger(__name__)
GROUP_BYTES: Final = 10_000_000  # the token ids of a group of pieces take about as much memory as its text
FEW_CELLS: Final = 1 << 20  # cells of a matrix with one row per text, as wide as the longest: four bytes each
# gigatoken remembers every word it has met, without a limit: 9 GB after 2 GB of random letters. A new word takes about
# ten times as long as a known one. So an engine retires when it has spent this many seconds more than known words
# would have taken. It then uses 100 to 300 MB. On ordinary text it spends hardly any, and uses half of that memory.
SPARE_SECONDS: Final = 0.75
_OPEN_FILES: Final = Path("/proc/self/fd")
_KNOWN_BYTES_PER_SECOND: Final = 80_000_000  # with a slow normalizer; without one it is five times as much


class _Engine:
    """One gigatoken tokenizer, for one thread at a time."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._tokenizer = _loaded(vocabulary)
        self._spare = SPARE_SECONDS

    def count(self, text: pa.LargeStringArray) -> Int64:
        cells = len(text) * int(byte_lengths(text).max(initial=0))
        with foreign_errors():
            count = _count_few if cells <= FEW_CELLS else _count_many()
            started = time.thread_time()  # not clock time: other threads may be using the processor
            counts = np.asarray(count(self._tokenizer, text)).astype(np.int64)
        if counts.shape != (len(text),):
            raise ForeignError(f"{counts.shape} counts for {len(text)} texts")
        self._spare -= max(0.0, time.thread_time() - started - text.nbytes / _KNOWN_BYTES_PER_SECOND)
        return counts

    @property
    def worn(self) -> bool:
        return self._spare <= 0


def _count_few(tokenizer: Any, text: pa.LargeStringArray) -> Any:
    """Tokens of each text, as gigatoken reports them with a matrix of token ids, one row per text."""
    import gigatoken  # noqa: PLC0415 - missing on some machines, and slow to import

    source = gigatoken.BytesSource([one.encode() for one in text.to_pylist()])
    _, counts = tokenizer.encode_batch_padded(source, 0, parallel=False)
    return counts


def _count_many() -> Callable[[Any, pa.LargeStringArray], Any]:
    """A function that counts without the matrix, which may be far larger than the text."""
    import awkward  # noqa: PLC0415 - takes 0.1 s, in which 20 MB are counted

    def count(tokenizer: Any, text: pa.LargeStringArray) -> Any:
        return awkward.num(tokenizer.encode_batch(awkward.from_arrow(text), parallel=False), axis=1)

    return count


def _loaded(vocabulary: Vocabulary) -> Any:
    """The tokenizer in gigatoken; from ranks if there are any, because merges take three times as long."""
    ranks = vocabulary.ranks
    data = ranks.load() if ranks else vocabulary.load()
    with foreign_errors():
        import gigatoken  # noqa: PLC0415 - as above

        if not ranks:
            return gigatoken.Tokenizer.from_json(data)
        with _stored(data) as file:
            return gigatoken.Tokenizer.from_tiktoken(file, pretokenizer=ranks.scheme)


@contextmanager
def _stored(data: bytes) -> Iterator[Path]:
    """A file with these bytes; on Linux in memory, because an interrupt would leave a folder behind."""
    if sys.platform == "linux" and _OPEN_FILES.is_dir():
        with open(os.memfd_create("ranks"), "wb", buffering=0) as file:  # noqa: PTH123 - it has no path
            file.write(data)
            yield _OPEN_FILES / str(file.fileno())
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ranks.tiktoken"
        path.write_bytes(data)
        yield path


class FastCounter:
    """Counts with gigatoken. The reference counts what gigatoken can't count or may count differently.

    Args:
        vocabulary: what to count with; gigatoken loads it at first use.
        reference: counts pieces with new Unicode characters, and batches on which gigatoken fails.
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
        """Tokens of each document, as the reference counts them; ``UNCOUNTED`` where it could not count.

        Raises:
            InputError: the reference is needed and fails.
        """
        return count_in_pieces(text, self._reference.split_at, LONGEST, self._count, isolate_new_unicode=True)

    def _count(self, pieces: Pieces) -> Int64:
        counts = np.zeros(len(pieces.text), np.int64)
        for start, stop in groups(pieces.text, GROUP_BYTES):
            group = pieces.text[start:stop]
            try:
                counts[start:stop] = self.attempt(group)
            except ForeignError as error:
                _LOG.info("gigatoken fails on some texts (%s); `tokenizers` counts them", error)
                counts[start:stop] = self._reference.count(group)
        new_unicode = np.flatnonzero(pieces.new_unicode)
        if len(new_unicode):
            counts[new_unicode] = self._reference.count(take_texts(pieces.text, new_unicode))
        return counts

    def attempt(self, text: pa.LargeStringArray) -> Int64:
        """The counts of gigatoken itself for some megabytes of text.

        Raises:
            ForeignError: gigatoken fails, can't be imported or can't load the vocabulary.
        """
        with self._lending:
            engine = self._idle.pop() if self._idle else None
        engine = engine or _Engine(self._vocabulary)
        counts = engine.count(text)  # an engine that fails is not used again
        if not engine.worn:
            with self._lending:
                self._idle.append(engine)
        return counts
