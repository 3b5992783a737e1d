"""TextBatch to MeasuredBatch: every number that is kept of a text, and then the text is gone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tokaudit.columns import integers
from tokaudit.fingerprints.exact import text_keys
from tokaudit.fingerprints.minhash import signatures
from tokaudit.records import B, BadRecord, Int64, MeasuredBatch, Part, Recounted, TextBatch
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
) -> list[Part[MeasuredBatch]]:
    """What is kept of the texts: bytes, words, keys, signatures, and tokens by each counter's name.

    A pure function whose kernels release the GIL, so that batches are measured in parallel threads. Small batches,
    such as files of a source tree, are measured together: a call of a counter costs milliseconds.

    Args:
        batches: the texts; at least one.
        counters: one a tokenizer, by its name.
        steps: cleaning steps, applied in order before anything is counted.

    Returns:
        One part for each, all of one batch, with ``UNCOUNTED`` tokens where a counter can't count a document.
    """
    text = clean(_joined(batches), steps)
    signature, words = signatures(text)
    measured = MeasuredBatch(
        ordinal=_ordinals(batches),
        offset=pa.concat_arrays([batch.offset for batch in batches]),
        labels=_labels(batches),
        bytes=_bytes(text),
        words=words,
        keys=text_keys(text),
        tokens={name: counter.count(text) for name, counter in counters.items()},
        signatures=signature,
    )
    return _parts(batches, measured)


def set_apart(parts: Sequence[Part[MeasuredBatch]]) -> list[list[Part[MeasuredBatch] | BadRecord]]:
    """For each part of one batch what all counters counted, and then a bad record for each other document.

    It names the first counter that could not count the document.
    """
    batch = parts[0].batch
    blame: dict[int, str] = {}
    for name, counts in batch.tokens.items():
        for row in np.flatnonzero(counts == UNCOUNTED).tolist():
            blame.setdefault(row, name)
    if not blame:
        return [[part] for part in parts]
    return [_apart(part, {row: blame[row] for row in sorted(blame) if row in range(*_ends(part))}) for part in parts]


def _apart(part: Part[MeasuredBatch], blame: Mapping[int, str]) -> list[Part[MeasuredBatch] | BadRecord]:
    begin, end = _ends(part)
    counted = zip([begin, *(row + 1 for row in blame)], [*blame, end], strict=True)
    bad = [
        BadRecord(
            ordinal=int(part.batch.ordinal[row]),
            offset=part.batch.offset[row].as_py(),
            code="too_long_for_tokenizer",
            why=f"{part.batch.bytes[row]} bytes of text, of which tokenizer {name} would have to take more than"
            f" {LONGEST} at once: there is no place to cut them (split the document, or count with another tokenizer)",
        )
        for row, name in blame.items()
    ]
    return [*(replace(part, rows=slice(*ends)) for ends in counted), *bad]


def recount(
    batches: Sequence[TextBatch], counters: Mapping[str, Counter], steps: Sequence[Step]
) -> list[Part[Recounted]]:
    """Tokens and labels of documents that are in the catalog, with the keys that show that they are the same.

    Tokens are ``UNCOUNTED`` where a counter can't count a document.
    """
    text = clean(_joined(batches), steps)
    recounted = Recounted(
        ordinal=_ordinals(batches),
        labels=_labels(batches),
        bytes=_bytes(text),
        keys=text_keys(text),
        tokens={name: counter.count(text) for name, counter in counters.items()},
    )
    return _parts(batches, recounted)


def _joined(batches: Sequence[TextBatch]) -> pa.LargeStringArray:
    return batches[0].text if len(batches) == 1 else pa.concat_arrays([batch.text for batch in batches])


def _ordinals(batches: Sequence[TextBatch]) -> Int64:
    return np.concatenate([batch.ordinal for batch in batches])


def _labels(batches: Sequence[TextBatch]) -> dict[str, pa.StringArray]:
    names = dict.fromkeys(name for batch in batches for name in batch.labels)
    return {name: pa.concat_arrays([_label(batch, name) for batch in batches]) for name in names}


def _label(batch: TextBatch, name: str) -> pa.StringArray:
    return batch.labels[name] if name in batch.labels else pa.nulls(len(batch.ordinal), pa.string())


def _bytes(text: pa.LargeStringArray) -> Int64:
    return integers(pc.binary_length(text))


def _parts(batches: Sequence[TextBatch], measured: B) -> list[Part[B]]:
    ends = np.cumsum([0, *(len(batch.ordinal) for batch in batches)]).tolist()
    return [
        Part(measured, slice(begin, end), batch.position)
        for batch, begin, end in zip(batches, ends[:-1], ends[1:], strict=True)
    ]


def _ends(part: Part[MeasuredBatch]) -> tuple[int, int]:
    return part.rows.start, part.rows.stop
