"""The reference counter gives the counts of `tokenizers`."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import tokenizers

from tokaudit.core.errors import InputError
from tokaudit.measure.tokenizers import reference
from tokaudit.measure.tokenizers.protocol import Vocabulary
from tokaudit.measure.tokenizers.reference import ReferenceCounter

Parsed = dict[str, Any]
Make = Callable[[Parsed], Vocabulary]
TEXTS = ["the cat", "", "and the hat <|end|> [UNK] xyz", "Kätzchen", "x" * 300]


def test_it_counts_as_tokenizers_does(word_piece: Parsed, vocabulary_of: Make, arrow: Any) -> None:
    tokenizer = tokenizers.Tokenizer.from_str(json.dumps(word_piece))
    counter = ReferenceCounter(vocabulary_of(word_piece), "tokenizers")

    expected = [len(tokenizer.encode(text, add_special_tokens=False).ids) for text in TEXTS]
    assert counter.count(arrow(TEXTS)).tolist() == expected
    assert counter.count(arrow(TEXTS)[1:3]).tolist() == expected[1:3]
    assert counter.count(arrow([])).tolist() == []


def test_pieces_and_threads_change_no_count(
    word_piece: Parsed, vocabulary_of: Make, arrow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = ReferenceCounter(vocabulary_of(word_piece), "tokenizers").count(arrow(TEXTS)).tolist()
    monkeypatch.setattr(reference, "PIECE_BYTES", 10)
    counter = ReferenceCounter(vocabulary_of(word_piece), "tokenizers")
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(counter.count, [arrow(TEXTS)] * 8))

    assert [result.tolist() for result in results] == [expected] * 8


def test_an_added_token_counts_as_one_token(byte_level: Parsed, vocabulary_of: Make, arrow: Any) -> None:
    counter = ReferenceCounter(vocabulary_of(byte_level), "tokenizers")

    assert counter.count(arrow(["<|end|>", "<|end|><|end|>"])).tolist() == [1, 2]


def test_a_model_without_an_unknown_token_fails_with_a_reason(vocabulary_of: Make, arrow: Any) -> None:
    parsed = json.loads(tokenizers.Tokenizer(tokenizers.models.WordLevel({"cat": 0}, unk_token="[UNK]")).to_str())  # noqa: S106 - not a password
    counter = ReferenceCounter(vocabulary_of(parsed), "tokenizers")

    assert counter.count(arrow(["cat"])).tolist() == [1]
    with pytest.raises(InputError, match=r"tokenizer test fails on a text: .*UNK"):
        counter.count(arrow(["dog"]))
