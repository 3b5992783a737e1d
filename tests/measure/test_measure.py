"""Measurements of a text do not depend on the texts measured with it."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.batches import TextBatch
from tokaudit.core.types import Int64
from tokaudit.ingesters.cleaning import Step, clean
from tokaudit.measure.measure import measure, measure_backfill, meet_nobody, split_uncounted
from tokaudit.measure.tokenizers.protocol import UNCOUNTED, Identity

TEXTS = st.lists(st.text(max_size=40), max_size=8)


class Letters:
    """Counts characters, as a tokenizer of single characters would."""

    identity = Identity("letters", "0" * 64, "test")
    fallback_reason = None

    def count(self, text: pa.LargeStringArray) -> Int64:
        """Characters of each text."""
        return np.array([len(each) for each in text.to_pylist()], np.int64)


def batch(texts: list[str]) -> TextBatch:
    """A batch with ordinals from 0 and no offsets."""
    return TextBatch(
        text=pa.array(texts, pa.large_string()),
        ordinal=np.arange(len(texts)),
        offset=pa.nulls(len(texts), pa.int64()),
        position=7,
    )


UPPER = Step("upper", lambda text: pa.array([each.upper() for each in text.to_pylist()], pa.large_string()))


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_batches_are_measured_alike_together_and_alone(groups: list[list[str]]) -> None:
    batches = [batch(texts) for texts in groups]
    together = measure(batches, {"letters": Letters()}, (), meet_nobody)
    alone = [measure([one], {"letters": Letters()}, (), meet_nobody) for one in batches]

    for name in ("ordinal", "bytes", "words", "keys", "signatures"):
        assert getattr(together, name).tolist() == [row for one in alone for row in getattr(one, name).tolist()]
    assert together.offset.to_pylist() == [None] * len(together.ordinal)
    assert together.tokens["letters"].tolist() == [len(text) for texts in groups for text in texts]


def test_a_missing_label_is_null_if_other_files_have_it() -> None:
    labelled = replace(batch(["a", "b"]), labels={"licence": pa.array(["mit", None], pa.string())})

    assert measure([batch(["c"]), labelled], {}, (), meet_nobody).labels["licence"].to_pylist() == [None, "mit", None]


@given(TEXTS)
def test_bytes_are_utf8_and_tokens_are_the_counters(texts: list[str]) -> None:
    measured = measure([batch(texts)], {"letters": Letters()}, (), meet_nobody)

    assert measured.bytes.tolist() == [len(text.encode()) for text in texts]
    assert measured.tokens["letters"].tolist() == [len(text) for text in texts]


def test_the_language_is_that_of_the_cleaned_text() -> None:
    detected: list[list[str]] = []

    def detect(text: pa.LargeStringArray) -> pa.StringArray:
        detected.append(text.to_pylist())
        return pa.array(["xx"] * len(text), pa.string())

    batches = [batch(["a", "b"]), batch(["c"])]
    measured = measure(batches, {}, (UPPER,), meet_nobody, detect)
    again = measure_backfill(batches, {}, (UPPER,), detect)

    assert detected == [["A", "B", "C"]] * 2
    assert [found.labels["language"].to_pylist() for found in (measured, again)] == [["xx"] * 3] * 2


@given(TEXTS)
def test_a_backfill_gives_the_same_keys_and_tokens(texts: list[str]) -> None:
    first = measure([batch(texts)], {"letters": Letters()}, (UPPER,), meet_nobody)
    again = measure_backfill([batch(texts)], {"letters": Letters()}, (UPPER,))

    assert again.ordinal.tolist() == first.ordinal.tolist()
    assert again.keys.tolist() == first.keys.tolist()
    assert again.tokens["letters"].tolist() == first.tokens["letters"].tolist()


def test_cleaning_steps_are_applied_in_order_before_counting() -> None:
    double = Step("double", lambda text: pa.array([2 * each for each in text.to_pylist()], pa.large_string()))
    stars = Step("stars", lambda text: pa.array([f"{each}*" for each in text.to_pylist()], pa.large_string()))
    text = pa.array(["a"], pa.large_string())

    assert clean(text, (double, stars)).to_pylist() == ["aa*"]
    assert clean(text, (stars, double)).to_pylist() == ["a*a*"]
    assert measure([batch(["a"])], {}, (double, stars), meet_nobody).bytes.tolist() == [3]


class Short(Letters):
    """Counts characters, but can't count texts with a given character."""

    def __init__(self, refused: str) -> None:
        self.refused = refused

    def count(self, text: pa.LargeStringArray) -> Int64:
        """Characters of each text."""
        return np.where([self.refused in each for each in text.to_pylist()], UNCOUNTED, super().count(text))


@given(st.lists(st.lists(st.text("abc", max_size=3), max_size=6), min_size=1, max_size=3))
def test_documents_that_a_counter_cannot_count_are_bad_records(groups: list[list[str]]) -> None:
    counters = {"no a": Short("a"), "no b": Short("b")}
    fits = [[place for place, text in enumerate(texts) if set(text) <= {"c"}] for texts in groups]
    whole = measure([batch(texts) for texts in groups], counters, (), meet_nobody)
    counted, documents, apart = split_uncounted(whole, [len(texts) for texts in groups])

    assert documents.tolist() == [len(fit) for fit in fits]
    assert counted.ordinal.tolist() == [place for fit in fits for place in fit]
    assert counted.tokens["no a"].tolist() == [len(groups[n][place]) for n, fit in enumerate(fits) for place in fit]
    assert [(n, record.ordinal) for n, record in apart] == [
        (n, place) for n, texts in enumerate(groups) for place in range(len(texts)) if place not in fits[n]
    ]
    for n, record in apart:
        assert record.ordinal is not None
        name = "no a" if "a" in groups[n][record.ordinal] else "no b"
        assert record.why == (
            f"{len(groups[n][record.ordinal])} bytes of text are too long for tokenizer {name}, and there is no place"
            " to cut them into pieces of 4,000,000 bytes; split the document"
        )


def test_only_texts_with_words_are_passed_on_with_keys_and_bands() -> None:
    met = []
    measured = measure([batch(["a b", "…"]), batch(["c"])], {}, (UPPER,), lambda *shown: met.append(shown))
    ((text, keys, bands),) = met

    assert text.to_pylist() == ["A B", "C"]
    assert keys.tolist() == measured.keys[[0, 2]].tolist()
    assert bands.tolist() == measured.bands[[0, 2]].tolist()
    measure([batch(["…"])], {}, (), lambda *shown: met.append(shown))
    assert len(met) == 1
