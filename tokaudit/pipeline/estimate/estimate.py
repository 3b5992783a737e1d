"""What an ingest would take, before it is run: how much text, how long, how much memory, how large a catalog.

A sample is read and measured here and now, by what an ingest reads and measures with; what an ingest costs besides
are a few constants, found by `tests/benchmarks` on two cores. Nothing is written.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, zip_longest
from typing import Final

import numpy as np

from tokaudit.core.arrow import sums, text_lengths
from tokaudit.core.batches import MeasuredBatch, TextBatch
from tokaudit.core.ordered_map import ordered_map
from tokaudit.core.text_keys import unique
from tokaudit.core.types import Int64, Row
from tokaudit.core.units import format_bytes
from tokaudit.ingesters.domains import ingester_of
from tokaudit.measure.measure import measure, split_uncounted
from tokaudit.pipeline.estimate.sampling import Stratum, Total, documents_of, ratio, take_sample, text_of
from tokaudit.pipeline.ingest import IngestRequest
from tokaudit.pipeline.request import worker_threads

MEASURE_SECONDS: Final = 2.0
_GROUP_BYTES: Final = 4_000_000
_GROUP_BATCHES: Final = 500

_START_SECONDS: Final = 1.0
"""Making a catalog, loading kernels, one commit, the grouping of little; what came before took as long here."""
_READING: Final = 0.3
"""Of the seconds that the sample was read in: its many pieces are each begun anew."""
_BESIDE: Final = 1.1
"""Seconds of an ingest for each of reading and measuring: batches are handed on, keys written, cores wait a little."""
_FILE_SECONDS: Final = 8e-5
_DOCUMENT_SECONDS: Final = 2.3e-6
_TEXT_SECONDS: Final = 4e-6
"""Writing the rows of a distinct text, and finding what is near it."""

_START_MEMORY: Final = 300_000_000
_TOKENIZER_MEMORY: Final = 110_000_000
_WORKER_MEMORY: Final = 200_000_000
_TEXT_MEMORY: Final = 5.0
"""Bytes for each of a huge document: as read, as text, its shingles, its tokens."""
_LITTLE_MEMORY: Final = 25.0
"""Bytes for each of the first megabytes of text, before all buffers and pools are in use."""
_DOCUMENT_MEMORY: Final = 450

_START_CATALOG: Final = 6_500_000
_FILE_CATALOG: Final = 270
_DOCUMENT_CATALOG: Final = 9
_TEXT_CATALOG: Final = 355
"""Of a distinct text: key, bands, signature, rows; a copy, and a text without words, takes next to nothing."""
_TOKENS_CATALOG: Final = 3

_Found = Sequence[tuple[MeasuredBatch, Int64]]
"""Documents that were measured together and all counted, and how many are of each batch of the sample."""


@dataclass(frozen=True, slots=True)
class _Measured:
    """What measuring the sample gave.

    Attributes:
        read, bytes: text as it was read, and as it is counted: after cleaning.
        seconds: by the clock, with the workers of the request.
        cpu_seconds: of all threads together.
        tokens: tokenizer -> tokens of a byte of text as counted, with its standard error.
        distinct: share of the documents that have words, and are no copy of another in the sample.
    """

    read: int
    bytes: int
    seconds: float
    cpu_seconds: float
    tokens: dict[str, Total]
    distinct: float


def estimate(request: IngestRequest) -> list[Row]:
    """What an ingest of the request into a new catalog would count and take.

    Returns:
        Rows of ``quantity``, ``value``, ``low``, ``high``, ``basis``. The quantities are ``files``, ``stored_bytes``,
        ``bytes`` (UTF-8, of the text as counted), ``documents``, ``tokens NAME`` of each tokenizer, ``seconds``,
        ``memory_bytes`` (the peak) and ``catalog_bytes`` (with what lies beside it). Low and high are two standard
        errors of the sample away; they are the value where it is exact, and None where no error is known.
    """
    started = time.process_time()  # packages and vocabularies are loaded, as they will be
    files, stored = len(request.selected), sum(chosen.file.size for chosen in request.selected)
    strata = take_sample(request.selected, request.settings.text_field)
    pieces = [piece for stratum in strata for piece in stratum.pieces]
    measured = _measure(strata, request)
    documents, text = documents_of(strata), text_of(strata)
    read = sum(piece.read_bytes for piece in pieces)
    all_read = all(stratum.exact for stratum in strata)
    sampled = "all of it was read" if all_read else f"from {format_bytes(read)} of text in {len(pieces):,} places"
    if bad := sum(piece.bad for piece in pieces):
        sampled += f"; {bad:,} records there can't be read"
    if any(stratum.open_ended for stratum in strata):
        sampled += "; there is more, nobody knows how much"
    counted = sampled if measured.read == read else f"from {format_bytes(measured.read)} of text that was counted"
    as_counted = text * (measured.bytes / measured.read if measured.read else 1.0)
    rows = [
        _row("files", Total(files, 0.0), "counted"),
        _row("stored_bytes", Total(stored, 0.0), "counted"),
        _row("bytes", as_counted, sampled),
        _row("documents", documents, sampled),
    ]
    rows += [
        _row(f"tokens {name}", _tokens(as_counted, each, exact=all_read and measured.read == read), counted)
        for name, each in measured.tokens.items()
    ]
    longest = max((piece.longest for piece in pieces), default=0)
    rate = f"{format_bytes(measured.read / measured.seconds)}/s here and now" if measured.seconds else "start-up alone"
    unknown = partial(Total, error=None)
    seconds = started + _seconds(strata, text.value, documents.value, longest, measured, request)
    return [
        *rows,
        _row("seconds", unknown(seconds), rate),
        _row("memory_bytes", unknown(_memory(text.value, documents.value, longest, request)), _longest_words(longest)),
        _row(
            "catalog_bytes", unknown(_catalog(documents.value, measured, request)), f"{measured.distinct:.0%} distinct"
        ),
    ]


def _row(quantity: str, total: Total, basis: str) -> Row:
    low = high = None
    if total.error is not None:
        low, high = (max(0.0, total.value + sign * 2 * total.error) for sign in (-1, 1))
    value, low, high = (
        None if one is None else round(one, 1) if quantity == "seconds" else round(one)
        for one in (total.value, low, high)
    )
    return {"quantity": quantity, "value": value, "low": low, "high": high, "basis": basis}


def _longest_words(longest: int) -> str:
    return f"the longest document seen has {format_bytes(longest)}"


def _groups(strata: Sequence[Stratum]) -> Iterator[list[TextBatch]]:
    """The sample's text, the strata in turn, in groups as an ingest measures them."""
    group: list[TextBatch] = []
    held = 0
    for piece in chain.from_iterable(zip_longest(*(stratum.pieces for stratum in strata))):
        for batch in piece.batches if piece else ():
            group.append(batch)
            held += batch.text.nbytes
            if held >= _GROUP_BYTES or len(group) >= _GROUP_BATCHES:
                yield group
                group, held = [], 0
    if group:
        yield group


