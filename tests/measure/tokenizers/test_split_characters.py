"""Split characters are found for each vocabulary, and cuts before them change no count."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
import tokenizers
from tokenizers import models, normalizers, pre_tokenizers, trainers

from tokaudit.measure.tokenizers.protocol import Vocabulary
from tokaudit.measure.tokenizers.reference import ReferenceCounter
from tokaudit.measure.tokenizers.resolve import resolve
from tokaudit.measure.tokenizers.sample import FRAGMENTS
from tokaudit.measure.tokenizers.split_characters import recall_split_characters
from tokaudit.measure.tokenizers.split_points import SPLIT_CHARACTERS, split_documents

Parsed = dict[str, Any]
Make = Callable[[Parsed], Vocabulary]


def trained(pre_tokenizer: Any, normalizer: Any = None, **model: Any) -> Parsed:
    """A small BPE whose tokens may contain blanks, if its pre-tokenizer allows it."""
    tokenizer = tokenizers.Tokenizer(models.BPE(unk_token="?", **model))  # noqa: S106 - not a password
    if pre_tokenizer is not None:
        tokenizer.pre_tokenizer = pre_tokenizer
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=["?"])
    tokenizer.train_from_iterator(["the of word, the of word\nthe of " * 20], trainer)
    parsed: Parsed = json.loads(tokenizer.to_str())
    return parsed


def split_at(vocabulary: Vocabulary) -> str:
    return ReferenceCounter(vocabulary, "tokenizers").split_at()


@pytest.mark.usefixtures("fresh_cache")
@pytest.mark.parametrize("kind", ["byte_level", "word_piece"])
def test_usual_vocabularies_have_all_split_characters(
    kind: str, vocabulary_of: Make, request: pytest.FixtureRequest
) -> None:
    assert split_at(vocabulary_of(request.getfixturevalue(kind))) == SPLIT_CHARACTERS


@pytest.mark.usefixtures("fresh_cache")
@pytest.mark.parametrize(
    ("pre_tokenizer", "normalizer"),
    [
        (None, None),
        (None, normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])),
        (pre_tokenizers.Whitespace(), normalizers.Strip()),
    ],
    ids=["whole text", "as SentencePiece", "strips"],
)
def test_a_vocabulary_without_words_has_no_split_characters(
    pre_tokenizer: Any, normalizer: Any, vocabulary_of: Make
) -> None:
    assert split_at(vocabulary_of(trained(pre_tokenizer, normalizer))) == ""


@pytest.mark.slow
@pytest.mark.usefixtures("fresh_cache")
@pytest.mark.parametrize(
    ("pre_tokenizer", "shown", "refused"),
    [
        (pre_tokenizers.Metaspace(), " ", "\n"),
        (pre_tokenizers.Split("\n", "isolated"), "\n", " "),
        (pre_tokenizers.ByteLevel(add_prefix_space=True), " ", "\n"),
    ],
)
def test_a_character_inside_words_is_not_a_split_character(
    pre_tokenizer: Any, shown: str, refused: str, vocabulary_of: Make
) -> None:
    found = split_at(vocabulary_of(trained(pre_tokenizer)))

    assert shown in found
    assert refused not in found


@pytest.mark.usefixtures("fresh_cache")
@pytest.mark.parametrize(
    ("token", "lost"),
    [({"content": "new york"}, " \t\n\r"), ({"content": "<x>", "rstrip": True}, " \t\n\r"), ({"content": "1,0"}, ",")],
)
def test_a_character_inside_an_added_token_is_not_a_split_character(
    token: Parsed, lost: str, byte_level: Parsed, vocabulary_of: Make
) -> None:
    flags = {"id": 999, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    vocabulary = vocabulary_of(byte_level | {"added_tokens": [*byte_level["added_tokens"], flags | token]})

    assert split_at(vocabulary) == "".join(mark for mark in SPLIT_CHARACTERS if mark not in lost)


def test_split_characters_are_looked_for_once(
    fresh_cache: Any, byte_level: Parsed, vocabulary_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    vocabulary = vocabulary_of(byte_level)
    first = split_at(vocabulary)
    monkeypatch.setattr(
        "tokaudit.measure.tokenizers.reference.find_split_characters", lambda *_: pytest.fail("looked again")
    )

    assert fresh_cache.is_dir()
    assert split_at(vocabulary) == first
    assert recall_split_characters(vocabulary.sha256, "another version") is None


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cl100k_base", "o200k_base", "qwen3", "deepseek_v3", "mistral_v3"])
def test_bundled_vocabularies_count_the_same_in_pieces(name: str, arrow: Any) -> None:
    counter = ReferenceCounter(resolve(name), "tokenizers")
    chance = random.Random(7)
    joints = ("", " ", "  ", "\n", "\n\n", "\r\n", ",", ", ", "。", "\t")
    texts = ["".join(chance.choice(FRAGMENTS) + chance.choice(joints) for _ in range(30)) for _ in range(150)]
    pieces = split_documents(arrow(texts), SPLIT_CHARACTERS, 1, isolate_new_unicode=False)

    assert counter.split_at() == SPLIT_CHARACTERS
    assert len(pieces.text) > 1000
    assert pieces.sums(counter.count(pieces.text)).tolist() == counter.count(arrow(texts)).tolist()
