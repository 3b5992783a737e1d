"""Small vocabularies, trained for the tests."""

import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
import tokenizers
from tokenizers import models, pre_tokenizers, trainers

from tokaudit.measure.tokenizers.canonical import read_tokenizer_json, sha256_of
from tokaudit.measure.tokenizers.protocol import Vocabulary

TEXTS = ["the cat sat on the mat", "a hat and a cat and the rat", "that is what the cat said <|end|> indeed"] * 4


@pytest.fixture(scope="session")
def byte_level() -> dict[str, Any]:
    """A byte-level BPE, which gigatoken can load, as a parsed tokenizer.json."""
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=300, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=["<|end|>"]
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    parsed: dict[str, Any] = json.loads(tokenizer.to_str())
    return parsed


@pytest.fixture(scope="session")
def word_piece() -> dict[str, Any]:
    """A WordPiece, which only the reference can load, as a parsed tokenizer.json."""
    tokenizer = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))  # noqa: S106 - not a password
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.train_from_iterator(TEXTS, trainers.WordPieceTrainer(vocab_size=80, special_tokens=["[UNK]"]))
    parsed: dict[str, Any] = json.loads(tokenizer.to_str())
    return parsed


@pytest.fixture(scope="session")
def vocabulary_of() -> Callable[[dict[str, Any]], Vocabulary]:
    """Makes a vocabulary from a parsed tokenizer.json."""

    def make(parsed: dict[str, Any]) -> Vocabulary:
        data = read_tokenizer_json(json.dumps(parsed).encode(), "test")
        return Vocabulary("test", sha256_of(data), "test", lambda: data)

    return make


@pytest.fixture(scope="session")
def arrow() -> Callable[[list[str]], pa.LargeStringArray]:
    """Makes Arrow text from strings."""
    return lambda texts: pa.array(texts, pa.large_string())
