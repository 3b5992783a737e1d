"""Bundled vocabularies are the published ones, and count as splintr and the reference do."""

import unicodedata
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import splintr
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.core.errors import TokauditError
from tokaudit.measure.tokenizers.protocol import Counter
from tokaudit.measure.tokenizers.ranks import ranks_sha256
from tokaudit.measure.tokenizers.reference import ReferenceCounter
from tokaudit.measure.tokenizers.resolve import load_counter, resolve
from tokaudit.measure.tokenizers.sample import sample
from tokaudit.measure.tokenizers.sources import bundled
from tokaudit.measure.tokenizers.sources.bundled import BUNDLED

FRAGMENTS = st.sampled_from(
    [" ", "  ", "\n", "\r\n", "\t", "\u3000", "a", "A", "the", "'s", "'LL", "12345", "é", "中文", "..."]
)
TEXTS = st.lists(st.lists(FRAGMENTS | st.text(max_size=6), max_size=12).map("".join), max_size=12)


@pytest.fixture(scope="module")
def counter() -> Counter:
    return load_counter(resolve("cl100k_base"))


@pytest.fixture(scope="module")
def reference() -> Counter:
    return ReferenceCounter(resolve("cl100k_base"), "tokenizers")


@pytest.fixture(scope="module")
def other_opinion() -> Any:
    return splintr.Tokenizer.from_pretrained("cl100k_base")


def test_the_fast_counter_counts_the_default(counter: Counter) -> None:
    assert counter.fallback_reason is None
    assert counter.identity.counter.startswith("gigatoken ")


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(TEXTS, st.integers(0, 3))
def test_counts_are_those_of_the_reference_and_splintr(
    counter: Counter, reference: Counter, other_opinion: Any, texts: list[str], skipped: int
) -> None:
    array = pa.array(texts, pa.large_string())[skipped:]
    counts = counter.count(array).tolist()

    assert counts == reference.count(array).tolist()
    assert counts == [len(other_opinion.encode_ordinary(text)) for text in texts[skipped:]]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_documents_count_the_same_in_a_batch_and_alone(counter: Counter, texts: list[str]) -> None:
    together = counter.count(pa.array(texts, pa.large_string()))

    assert together.tolist() == [int(counter.count(pa.array([text], pa.large_string()))[0]) for text in texts]


def test_a_text_that_spells_a_special_token_is_ordinary_text(counter: Counter, arrow: Any) -> None:
    special, spelled = counter.count(arrow(["<|endoftext|>", "< |endoftext|>"]))

    assert special > 1
    assert spelled > 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["deepseek_v3", "qwen3"])
def test_other_schemes_count_as_splintr_does(name: str, arrow: Any) -> None:
    texts = [unicodedata.normalize("NFC", text) for text in sample(["<|im_start|>"])]
    other = splintr.Tokenizer.from_pretrained(name)
    splintr_counts = [len(other.encode_ordinary(text)) for text in texts]

    assert load_counter(resolve(name)).count(arrow(texts)).tolist() == splintr_counts


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(BUNDLED))
def test_splintr_has_the_published_ranks(name: str) -> None:
    ranks = bundled._ranks(name)  # noqa: SLF001 - building all tokenizers takes too long for a test

    assert ranks_sha256(ranks) == BUNDLED[name].ranks_sha256
    assert len(ranks) == BUNDLED[name].tokens


def test_other_data_under_a_known_name_is_refused(monkeypatch: pytest.MonkeyPatch, fresh_cache: Path) -> None:
    class Other:
        @staticmethod
        def from_pretrained(name: str) -> "Other":
            assert name == "cl100k_base"
            return Other()

        def decode_token_bytes(self, number: int) -> bytes:
            return b"%d" % number

    monkeypatch.setattr(splintr, "Tokenizer", Other)

    with pytest.raises(
        TokauditError, match=r"cl100k_base: the installed splintr-rs has other data .*; install splintr"
    ):
        resolve("cl100k_base").load()
    assert not fresh_cache.exists()


def test_finding_a_bundled_vocabulary_builds_nothing(monkeypatch: pytest.MonkeyPatch, fresh_cache: Path) -> None:
    monkeypatch.setattr(bundled, "load_bundled", lambda _: pytest.fail("loaded"))

    assert resolve("o200k_base").sha256 == BUNDLED["o200k_base"].sha256
    assert not fresh_cache.exists()
