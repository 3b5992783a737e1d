"""What is kept of a text does not depend on how texts are put together."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.measure import Step, clean, measure, recount, set_apart
from tokaudit.records import BadRecord, Int64, Part, TextBatch
from tokaudit.tokenizers import UNCOUNTED, Identity

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
def test_batches_measured_together_are_as_each_measured_alone(groups: list[list[str]]) -> None:
    batches = [batch(texts) for texts in groups]
    together = measure(batches, {"letters": Letters()}, ())

    assert len(together) == len(batches)
    assert [part.position for part in together] == [7] * len(batches)
    for (whole, rows), (one, all_rows) in zip(
        ((part.batch, part.rows) for part in together),
        ((part.batch, part.rows) for b in batches for part in measure([b], {"letters": Letters()}, ())),
        strict=True,
    ):
        assert all_rows == slice(0, len(one.ordinal))
        assert whole.ordinal[rows].tolist() == one.ordinal.tolist()
        assert whole.bytes[rows].tolist() == one.bytes.tolist()
        assert whole.words[rows].tolist() == one.words.tolist()
        assert whole.keys[rows].tolist() == one.keys.tolist()
        assert whole.signatures[rows].tolist() == one.signatures.tolist()
        assert whole.tokens["letters"][rows].tolist() == one.tokens["letters"].tolist()


def test_a_label_that_a_file_has_not_is_null_beside_files_that_have_it() -> None:
    labelled = replace(batch(["a", "b"]), labels={"licence": pa.array(["mit", None], pa.string())})
    first, second = measure([batch(["c"]), labelled], {}, ())

    assert first.batch is second.batch
    assert first.batch.labels["licence"].to_pylist() == [None, "mit", None]
    assert first.batch.labels["licence"][second.rows].to_pylist() == ["mit", None]


@given(TEXTS)
def test_bytes_are_those_of_utf8_and_tokens_those_of_the_counter(texts: list[str]) -> None:
    (part,) = measure([batch(texts)], {"letters": Letters()}, ())

    assert part.batch.bytes.tolist() == [len(text.encode()) for text in texts]
    assert part.batch.tokens["letters"].tolist() == [len(text) for text in texts]


@given(TEXTS)
def test_counting_again_gives_the_keys_and_tokens_of_the_first_time(texts: list[str]) -> None:
    (first,) = measure([batch(texts)], {"letters": Letters()}, (UPPER,))
    (again,) = recount([batch(texts)], {"letters": Letters()}, (UPPER,))

    assert again.rows == first.rows
    assert again.batch.keys.tolist() == first.batch.keys.tolist()
    assert again.batch.tokens["letters"].tolist() == first.batch.tokens["letters"].tolist()


def test_steps_are_applied_in_order_before_anything_is_counted() -> None:
    double = Step("double", lambda text: pa.array([2 * each for each in text.to_pylist()], pa.large_string()))
    stars = Step("stars", lambda text: pa.array([f"{each}*" for each in text.to_pylist()], pa.large_string()))
    text = pa.array(["a"], pa.large_string())

    assert clean(text, (double, stars)).to_pylist() == ["aa*"]
    assert clean(text, (stars, double)).to_pylist() == ["a*a*"]
    assert measure([batch(["a"])], {}, (double, stars))[0].batch.bytes.tolist() == [3]


class Short(Letters):
    """Counts characters, but of no text with a given one."""

    def __init__(self, refused: str) -> None:
        self.refused = refused

    def count(self, text: pa.LargeStringArray) -> Int64:
        """Characters of each text."""
        return np.where([self.refused in each for each in text.to_pylist()], UNCOUNTED, super().count(text))


@given(st.lists(st.lists(st.text("abc", max_size=3), max_size=6), min_size=1, max_size=3))
def test_documents_that_a_counter_can_not_count_are_set_apart(groups: list[list[str]]) -> None:
    counters = {"no a": Short("a"), "no b": Short("b")}
    apart = set_apart(measure([batch(texts) for texts in groups], counters, ()))

    for texts, found in zip(groups, apart, strict=True):
        parts = [each for each in found if isinstance(each, Part)]
        bad = [each for each in found if isinstance(each, BadRecord)]
        fit = [place for place, text in enumerate(texts) if set(text) <= {"c"}]
        assert found == [*parts, *bad]
        assert [place for part in parts for place in part.batch.ordinal[part.rows].tolist()] == fit
        assert [count for part in parts for count in part.batch.tokens["no a"][part.rows].tolist()] == [
            len(texts[place]) for place in fit
        ]
        assert [record.ordinal for record in bad] == [place for place in range(len(texts)) if place not in fit]
        for record in bad:
            assert record.ordinal is not None
            assert ("no a" if "a" in texts[record.ordinal] else "no b") in record.why
