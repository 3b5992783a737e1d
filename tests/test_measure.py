"""What is kept of a text does not depend on how texts are put together."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.measure import Step, clean, measure, recount, set_apart
from tokaudit.records import Int64, TextBatch
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
    for one, expected in zip(together, (measure([b], {"letters": Letters()}, ())[0] for b in batches), strict=True):
        assert one.bytes.tolist() == expected.bytes.tolist()
        assert one.words.tolist() == expected.words.tolist()
        assert one.keys.tolist() == expected.keys.tolist()
        assert one.signatures.tolist() == expected.signatures.tolist()
        assert one.tokens["letters"].tolist() == expected.tokens["letters"].tolist()


@given(TEXTS)
def test_bytes_are_those_of_utf8_and_tokens_those_of_the_counter(texts: list[str]) -> None:
    (measured,) = measure([batch(texts)], {"letters": Letters()}, ())

    assert measured.bytes.tolist() == [len(text.encode()) for text in texts]
    assert measured.tokens["letters"].tolist() == [len(text) for text in texts]
    assert measured.position == 7


@given(TEXTS)
def test_counting_again_gives_the_keys_and_tokens_of_the_first_time(texts: list[str]) -> None:
    (first,) = measure([batch(texts)], {"letters": Letters()}, (UPPER,))
    (again,) = recount([batch(texts)], {"letters": Letters()}, (UPPER,))

    assert again.keys.tolist() == first.keys.tolist()
    assert again.tokens["letters"].tolist() == first.tokens["letters"].tolist()


def test_steps_are_applied_in_order_before_anything_is_counted() -> None:
    double = Step("double", lambda text: pa.array([2 * each for each in text.to_pylist()], pa.large_string()))
    stars = Step("stars", lambda text: pa.array([f"{each}*" for each in text.to_pylist()], pa.large_string()))
    text = pa.array(["a"], pa.large_string())

    assert clean(text, (double, stars)).to_pylist() == ["aa*"]
    assert clean(text, (stars, double)).to_pylist() == ["a*a*"]
    assert measure([batch(["a"])], {}, (double, stars))[0].bytes.tolist() == [3]


class Short(Letters):
    """Counts characters, but of no text with a given one."""

    def __init__(self, refused: str) -> None:
        self.refused = refused

    def count(self, text: pa.LargeStringArray) -> Int64:
        """Characters of each text."""
        return np.where([self.refused in each for each in text.to_pylist()], UNCOUNTED, super().count(text))


@given(st.lists(st.text("abc", max_size=5), max_size=8))
def test_documents_that_a_counter_can_not_count_are_set_apart(texts: list[str]) -> None:
    counters = {"no a": Short("a"), "no b": Short("b")}
    (measured,) = measure([batch(texts)], counters, ())
    counted, bad = set_apart(measured)

    fit = [place for place, text in enumerate(texts) if set(text) <= {"c"}]
    assert counted.ordinal.tolist() == fit
    assert counted.tokens["no a"].tolist() == [len(texts[place]) for place in fit]
    assert [len(column) for column in (counted.offset, counted.words, counted.keys, counted.signatures)] == [
        len(fit)
    ] * 4
    assert [record.ordinal for record in bad] == [place for place, text in enumerate(texts) if not set(text) <= {"c"}]
    for record in bad:
        assert record.ordinal is not None
        assert ("no a" if "a" in texts[record.ordinal] else "no b") in record.why
