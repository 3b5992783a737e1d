"""TextBatch to MeasuredBatch: every number that is kept of a text, and then the text is gone."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import filter_batch, text_lengths, to_arrow
from tokaudit.core.batches import BackfillBatch, BadRecord, MeasuredBatch, TextBatch
from tokaudit.core.types import Int64, UInt32, UInt64
from tokaudit.ingesters.cleaning import Step, clean
from tokaudit.measure.fingerprints.exact import text_keys
from tokaudit.measure.fingerprints.minhash import band_keys, signatures
from tokaudit.measure.tokenizers.protocol import LONGEST, UNCOUNTED, Counter

Meet = Callable[[pa.LargeStringArray, UInt64, UInt32], None]
"""Is shown texts that have words, their keys, and the keys of their bands."""


def meet_nobody(text: pa.LargeStringArray, keys: UInt64, bands: UInt32) -> None:
    """Where nothing is to be known of the texts but what is measured."""


def measure(
    batches: Sequence[TextBatch], counters: Mapping[str, Counter], steps: Sequence[Step], meet: Meet
) -> MeasuredBatch:
    """What is kept of the texts: bytes, words, keys, signatures, and tokens by each counter's name.

    A pure function whose kernels release the GIL, so that batches are measured in parallel threads. Small batches,
    such as files of a source tree, are measured together: a call of a counter costs milliseconds.

    Args:
        batches: the texts; at least one.
        counters: one a tokenizer, by its name.
        steps: cleaning steps, applied in order before anything is counted.
        meet: is shown the texts before they are gone.

    Returns:
        The documents of all batches, with ``UNCOUNTED`` tokens where a counter can't count one.
    """
    text = clean(_joined(batches), steps)
    signature, words = signatures(text)
    keys, bands = text_keys(text), band_keys(signature)
    worded = words > 0
    if worded.all():
        meet(text, keys, bands)
    elif worded.any():
        meet(text.filter(to_arrow(worded)), keys[worded], bands[worded])
    return MeasuredBatch(
        ordinal=_ordinals(batches),
        offset=pa.concat_arrays([batch.offset for batch in batches]),
        labels=_labels(batches),
        bytes=text_lengths(text),
        words=words,
        keys=keys,
        tokens={name: counter.count(text) for name, counter in counters.items()},
        signatures=signature,
        bands=bands,
    )


def split_uncounted(
    batch: MeasuredBatch, documents: Sequence[int]
) -> tuple[MeasuredBatch, Int64, list[tuple[int, BadRecord]]]:
    """What all counters counted, and a bad record for each other document, naming the first that could not count it.

    Args:
        batch: the documents of some files or batches, one after the other.
        documents: how many there are of each.

    Returns:
        The documents that were counted; how many of each those are; and of the others the place among the files or
        batches, and the bad record.
    """
    blame: dict[int, str] = {}
    for name, counts in batch.tokens.items():
        for row in np.flatnonzero(counts == UNCOUNTED).tolist():
            blame.setdefault(row, name)
    if not blame:
        return batch, np.array(documents), []
    rows = sorted(blame)
    places = np.repeat(np.arange(len(documents)), documents)[rows]
    bad = [
        BadRecord(
            ordinal=int(batch.ordinal[row]),
            offset=batch.offset[row].as_py(),
            code="too_long_for_tokenizer",
            why=f"{batch.bytes[row]} bytes of text, of which tokenizer {blame[row]} would have to take more than"
            f" {LONGEST} at once: there is no place to cut them (split the document, or count with another tokenizer)",
        )
        for row in rows
    ]
    counted = np.ones(len(batch.ordinal), np.bool_)
    counted[rows] = False
    left = np.array(documents) - np.bincount(places, minlength=len(documents))
    return filter_batch(batch, counted), left, list(zip(places.tolist(), bad, strict=True))


def measure_backfill(
    batches: Sequence[TextBatch], counters: Mapping[str, Counter], steps: Sequence[Step]
) -> BackfillBatch:
    """Tokens and labels of documents that are in the catalog, with the keys that show that they are the same.

    Tokens are ``UNCOUNTED`` where a counter can't count a document.
    """
    text = clean(_joined(batches), steps)
    return BackfillBatch(
        ordinal=_ordinals(batches),
        labels=_labels(batches),
        bytes=text_lengths(text),
        keys=text_keys(text),
        tokens={name: counter.count(text) for name, counter in counters.items()},
    )


def _joined(batches: Sequence[TextBatch]) -> pa.LargeStringArray:
    return batches[0].text if len(batches) == 1 else pa.concat_arrays([batch.text for batch in batches])


def _ordinals(batches: Sequence[TextBatch]) -> Int64:
    return np.concatenate([batch.ordinal for batch in batches])


def _labels(batches: Sequence[TextBatch]) -> dict[str, pa.StringArray]:
    names = dict.fromkeys(name for batch in batches for name in batch.labels)
    return {name: pa.concat_arrays([_label(batch, name) for batch in batches]) for name in names}


def _label(batch: TextBatch, name: str) -> pa.StringArray:
    return batch.labels[name] if name in batch.labels else pa.nulls(len(batch.ordinal), pa.string())
