"""The costs of an ingest that a sample does not show: constants found by `tests/benchmarks` on two cores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.core.ordered_map import worker_threads
from tokaudit.pipeline.estimate.sampling import Stratum, Total, text_of
from tokaudit.pipeline.request import IngestRequest

_START_SECONDS: Final = 0.8
"""Creating a catalog, loading kernels, one commit, grouping a few documents. Starting up is measured, not assumed."""
_READING: Final = 0.3
"""Share of the seconds that reading the sample took: an ingest does not begin anew at each of many pieces."""
_BESIDE: Final = 1.1
"""Seconds of an ingest per second of reading and measuring: handing on batches, writing keys, waiting cores."""
_FILE_SECONDS: Final = 3e-5
_DOCUMENT_SECONDS: Final = 2.3e-6
_TEXT_SECONDS: Final = 4e-6
"""Per distinct text: writing its rows, and finding its near-duplicates."""

_START_MEMORY: Final = 120_000_000
_TOKENIZER_MEMORY: Final = 110_000_000
_WORKER_MEMORY: Final = 165_000_000
_TEXT_MEMORY: Final = 5.0
"""Bytes per byte of a huge document: as read, as text, its shingles, its tokens."""
_LITTLE_MEMORY: Final = 25.0
"""Bytes per byte of the first megabytes of text, before all buffers and pools are in use."""
_DOCUMENT_MEMORY: Final = 280
_GROUPING_MEMORY: Final = 1_200_000_000
"""The most that grouping takes: beyond it, documents are grouped some at a time."""

_GROUPING_DISK: Final = 375
"""Bytes per distinct text: 340 of its signature, which stay, and 35 of temporary files.

Measured with memory in an ingest of 1,000,000 texts of 38 words, of which 17,000 pairs are nearly alike: while it
grouped, the program had 0.56 GB at most, where `grouping_memory` says 0.51, and there were 0.40 GB next to the catalog
and in it.
"""

_START_CATALOG: Final = 6_500_000
_FILE_CATALOG: Final = 270
_DOCUMENT_CATALOG: Final = 9
_TEXT_CATALOG: Final = 355
"""Per distinct text: key, bands, signature, rows. Exact duplicates and texts without words take next to nothing."""
_TOKENS_CATALOG: Final = 3


@dataclass(frozen=True, slots=True)
class MeasuredSample:
    """The results of measuring the sample.

    Attributes:
        read: bytes of text as read.
        bytes: bytes of text as counted, which is after cleaning.
        seconds: elapsed time, with the workers of the request.
        cpu_seconds: processor time of all threads.
        tokens: tokenizer -> tokens per byte of text as counted, with the standard error.
        distinct: share of the documents that have words and are not exact duplicates within the sample.
    """

    read: int
    bytes: int
    seconds: float
    cpu_seconds: float
    tokens: dict[str, Total]
    distinct: float


def seconds_for(
    strata: Sequence[Stratum],
    text: float,
    documents: float,
    longest: int,
    measured: MeasuredSample,
    request: IngestRequest,
) -> float:
    """Seconds of the ingest. The reading, the cores or the longest document is the bottleneck.

    Workers take turns to read, and measure in parallel. Re-reading for pairs of borderline similarity is left out: a
    sample does not show how many there are.
    """
    sample, scale = _reading_seconds(strata), _scale(text, measured)
    reading, measuring = _READING * sample, scale * measured.cpu_seconds
    together = (reading + measuring) / min(worker_threads(), request.workers)
    alone = (sample + measuring) * min(1.0, longest / text) if text else 0.0
    work = max(reading, scale * measured.seconds, together, alone)
    each = _DOCUMENT_SECONDS + _TEXT_SECONDS * measured.distinct
    return _START_SECONDS + _BESIDE * work + _FILE_SECONDS * len(request.selected) + each * documents


def core_seconds_for(strata: Sequence[Stratum], text: float, measured: MeasuredSample) -> float:
    """Seconds of one core to read and measure all of the text."""
    return _BESIDE * (_READING * _reading_seconds(strata) + _scale(text, measured) * measured.cpu_seconds)


def _reading_seconds(strata: Sequence[Stratum]) -> float:
    """Seconds to read all, at the rate of the sample."""
    return sum(
        stratum.read_seconds * (text_of([stratum]).value / stratum.read_bytes if stratum.read_bytes else 1.0)
        for stratum in strata
    )


def _scale(text: float, measured: MeasuredSample) -> float:
    """How many times as much text there is as was measured."""
    return text / measured.read if measured.read else 0.0


def memory_for(text: float, documents: float, longest: int, request: IngestRequest) -> float:
    """Bytes of the peak: of the text in memory while counting, or of the data on all documents while grouping."""
    under_way = max(_WORKER_MEMORY * request.workers, _TEXT_MEMORY * longest)
    counting = _start_memory(len(request.counters)) + min(under_way, _LITTLE_MEMORY * text)
    return max(counting, grouping_memory(documents, len(request.counters)))


def grouping_memory(documents: float, tokenizers: int) -> float:
    """Bytes of the peak while documents are grouped, with this many tokenizers loaded."""
    return _start_memory(tokenizers) + min(_DOCUMENT_MEMORY * documents, _GROUPING_MEMORY)


def grouping_disk(texts: float) -> float:
    """Bytes next to the catalog while distinct texts are grouped: their signatures, and temporary files."""
    return _GROUPING_DISK * texts


def _start_memory(tokenizers: int) -> float:
    """Bytes of the program before it counts."""
    return _START_MEMORY + _TOKENIZER_MEMORY * tokenizers


def catalog_for(documents: float, measured: MeasuredSample, request: IngestRequest) -> float:
    """Bytes of the catalog and of the files next to it."""
    of_documents = catalog_of_documents(documents, measured.distinct, len(request.counters))
    return _START_CATALOG + _FILE_CATALOG * len(request.selected) + of_documents


def catalog_of_documents(documents: float, distinct: float, tokenizers: int) -> float:
    """Bytes of the documents in the catalog and next to it, of which a share has a text of its own."""
    return documents * (_DOCUMENT_CATALOG + distinct * (_TEXT_CATALOG + _TOKENS_CATALOG * tokenizers))
