"""What the ids of a vocabulary stand for: bytes of text, end-of-text, special tokens."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np
import orjson

from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.token_ids import TokenIds
from tokaudit.core.types import Int32
from tokaudit.measure.tokenizers.protocol import Vocabulary
from tokaudit.measure.tokenizers.sources.bundled import BUNDLED
from tokaudit.measure.tokenizers.special_ids import SPECIAL_IDS, SpecialIds

END_OF_TEXT: Final = (
    "<|endoftext|>",
    "<|end_of_text|>",
    "<\uff5cend▁of▁sentence\uff5c>",
    "</s>",
    "<eos>",
    "<|eos|>",
    "<eod>",
    "<|eod|>",
    "[EOS]",
)
"""Spellings of the token between documents; the first that a vocabulary has is its end-of-text token."""

_MOST_IDS: Final = 1 << 24
BLANK: Final = "▁"
"""How SentencePiece writes a blank."""


def token_ids(vocabulary: Vocabulary) -> TokenIds:
    """The ids of a vocabulary.

    Raises:
        UsageError: the vocabulary does not say which text an id stands for.
        InputError: its ids are not numbers from 0.
    """
    tokenizer = orjson.loads(vocabulary.load())
    tokens = tokens_of(tokenizer["model"], vocabulary)
    added = {token["content"]: token for token in tokenizer["added_tokens"]}
    ids = tokens | {text: token["id"] for text, token in added.items()}
    if not all(isinstance(number, int) and 0 <= number < _MOST_IDS for number in ids.values()):
        raise InputError(f"{vocabulary.source}: has token ids that are not numbers below {_MOST_IDS:,}")
    special = special_ids(vocabulary)
    first = special.first
    table = np.full(
        max([*(number + first for number in ids.values()), *special.all_ids()], default=0) + 2, -1, np.int32
    )
    sizes, blanks = _sizes(tokens, tokenizer, vocabulary)
    numbers = np.fromiter(tokens.values(), np.int64, len(tokens)) + first
    table[numbers] = sizes
    for text, token in added.items():
        table[token["id"]] = 0 if token.get("special") else len(text.encode())
    table[list(special.all_ids())] = 0
    added_blank = None
    if blanks is not None:
        added_blank = np.zeros(len(table), np.bool_)
        added_blank[numbers] = blanks
    end_of_text = special.end_of_text
    if end_of_text is None:
        end_of_text = next((ids[text] for text in END_OF_TEXT if text in ids), None)
    return TokenIds(vocabulary.name, vocabulary.sha256, table, end_of_text, added_blank)


def special_ids(vocabulary: Vocabulary) -> SpecialIds:
    """The special tokens of a vocabulary of ranks, which does not have them in its own data."""
    if vocabulary.ranks is not None and vocabulary.ranks.scheme in SPECIAL_IDS:
        return SPECIAL_IDS[vocabulary.ranks.scheme]
    name = next((name for name, bundled in BUNDLED.items() if bundled.sha256 == vocabulary.sha256), "")
    return SPECIAL_IDS.get(name, SpecialIds())


def tokens_of(model: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, int]:
    """Token -> id."""
    if model.get("type", "BPE") == "Unigram":
        return {text: number for number, (text, _) in enumerate(model["vocab"])}
    if model.get("type", "BPE") != "BPE" or model.get("end_of_word_suffix"):
        raise _unclear(vocabulary, model.get("type", "BPE"))
    return dict(model["vocab"])


def _unclear(vocabulary: Vocabulary, kind: str) -> UsageError:
    return UsageError(
        f"tokenizer {vocabulary.name}: a vocabulary of the kind {kind} does not say which text a token id stands for;"
        " stores of token ids can be counted with byte-level and SentencePiece vocabularies"
    )


def _sizes(
    tokens: Mapping[str, int], tokenizer: Mapping[str, Any], vocabulary: Vocabulary
) -> tuple[Int32, list[bool] | None]:
    """Bytes of text of each token, and whether it begins with a blank; None if no blank is put before a text."""
    adds = adds_blank(tokenizer)
    if is_byte_level(tokenizer):
        sizes = np.fromiter(map(len, tokens), np.int32, len(tokens))
        return sizes, [text.startswith("Ġ") for text in tokens] if adds else None
    if not any(BLANK in str(step) for step in _steps_of(tokenizer)):
        raise _unclear(vocabulary, f"{tokenizer['model'].get('type', 'BPE')} without bytes")
    return (
        np.fromiter(map(_sentencepiece_size, tokens), np.int32, len(tokens)),
        [text.startswith(BLANK) for text in tokens] if adds else None,
    )


def is_byte_level(tokenizer: Mapping[str, Any]) -> bool:
    """Whether each character of a token stands for one byte."""
    return any(step.get("type") == "ByteLevel" for step in _steps_of(tokenizer))


def adds_blank(tokenizer: Mapping[str, Any]) -> bool:
    """Whether a vocabulary puts a blank before a text."""
    steps = _steps_of(tokenizer)
    if is_byte_level(tokenizer):
        return any(step.get("type") == "ByteLevel" and step.get("add_prefix_space") for step in steps)
    return any(_adds_blank(step) for step in steps)


def _steps_of(tokenizer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(_steps([tokenizer["normalizer"], tokenizer["pre_tokenizer"]]))


def _steps(parts: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    """The single steps of normalizers and pre-tokenizers."""
    for part in parts:
        if isinstance(part, dict):
            inner = part.get("normalizers") or part.get("pretokenizers")
            if inner:
                yield from _steps(inner)
            else:
                yield part


def _adds_blank(step: Mapping[str, Any]) -> bool:
    """Whether a step of a SentencePiece vocabulary puts a blank before a text."""
    if step.get("type") == "Metaspace":
        return bool(step.get("prepend_scheme", "always" if step.get("add_prefix_space", True) else "never") != "never")
    return step.get("type") == "Prepend"


def _sentencepiece_size(token: str) -> int:
    """Bytes of text of a token: ``▁`` is a blank, ``<0x0A>`` is one byte."""
    if len(token) == 6 and token.startswith("<0x") and token.endswith(">"):
        return 1
    return len(token.encode()) - 2 * token.count(BLANK)
