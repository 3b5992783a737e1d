"""The fast counter: slices, threads, failures, and limited memory."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.measure.tokenizers import fast
from tokaudit.measure.tokenizers.fast import FastCounter
from tokaudit.measure.tokenizers.foreign_errors import ForeignError
from tokaudit.measure.tokenizers.protocol import Vocabulary
from tokaudit.measure.tokenizers.reference import ReferenceCounter
from tokaudit.measure.tokenizers.resolve import resolve
from tokaudit.measure.tokenizers.sample import sample

Make = Callable[[dict[str, Any]], Vocabulary]
TEXTS = ["the cat", "", "and the hat", "\ua7ce<s", "Kätzchen <|end|>", "", "x" * 100, "中文"]


@pytest.fixture(scope="module")
def reference(byte_level: dict[str, Any], vocabulary_of: Make) -> ReferenceCounter:
    return ReferenceCounter(vocabulary_of(byte_level), "reference")


@pytest.fixture
def counter(byte_level: dict[str, Any], vocabulary_of: Make, reference: ReferenceCounter) -> FastCounter:
    return FastCounter(vocabulary_of(byte_level), reference, "fast")


@pytest.fixture(scope="module")
def one_counter(byte_level: dict[str, Any], vocabulary_of: Make, reference: ReferenceCounter) -> FastCounter:
    return FastCounter(vocabulary_of(byte_level), reference, "fast")


@given(st.lists(st.text(max_size=20), max_size=12), st.integers(0, 5), st.integers(0, 12))
def test_any_slice_counts_as_with_the_reference(
    one_counter: FastCounter, reference: ReferenceCounter, texts: list[str], start: int, stop: int
) -> None:
    part = pa.array(texts, pa.large_string())[start : max(start, stop)]

    assert one_counter.count(part).tolist() == reference.count(part).tolist()


@given(st.lists(st.text(max_size=20), max_size=12), st.integers(0, 5))
def test_many_texts_count_like_few(one_counter: FastCounter, texts: list[str], start: int) -> None:
    part = pa.array(texts, pa.large_string())[start:]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "FEW_CELLS", -1)
        many = one_counter.attempt(part).tolist()

    assert one_counter.attempt(part).tolist() == many


@pytest.mark.parametrize("texts", [[], [""], ["", "", ""]])
def test_no_text_has_no_tokens(counter: FastCounter, arrow: Any, texts: list[str]) -> None:
    counts = counter.count(arrow(texts))

    assert counts.dtype == np.int64
    assert counts.tolist() == [0] * len(texts)


def test_pieces_change_no_count(counter: FastCounter, arrow: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = counter.count(arrow(TEXTS)).tolist()
    monkeypatch.setattr(fast, "GROUP_BYTES", 10)

    assert counter.count(arrow(TEXTS)).tolist() == whole


def test_many_threads_count_at_once(counter: FastCounter, arrow: Any) -> None:
    text = arrow(TEXTS * 50)
    expected = counter.count(text).tolist()
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(counter.count, [text] * 20))

    assert [result.tolist() for result in results] == [expected] * 20


def test_the_reference_counts_a_batch_on_which_gigatoken_fails(
    counter: FastCounter, reference: ReferenceCounter, arrow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Any) -> None:
        raise ForeignError("PanicException: out of bounds")

    monkeypatch.setattr(counter, "attempt", fail)

    assert counter.count(arrow(TEXTS)).tolist() == reference.count(arrow(TEXTS)).tolist()


def test_an_engine_that_failed_is_not_used_again(
    counter: FastCounter, arrow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PanicException(BaseException):
        pass

    def panic(*_: Any, **__: Any) -> None:
        raise PanicException("poisoned")

    expected = counter.count(arrow(TEXTS)).tolist()
    (engine,) = counter._idle  # noqa: SLF001 - there is no other way to break one
    monkeypatch.setattr(engine, "_tokenizer", type("Broken", (), {"encode_batch": panic})())

    assert counter.count(arrow(TEXTS)).tolist() == expected
    assert counter._idle == []  # noqa: SLF001
    assert counter.attempt(arrow(["the cat"])).tolist() == counter.count(arrow(["the cat"])).tolist()


@pytest.mark.parametrize(("seconds", "expected"), [(0.0, 1), (1.0, 3)], ids=["known words", "new words"])
def test_an_engine_retires_after_too_much_time_on_new_words(
    seconds: float,
    expected: int,
    byte_level: dict[str, Any],
    vocabulary_of: Make,
    reference: ReferenceCounter,
    arrow: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = count(step=seconds)
    monkeypatch.setattr(fast, "time", SimpleNamespace(thread_time=lambda: next(clock)))
    loads = []
    vocabulary = vocabulary_of(byte_level)

    def load() -> bytes:
        loads.append(1)
        return vocabulary.load()

    counter = FastCounter(Vocabulary("test", vocabulary.sha256, "test", load), reference, "fast")
    counts = [counter.count(arrow(TEXTS)).tolist() for _ in range(3)]

    assert len(loads) == expected
    assert counts == [reference.count(arrow(TEXTS)).tolist()] * 3


def test_a_keyboard_interrupt_passes_through(counter: FastCounter, arrow: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(counter, "attempt", interrupt)

    with pytest.raises(KeyboardInterrupt):
        counter.count(arrow(TEXTS))


def test_the_reference_counts_only_pieces_with_new_characters(
    byte_level: dict[str, Any], vocabulary_of: Make, arrow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    reference = ReferenceCounter(vocabulary_of(byte_level), "reference")
    reference.split_at()
    whole = reference.count(arrow(["the cat and \ua7ce<s the hat", "no more"])).tolist()
    counted = reference.count

    def watch(text: pa.LargeStringArray) -> Any:
        seen.extend(text.to_pylist())
        return counted(text)

    monkeypatch.setattr(reference, "count", watch)

    counter = FastCounter(vocabulary_of(byte_level), reference, "fast")
    assert counter.count(arrow(["the cat and \ua7ce<s the hat", "no more"])).tolist() == whole
    assert seen == [" \ua7ce<s"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cl100k_base", "o200k_base"])
def test_ranks_and_merges_give_the_same_counts(arrow: Any, name: str) -> None:
    vocabulary = resolve(name)
    text = arrow([*TEXTS, *sample([])])
    reference = ReferenceCounter(vocabulary, "reference")
    of_ranks = FastCounter(vocabulary, reference, "fast").attempt(text)
    of_merges = FastCounter(replace(vocabulary, ranks=None), reference, "fast").attempt(text)

    assert vocabulary.ranks is not None
    assert of_ranks.tolist() == of_merges.tolist()


def test_only_openai_vocabularies_have_ranks() -> None:
    assert [resolve(name).ranks for name in ("glm4", "qwen3", "deepseek_v3", "mistral_v3")] == [None] * 4


def test_a_vocabulary_with_ranks_is_loaded_from_them(arrow: Any) -> None:
    def never() -> bytes:
        raise AssertionError

    vocabulary = replace(resolve("cl100k_base"), load=never)

    assert FastCounter(vocabulary, ReferenceCounter(vocabulary, "reference"), "fast").attempt(arrow(["a b"])) == [2]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the ranks need a folder")
def test_ranks_need_no_folder_that_may_be_left(arrow: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    vocabulary = resolve("cl100k_base")
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")

    assert FastCounter(vocabulary, ReferenceCounter(vocabulary, "reference"), "fast").attempt(arrow(["a b"])) == [2]
