"""TextBatch to MeasuredBatch: every number that is kept of a text, and then the text is gone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.columns import column, integers
from tokaudit.fingerprints.exact import text_keys
from tokaudit.fingerprints.minhash import signatures
from tokaudit.records import BadRecord, Int64, MeasuredBatch, Recounted, TextBatch
from tokaudit.tokenizers import LONGEST, UNCOUNTED, Counter


@dataclass(frozen=True, slots=True)
class Step:
    """A cleaning step: its name, recorded with the source, and what it does to the texts of a batch."""

    name: str
    apply: Callable[[pa.LargeStringArray], pa.LargeStringArray]


def clean(text: pa.LargeStringArray, steps: Sequence[Step]) -> pa.LargeStringArray:
    """The texts after all steps, in order."""
    for step in steps:
        text = step.apply(text)
    return text


def measure(
    batches: Sequence[TextBatch], counters: Mapping[str, Counter], steps: Sequence[Step]
) -> list[MeasuredBatch]:
    """What is kept of each batch: bytes, words, keys, signatures, and tokens by each counter's name.

    A pure function whose kernels release the GIL, so that batches are measured in parallel threads. Small batches,
    such as files of a source tree, are measured together: a call of a counter costs milliseconds.

    Args:
        batches: the texts.
        counters: one a tokenizer, by its name.
        steps: cleaning steps, applied in order before anything is counted.

    Returns:
        One batch for each, with ``UNCOUNTED`` tokens where a counter can't count a document.
    """
    text = clean(_joined(batches), steps)
    signature, words = signatures(text)
    keys, size = text_keys(text), _bytes(text)
    tokens = {name: counter.count(text) for name, counter in counters.items()}
    return [
        MeasuredBatch(
            ordinal=batch.ordinal,
            offset=batch.offset,
            labels=batch.labels,
            bytes=size[part],
            words=words[part],
            keys=keys[part],
            tokens={name: counts[part] for name, counts in tokens.items()},
            signatures=signature[part],
            position=batch.position,
        )
        for batch, part in zip(batches, _parts(batches), strict=True)
    ]


def set_apart(batch: MeasuredBatch) -> tuple[MeasuredBatch, list[BadRecord]]:
    """The documents that all counters counted, and a bad record for each other, which names the first that did not."""
    blame: dict[int, str] = {}
    for name, counts in batch.tokens.items():
        if counts.min(initial=0) != UNCOUNTED:
            continue
        for place in np.flatnonzero(counts == UNCOUNTED).tolist():
            blame.setdefault(place, name)
    if not blame:
        return batch, []
    bad = [
        BadRecord(
            ordinal=int(batch.ordinal[place]),
            offset=batch.offset[place].as_py(),
            code="too_long_for_tokenizer",
            why=f"{batch.bytes[place]} bytes of text, of which tokenizer {name} would have to take more than {LONGEST}"
            " at once: there is no place to cut them (split the document, or count with another tokenizer)",
        )
        for place, name in sorted(blame.items())
    ]
    fit = np.delete(np.arange(len(batch.ordinal)), sorted(blame))
    counted = MeasuredBatch(
        ordinal=batch.ordinal[fit],
        offset=batch.offset.take(column(fit)),
        labels={name: values.take(column(fit)) for name, values in batch.labels.items()},
        bytes=batch.bytes[fit],
        words=batch.words[fit],
        keys=batch.keys[fit],
        tokens={name: counts[fit] for name, counts in batch.tokens.items()},
        signatures=batch.signatures[fit],
        position=batch.position,
    )
    return counted, bad


def recount(batches: Sequence[TextBatch], counters: Mapping[str, Counter], steps: Sequence[Step]) -> list[Recounted]:
    """Tokens and labels of documents that are in the catalog, with the keys that show that they are the same.

    Tokens are ``UNCOUNTED`` where a counter can't count a document.
    """
    text = clean(_joined(batches), steps)
    keys, size = text_keys(text), _bytes(text)
    tokens = {name: counter.count(text) for name, counter in counters.items()}
    return [
        Recounted(
            ordinal=batch.ordinal,
            labels=batch.labels,
            bytes=size[part],
            keys=keys[part],
            tokens={name: counts[part] for name, counts in tokens.items()},
            position=batch.position,
        )
        for batch, part in zip(batches, _parts(batches), strict=True)
    ]


def _joined(batches: Sequence[TextBatch]) -> pa.LargeStringArray:
    return batches[0].text if len(batches) == 1 else pa.concat_arrays([batch.text for batch in batches])


def _bytes(text: pa.LargeStringArray) -> Int64:
    return integers(pc.binary_length(text))


def _parts(batches: Sequence[TextBatch]) -> list[slice]:
    ends = np.cumsum([len(batch.text) for batch in batches]).tolist()
    return [slice(begin, end) for begin, end in zip([0, *ends], ends, strict=False)]
