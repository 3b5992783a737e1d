"""What an ingest would take, before it is run: the text, the time, the memory, the size of the catalog.

A sample is read and measured now, with the readers and counters of an ingest. The other costs of an ingest are a few
constants, found by `tests/benchmarks` on two cores. Nothing is written.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain, zip_longest
from typing import Final

import numpy as np

from tokaudit.core.arrow import document_bytes, sums
from tokaudit.core.batches import Documents, MeasuredBatch
from tokaudit.core.ordered_map import ordered_map
from tokaudit.core.rows import Row
from tokaudit.core.text_keys import unique
from tokaudit.core.types import Int64
from tokaudit.core.units import format_bytes, format_number_of
from tokaudit.measure.measure import measure_documents, meet_nobody, split_uncounted
from tokaudit.pipeline.estimate.cluster import Cluster, Corpus, cluster_need
from tokaudit.pipeline.estimate.costs import (
    MeasuredSample,
    catalog_for,
    core_seconds_for,
    grouping_disk,
    grouping_memory,
    memory_for,
    seconds_for,
)
from tokaudit.pipeline.estimate.crawls import crawl_rows
from tokaudit.pipeline.estimate.sampling import Stratum, Total, documents_of, ratio, take_sample, text_of
from tokaudit.pipeline.left_out import LeftOutGroup, left_out_groups, left_out_words, may_lack_text
from tokaudit.pipeline.request import IngestRequest
from tokaudit.readers.options import ReadOptions

MEASURE_SECONDS: Final = 2.0
COLUMNS: Final = ("quantity", "value", "low", "high", "basis")
_GROUP_BYTES: Final = 4_000_000
_GROUP_BATCHES: Final = 500

_Found = Sequence[tuple[MeasuredBatch, Int64]]
"""Documents that were measured together and counted, and the number of them in each batch of the sample."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an ingest would count and take.

    Attributes:
        rows: rows of ``quantity``, ``value``, ``low``, ``high``, ``basis``. The quantities are ``files``,
            ``stored_bytes``, ``bytes`` (UTF-8 bytes of the text as counted), ``documents``, ``tokens NAME`` per
            tokenizer, ``seconds``, ``memory_bytes`` (the peak), ``catalog_bytes`` (with the files next to it), and
            ``grouping_memory_bytes`` and ``grouping_disk_bytes`` (of both, what grouping duplicates takes). Low and
            high are two standard errors of the sample away. They equal an exact value, and are None if the error is
            unknown. For WARC files there are also ``documents by PIPELINE`` and ``tokens by PIPELINE``: a range
            without a value, of what published pipelines would leave. Those of `ClusterNeed` come last.
        left_out: files that would be left out, by rule and suffix; members of archives are not among them.
        complete: whether the sample has no bad records, and nothing would be left out that may be text.
    """

    rows: Sequence[Row]
    left_out: Sequence[LeftOutGroup]
    complete: bool

    def document(self) -> Row:
        """The JSON document of ``tokaudit estimate``."""
        return {"rows": self.rows, "complete": self.complete, "left_out": list(map(asdict, self.left_out))}

    def notes(self) -> Iterator[str]:
        """Sentences that the user must read."""
        if self.left_out:
            yield f"{left_out_words(self.left_out)} (`tokaudit ingest` with --dry-run lists them)"


def estimate(request: IngestRequest, cluster: Cluster | None = None) -> Estimate:
    """Estimate what an ingest of the request into a new catalog would count and take.

    Args:
        request: the request.
        cluster: machines of which it is also to be said what the ingest would take on them; None: of none.
    """
    started = time.process_time()  # an ingest loads the same packages and vocabularies
    strata = take_sample(
        request.selected,
        request.settings.text_fields,
        ReadOptions(limits=request.limits, members=request.ingester, token_ids=request.token_ids),
    )
    measured = _measure(strata, request)
    stored = sum(chosen.file.size for chosen in request.selected)
    rows = [
        _row("files", Total(len(request.selected), 0.0), "counted"),
        _row("stored_bytes", Total(stored, 0.0), "counted"),
        *_text_rows(strata, measured),
        *_cost_rows(strata, measured, request, started),
        *_cluster_rows(strata, measured, cluster),
        *crawl_rows(request.selected),
    ]
    left_out = left_out_groups(request.left_out)
    return Estimate(rows, left_out, _bad_records(strata) == 0 and not may_lack_text(left_out))


def _text_rows(strata: Sequence[Stratum], measured: MeasuredSample) -> Iterator[Row]:
    """Rows of text, documents and tokens."""
    read = sum(stratum.read_bytes for stratum in strata)
    whole = all(stratum.exact for stratum in strata)
    basis = _sampled(strata, read, whole=whole)
    as_counted = text_of(strata) * (measured.bytes / measured.read if measured.read else 1.0)
    yield _row("bytes", as_counted, basis)
    yield _row("documents", documents_of(strata), basis)
    all_counted = measured.read == read
    if not all_counted:
        basis = f"from {format_bytes(measured.read)} of text that was counted"
    for name, each in measured.tokens.items():
        yield _row(f"tokens {name}", _tokens(as_counted, each, exact=whole and all_counted), basis)


def _sampled(strata: Sequence[Stratum], read: int, *, whole: bool) -> str:
    """What the numbers on the text are based on."""
    samples = [sample for stratum in strata for sample in stratum.samples]
    basis = "all of it was read" if whole else f"from {format_bytes(read)} of text in {len(samples):,} places"
    if bad := _bad_records(strata):
        basis += f"; {format_number_of(bad, 'record')} in them can't be read"
    if any(stratum.open_ended for stratum in strata):
        basis += "; the total size is unknown (streamed data set)"
    return basis


def _bad_records(strata: Sequence[Stratum]) -> int:
    return sum(sample.bad for stratum in strata for sample in stratum.samples)


def _cost_rows(
    strata: Sequence[Stratum], measured: MeasuredSample, request: IngestRequest, started: float
) -> Iterator[Row]:
    """Rows of time, memory and disk; their errors are unknown."""
    text, documents = text_of(strata).value, documents_of(strata).value
    longest = max((sample.longest for stratum in strata for sample in stratum.samples), default=0)
    rate = f"{format_bytes(measured.read / measured.seconds)}/s here and now" if measured.seconds else "start-up alone"
    seconds = started + seconds_for(strata, text, documents, longest, measured, request)
    yield _row("seconds", Total(seconds, None), rate)
    memory = memory_for(text, documents, longest, request)
    yield _row("memory_bytes", Total(memory, None), f"the longest document seen has {format_bytes(longest)}")
    distinct = f"{measured.distinct:.0%} distinct"
    yield _row("catalog_bytes", Total(catalog_for(documents, measured, request), None), distinct)
    grouping = grouping_memory(documents, len(request.counters))
    yield _row("grouping_memory_bytes", Total(grouping, None), "the peak while duplicates are grouped")
    disk = grouping_disk(documents * measured.distinct)
    yield _row("grouping_disk_bytes", Total(disk, None), f"{distinct}; with temporary files")


def _cluster_rows(strata: Sequence[Stratum], measured: MeasuredSample, cluster: Cluster | None) -> Iterator[Row]:
    if cluster is None:
        return
    seconds = core_seconds_for(strata, text_of(strata).value, measured)
    yield from cluster_need(Corpus(documents_of(strata).value, measured.distinct, seconds), cluster).rows()


def _row(quantity: str, total: Total, basis: str) -> Row:
    low = high = None
    if total.error is not None:
        low, high = (max(0.0, total.value + sign * 2 * total.error) for sign in (-1, 1))
    value, low, high = (
        None if one is None else round(one, 1) if quantity == "seconds" else round(one)
        for one in (total.value, low, high)
    )
    return {"quantity": quantity, "value": value, "low": low, "high": high, "basis": basis}


def _groups(strata: Sequence[Stratum]) -> Iterator[list[Documents]]:
    """The sample's text, from the strata in turn, in groups like those that an ingest measures."""
    group: list[Documents] = []
    held = 0
    for sample in chain.from_iterable(zip_longest(*(stratum.samples for stratum in strata))):
        for batch in sample.batches if sample else ():
            if group and type(group[0]) is not type(batch):
                yield group
                group, held = [], 0
            group.append(batch)
            held += int(document_bytes(batch).sum())
            if held >= _GROUP_BYTES or len(group) >= _GROUP_BATCHES:
                yield group
                group, held = [], 0
    if group:
        yield group


