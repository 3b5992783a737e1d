"""The counter for a vocabulary: the fast one if it gives the reference's numbers, else the reference."""

from typing import Final

import numpy as np
import orjson
import pyarrow as pa

from tokaudit.core.errors import InputError
from tokaudit.core.progress import Notify
from tokaudit.measure.tokenizers.agreement_check import (
    fast_version,
    keep_agreement,
    recall_agreement,
    reference_version,
)
from tokaudit.measure.tokenizers.fast import FastCounter
from tokaudit.measure.tokenizers.foreign_errors import ForeignError
from tokaudit.measure.tokenizers.protocol import Counter, Vocabulary
from tokaudit.measure.tokenizers.reference import ReferenceCounter
from tokaudit.measure.tokenizers.sample import sample

_SHOWN: Final = 40  # characters of a text in a message
_PART: Final = 50  # texts of the sample that are counted at once: few texts are counted in another way than many


def load(vocabulary: Vocabulary, notify: Notify) -> Counter:
    """See ``tokaudit.measure.tokenizers.resolve.load_counter``."""
    notify(f"loading tokenizer {vocabulary.name}")
    fast = fast_version()
    if fast is None:
        return _reference(vocabulary, "gigatoken or awkward is not installed")
    why_not = recall_agreement(vocabulary.sha256)
    if why_not:
        return _reference(vocabulary, why_not)
    reference = ReferenceCounter(vocabulary, reference_version())
    counter = FastCounter(vocabulary, reference, fast)
    if why_not is not None:
        return counter  # gigatoken is loaded when there is something to count
    notify(f"checking tokenizer {vocabulary.name} (once per version, takes some seconds)")
    reference.load()  # the vocabulary's own faults come first
    try:
        why_not = _difference(counter, reference, vocabulary)
    except ForeignError as error:
        if isinstance(error.__cause__, ImportError):  # not the vocabulary's fault
            return _reference(vocabulary, f"gigatoken can't be imported: {error}")
        why_not = f"gigatoken can't count with it: {error}"
    keep_agreement(vocabulary.sha256, why_not)
    if why_not:
        return _reference(vocabulary, why_not)
    if (
        recall_agreement(vocabulary.sha256) is not None
    ):  # there is a cache, so this is done once, not by the first batch
        reference.split_at()
    return counter


def _reference(vocabulary: Vocabulary, why: str) -> ReferenceCounter:
    counter = ReferenceCounter(vocabulary, reference_version(), why)
    counter.load()
    return counter


def _difference(counter: FastCounter, reference: ReferenceCounter, vocabulary: Vocabulary) -> str:
    """The first text of the sample that the two count differently; empty if there is none."""
    added = [token["content"] for token in orjson.loads(vocabulary.load())["added_tokens"]]
    text = pa.array(sample(added), pa.large_string())
    try:
        right = reference.count(text)
    except InputError as error:
        return f"the reference fails on the sample: {error}"
    in_parts = [counter.attempt(text[begin : begin + _PART]) for begin in range(0, len(text), _PART)]
    differ = np.flatnonzero((counter.attempt(text) != right) | (np.concatenate(in_parts) != right))
    return f"gigatoken miscounts {text[int(differ[0])].as_py()[:_SHOWN]!r}" if len(differ) else ""
