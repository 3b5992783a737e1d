"""From TextBatch to MeasuredBatch: all numbers that are kept about a text. The text itself is not kept."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import byte_lengths, filter_batch, to_arrow
from tokaudit.core.batches import BackfillBatch, BadRecord, Documents, IdBatch, MeasuredBatch, TextBatch
from tokaudit.core.types import Int64, UInt32, UInt64
from tokaudit.ingesters.cleaning import Step, clean
from tokaudit.measure.fingerprints.exact import text_keys
from tokaudit.measure.fingerprints.minhash import band_keys, signatures
from tokaudit.measure.language_label import LANGUAGE
from tokaudit.measure.repeats import PARAGRAPHS, Repeats
from tokaudit.measure.token_ids import measure_ids
from tokaudit.measure.tokenizers.protocol import LONGEST, UNCOUNTED, Counter, foreign_id

Meet = Callable[[pa.LargeStringArray, UInt64, UInt32], None]
"""Receives the texts that have words, their keys (n, 2) and their band keys (n, 16)."""
Detect = Callable[[pa.LargeStringArray], pa.StringArray]
"""Gives the language of each text."""


def meet_nobody(text: pa.LargeStringArray, keys: UInt64, bands: UInt32) -> None:
    """Ignore the texts: for callers who only need the measurements."""


def measure_documents(
    batches: Sequence[Documents],
    counters: Mapping[str, Counter],
    steps: Sequence[Step],
    meet: Meet,
    detect: Detect | None = None,
    repeats: Repeats = PARAGRAPHS,
) -> MeasuredBatch:
    """Measure texts as `measure` does, or token ids as `measure_ids` does; the batches are all of one kind."""
    texts = [batch for batch in batches if isinstance(batch, TextBatch)]
    if texts:
        return measure(texts, counters, steps, meet, detect, repeats)
    return measure_ids([batch for batch in batches if isinstance(batch, IdBatch)], counters)


def measure(
    batches: Sequence[TextBatch],
    counters: Mapping[str, Counter],
    steps: Sequence[Step],
    meet: Meet,
    detect: Detect | None = None,
    repeats: Repeats = PARAGRAPHS,
) -> MeasuredBatch:
    """Measure texts: bytes, words, keys, signatures, repetition, and the tokens of each counter.

    The kernels release the GIL, so that threads measure in parallel. Small batches, such as files of a source tree, are
    measured together, because each call of a counter costs milliseconds.

    Args:
        batches: the texts; at least one batch.
        counters: one counter per tokenizer, by name.
        steps: cleaning steps, applied in order before anything is counted.
        meet: receives the cleaned texts before they are dropped.
        detect: gives the language of each cleaned text, which is kept as a label; None if it is not asked for.
        repeats: which repetition inside a document is measured.

    Returns:
        The documents of all batches. Tokens are ``UNCOUNTED`` where a counter can't count a document.
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
        labels=_labels(batches, text, detect),
        bytes=byte_lengths(text),
        words=words,
        keys=keys,
        tokens={name: counter.count(text) for name, counter in counters.items()},
        bytes_repeated_inside=to_arrow(repeats.bytes_repeated(text)),
        signatures=signature,
        bands=bands,
    )


def split_uncounted(
    batch: MeasuredBatch, documents: Sequence[int]
) -> tuple[MeasuredBatch, Int64, list[tuple[int, BadRecord]]]:
    """Split documents into those that all counters counted, and bad records for the others.

    A bad record names the first tokenizer that could not count the document, or an id that is not in the vocabulary.

    Args:
        batch: the documents of some files or batches, one after the other.
        documents: number of documents of each file or batch.

    Returns:
        The counted documents; their number in each file or batch; and for each other document the index of its file or
        batch, with its bad record.
    """
    blame: dict[int, str] = {}
    for name, counts in batch.tokens.items():
        for row in np.flatnonzero(counts < 0).tolist():
            blame.setdefault(row, name)
    if not blame:
        return batch, np.array(documents), []
    rows = sorted(blame)
    places = np.repeat(np.arange(len(documents)), documents)[rows]
    bad = [_uncounted(batch, row, blame[row]) for row in rows]
    counted = np.ones(len(batch.ordinal), np.bool_)
    counted[rows] = False
    left = np.array(documents) - np.bincount(places, minlength=len(documents))
    return filter_batch(batch, counted), left, list(zip(places.tolist(), bad, strict=True))


def _uncounted(batch: MeasuredBatch, row: int, tokenizer: str) -> BadRecord:
    """The bad record for a document that a tokenizer could not count."""
    count, ordinal, offset = int(batch.tokens[tokenizer][row]), int(batch.ordinal[row]), batch.offset[row].as_py()
    if count == UNCOUNTED:
        why = (
            f"{batch.bytes[row]:,} bytes of text are too long for tokenizer {tokenizer}, and there is no place to"
            f" cut them into pieces of {LONGEST:,} bytes; split the document"
        )
        return BadRecord(ordinal, offset, "too_long_for_tokenizer", why)
    why = f"the token id {foreign_id(count):,} is not in the vocabulary of tokenizer {tokenizer}"
    return BadRecord(ordinal, offset, "bad_id", why)


def measure_backfill(
    batches: Sequence[TextBatch],
    counters: Mapping[str, Counter],
    steps: Sequence[Step],
    detect: Detect | None = None,
) -> BackfillBatch:
    """Tokens and labels of documents already in the catalog, with keys to check that the texts are the same.

    Tokens are ``UNCOUNTED`` where a counter can't count a document.
    """
    text = clean(_joined(batches), steps)
    return BackfillBatch(
        ordinal=_ordinals(batches),
        labels=_labels(batches, text, detect),
        bytes=byte_lengths(text),
        keys=text_keys(text),
        tokens={name: counter.count(text) for name, counter in counters.items()},
    )


def _joined(batches: Sequence[TextBatch]) -> pa.LargeStringArray:
    return batches[0].text if len(batches) == 1 else pa.concat_arrays([batch.text for batch in batches])


def _ordinals(batches: Sequence[TextBatch]) -> Int64:
    return np.concatenate([batch.ordinal for batch in batches])


def _labels(
    batches: Sequence[TextBatch], text: pa.LargeStringArray, detect: Detect | None
) -> dict[str, pa.StringArray]:
    """The labels that the readers found, and the language if it is detected."""
    names = dict.fromkeys(name for batch in batches for name in batch.labels)
    labels = {name: pa.concat_arrays([_label(batch, name) for batch in batches]) for name in names}
    return labels if detect is None else {**labels, LANGUAGE: detect(text)}


def _label(batch: TextBatch, name: str) -> pa.StringArray:
    return batch.labels[name] if name in batch.labels else pa.nulls(len(batch.ordinal), pa.string())