def _measure(strata: Sequence[Stratum], request: IngestRequest) -> _Measured:
    """Measure the sample for `MEASURE_SECONDS`, after the kernels and counters have been at work."""
    counters = {counter.identity.name: counter for counter in request.counters}
    steps = ingester_of(request.settings.domain).steps(request.settings.clean)
    groups = list(_groups(strata))
    work = partial(measure, counters=counters, steps=steps)
    with ordered_map(work, groups[: request.workers], request.workers, request.workers) as warm:
        list(warm)
    started, cpu_started = time.monotonic(), time.process_time()
    in_time = (group for group in groups if time.monotonic() - started < MEASURE_SECONDS)
    with ordered_map(work, in_time, request.workers, request.workers) as measured:
        results = list(measured)
    seconds, cpu_seconds = time.monotonic() - started, time.process_time() - cpu_started
    lengths = [[len(batch.ordinal) for batch in group] for group in groups]
    found = [split_uncounted(batch, each)[:2] for batch, each in zip(results, lengths, strict=False)]
    return _Measured(
        read=sum(int(text_lengths(batch.text).sum()) for group in groups[: len(results)] for batch in group),
        bytes=sum(int(batch.bytes.sum()) for batch, _ in found),
        seconds=seconds,
        cpu_seconds=cpu_seconds,
        tokens={name: _tokens_per_byte(found, name) for name in counters},
        distinct=_distinct(found),
    )


def _tokens_per_byte(found: _Found, name: str) -> Total:
    """Tokens of a byte of text as counted."""
    if not found:
        return Total(0.0, 0.0)
    tokens = np.concatenate([sums(batch.tokens[name], documents) for batch, documents in found])
    size = np.concatenate([sums(batch.bytes, documents) for batch, documents in found])
    return ratio(tokens, size) if size.sum() else Total(0.0, 0.0)


def _tokens(text: Total, each: Total, *, exact: bool) -> Total:
    if exact:
        return Total(text.value * each.value, 0.0)
    known = text.error is not None and each.error is not None
    error = math.hypot((text.error or 0.0) * each.value, text.value * (each.error or 0.0)) if known else None
    return Total(text.value * each.value, error)


def _distinct(found: _Found) -> float:
    worded = [batch.keys[batch.words > 0] for batch, _ in found]
    documents = sum(len(batch.keys) for batch, _ in found)
    return len(unique(np.concatenate(worded))[0]) / documents if documents else 1.0


def _seconds(
    strata: Sequence[Stratum], text: float, documents: float, longest: int, measured: _Measured, request: IngestRequest
) -> float:
    """Workers read, one at a time, and measure: as long as the reading, the cores or the longest document takes.

    Reading again for pairs of borderline similarity is left out: a sample does not show how many there are.
    """
    sample = sum(
        stratum.read_seconds * (text_of([stratum]).value / stratum.read_bytes if stratum.read_bytes else 1.0)
        for stratum in strata
    )
    scale = text / measured.read if measured.read else 0.0
    reading, measuring = _READING * sample, scale * measured.cpu_seconds
    together = (reading + measuring) / min(worker_threads(), request.workers)
    alone = (sample + measuring) * min(1.0, longest / text) if text else 0.0
    work = max(reading, scale * measured.seconds, together, alone)
    each = _DOCUMENT_SECONDS + _TEXT_SECONDS * measured.distinct
    return _START_SECONDS + _BESIDE * work + _FILE_SECONDS * len(request.selected) + each * documents


def _memory(text: float, documents: float, longest: int, request: IngestRequest) -> float:
    """Whatever is larger: what is under way while it is counted, or what is known of all documents while grouping."""
    start = _START_MEMORY + _TOKENIZER_MEMORY * len(request.counters)
    under_way = max(_WORKER_MEMORY * request.workers, _TEXT_MEMORY * longest)
    return start + max(min(under_way, _LITTLE_MEMORY * text), _DOCUMENT_MEMORY * documents)


def _catalog(documents: float, measured: _Measured, request: IngestRequest) -> float:
    each = _DOCUMENT_CATALOG + measured.distinct * (_TEXT_CATALOG + _TOKENS_CATALOG * len(request.counters))
    return _START_CATALOG + _FILE_CATALOG * len(request.selected) + documents * each