def _measure(strata: Sequence[Stratum], request: IngestRequest) -> MeasuredSample:
    """Measure the sample for `MEASURE_SECONDS`, after a first round that loads kernels and counters."""
    counters = {counter.identity.name: counter for counter in request.counters}
    groups = list(_groups(strata))
    work = partial(measure_documents, counters=counters, steps=request.steps, meet=meet_nobody)
    with ordered_map(work, groups[: request.workers], request.workers, request.workers) as warm:
        list(warm)
    started, cpu_started = time.monotonic(), time.process_time()
    in_time = (group for group in groups if time.monotonic() - started < MEASURE_SECONDS)
    with ordered_map(work, in_time, request.workers, request.workers) as measured:
        results = list(measured)
    seconds, cpu_seconds = time.monotonic() - started, time.process_time() - cpu_started
    lengths = [[len(batch.ordinal) for batch in group] for group in groups]
    found = [split_uncounted(batch, each)[:2] for batch, each in zip(results, lengths, strict=False)]
    return MeasuredSample(
        read=sum(int(document_bytes(batch).sum()) for group in groups[: len(results)] for batch in group),
        bytes=sum(int(batch.bytes.sum()) for batch, _ in found),
        seconds=seconds,
        cpu_seconds=cpu_seconds,
        tokens={name: _tokens_per_byte(found, name) for name in counters},
        distinct=_distinct(found),
    )


def _tokens_per_byte(found: _Found, name: str) -> Total:
    """Tokens per byte of text as counted."""
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
