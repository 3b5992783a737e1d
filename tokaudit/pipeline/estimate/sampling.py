"""A bounded sample of many files: some of each format and size, evenly spread."""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat, zip_longest
from typing import Final

import numpy as np
import numpy.typing as npt

from tokaudit.pipeline.selected import Selected
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.samples import WINDOW_BYTES, FileSample
from tokaudit.readers.unpack.magic import compression_suffix

SAMPLE_BYTES: Final = 48_000_000
"""The most text that is read; a single record or page of a file may exceed it."""
SAMPLE_SECONDS: Final = 2.0
SAMPLE_FILES: Final = 1_000
_BATCH_BYTES: Final = 2_000_000

Numbers = npt.NDArray[np.int64] | npt.NDArray[np.float64]


_DEFAULTS: Final = ReadOptions()


@dataclass(frozen=True, slots=True)
class Stratum:
    """Files of one format and of sizes within a factor of four, and the samples read of them."""

    files: Sequence[Selected]
    samples: list[FileSample]

    @property
    def stored(self) -> int:
        """Stored bytes of all its files."""
        return sum(chosen.file.size for chosen in self.files)

    @property
    def read_bytes(self) -> int:
        """UTF-8 bytes of text in the samples."""
        return sum(sample.read_bytes for sample in self.samples)

    @property
    def read_seconds(self) -> float:
        """Seconds that reading the samples took."""
        return sum(sample.seconds for sample in self.samples)

    @property
    def exact(self) -> bool:
        """Whether every file was read to its end."""
        return len(self.samples) == len(self.files) and self.whole

    @property
    def open_ended(self) -> bool:
        """Whether the rest is of unknown size: the format gives no positions, and a file was not read to its end."""
        return not self.whole and not any(sample.stored for sample in self.samples)

    @property
    def whole(self) -> bool:
        """Whether all files in the samples were read to their end."""
        return all(sample.whole for sample in self.samples)


@dataclass(frozen=True, slots=True)
class Total:
    """A total estimated from a sample, and its standard error: 0 if it is exact, None if it is unknown."""

    value: float
    error: float | None

    def __mul__(self, factor: float) -> "Total":
        return Total(self.value * factor, None if self.error is None else self.error * factor)


def take_sample(
    selected: Sequence[Selected], text_fields: TextFields, options: ReadOptions = _DEFAULTS
) -> list[Stratum]:
    """Read a sample of the files: about `SAMPLE_BYTES` of text in `SAMPLE_SECONDS` at most.

    Each stratum has a share of these bytes in proportion to its stored bytes. The strata are read in turn, so that
    each is sampled before time is up. Empty files are in no stratum.

    Args:
        selected: the files.
        text_fields: which fields contain the text.
        options: how the files are read, but for the text field and the size of batches.
    """
    strata = _strata(selected)
    stored = max(1, sum(stratum.stored for stratum in strata))
    turns = [
        zip(
            repeat(stratum),
            _spread(stratum, stratum.stored / stored, len(selected), text_fields, options),
            strict=False,
        )
        for stratum in strata
    ]
    started = time.monotonic()
    for found in chain.from_iterable(zip_longest(*turns)):
        if found is None:
            continue
        stratum, sample = found
        stratum.samples.append(sample)
        if time.monotonic() - started > SAMPLE_SECONDS and all(one.samples for one in strata):
            break
    return strata


def _strata(selected: Sequence[Selected]) -> list[Stratum]:
    alike: dict[tuple[str, str, int], list[Selected]] = {}
    for chosen in selected:
        if chosen.file.size or not READERS.get(chosen.reader).knows_sizes:
            kind = (chosen.reader, compression_suffix(chosen.file.name), chosen.file.size.bit_length() // 2)
            alike.setdefault(kind, []).append(chosen)
    return [Stratum(files, []) for _, files in sorted(alike.items())]


def _spread(
    stratum: Stratum, share: float, all_files: int, text_fields: TextFields, options: ReadOptions
) -> Iterator[FileSample]:
    """Samples spread evenly over the files of the stratum, within its share of the bytes and of the files."""
    budget = max(WINDOW_BYTES, int(SAMPLE_BYTES * share))
    files = int(max(4, SAMPLE_FILES * max(share, len(stratum.files) / all_files)))
    chosen = stratum.files[:: -(-len(stratum.files) // files)]
    options = replace(options, batch_bytes=min(_BATCH_BYTES, budget))
    each = max(WINDOW_BYTES, budget // len(chosen))
    held = 0.0
    for sample in chain.from_iterable(zip_longest(*(_sample(one, each, text_fields, options) for one in chosen))):
        if sample is not None:
            yield sample
            held += sample.read_bytes
        if held >= budget:
            return


def _sample(chosen: Selected, budget: int, text_fields: TextFields, options: ReadOptions) -> Iterator[FileSample]:
    options = replace(options, text_fields=text_fields.of(chosen.file.below))
    return READERS.get(chosen.reader).sample(chosen.file, budget, options)


def _sum(totals: Sequence[Total]) -> Total:
    errors = [total.error for total in totals if total.error is not None]
    known = len(errors) == len(totals)
    return Total(sum(total.value for total in totals), math.hypot(*errors) if known else None)


def text_of(strata: Sequence[Stratum]) -> Total:
    """UTF-8 bytes of text in all files, before cleaning."""
    return _sum([_total(s, [sample.text_bytes for sample in s.samples], by_file=False) for s in strata])


def documents_of(strata: Sequence[Stratum]) -> Total:
    """Number of documents in all files."""
    return _sum([_total(s, [sample.documents for sample in s.samples], by_file=s.whole) for s in strata])


def _total(stratum: Stratum, values: Sequence[float], *, by_file: bool) -> Total:
    """The total over a stratum, scaled up from its samples by number of files or by stored bytes."""
    sizes = np.array([1.0 if by_file else sample.stored for sample in stratum.samples])
    whole = len(stratum.files) if by_file else stratum.stored
    if not whole or stratum.open_ended:
        return Total(sum(values), 0.0 if stratum.exact else None)
    return ratio(np.array(values), sizes, missing=max(0.0, 1 - sizes.sum() / whole)) * whole


def ratio(values: Numbers, sizes: Numbers, missing: float = 1.0) -> Total:
    """The ratio of values to sizes, from a sample that lacks a share of the whole.

    W. G. Cochran, Sampling Techniques (1977), 6.4: the ratio estimator and its standard error.
    """
    found = values.sum() / sizes.sum()
    if not missing:
        return Total(found, 0.0)
    if len(values) < 2:
        return Total(found, None)
    scatter = np.sum((values - found * sizes) ** 2) / (len(values) - 1) * missing / len(values)
    return Total(float(found), float(np.sqrt(scatter) / sizes.mean()))
