"""A tokenizer.json reduced to what decides counts, in one form, so that its hash is an identity."""

import hashlib
from typing import Any, Final

import orjson

from tokaudit.core.errors import InputError

_DECIDES: Final = ("normalizer", "pre_tokenizer", "model", "added_tokens")


def canonical(tokenizer: dict[str, Any]) -> bytes:
    """The tokenizer as JSON with sorted keys and nothing in it that does not change a count.

    Left out: truncation and padding (counts would fall short, or long, in silence), the post-processor (it
    adds special tokens), the decoder, BPE dropout (it makes counts random), and how merges and defaults are
    written.
    Added tokens stay: a text that spells one has one token there, as ``tokenizers`` counts it.

    Raises:
        ValueError: it holds what JSON can't.
    """
    kept = {part: tokenizer.get(part) for part in _DECIDES}
    kept["added_tokens"] = kept["added_tokens"] or []
    if isinstance(model := kept["model"], dict) and model.get("type", "BPE") == "BPE":
        # Null and false are what a missing field means; which of them are written differs between versions.
        model = {key: value for key, value in model.items() if value not in (None, False) and key != "dropout"}
        if isinstance(merges := model.get("merges"), list):
            model["merges"] = [merge.split(" ") if isinstance(merge, str) else merge for merge in merges]
        kept["model"] = model
    rest = {"version": "1.0", "truncation": None, "padding": None, "post_processor": None, "decoder": None}
    try:
        return orjson.dumps(kept | rest, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise ValueError(str(error)) from error


def read_tokenizer_json(data: bytes, where: str) -> bytes:
    """The canonical form of a tokenizer.json.

    Raises:
        InputError: no JSON, or JSON that is no tokenizer; ``where`` names the file.
    """
    try:
        tokenizer = orjson.loads(data)
        if not isinstance(tokenizer, dict) or not isinstance(tokenizer.get("model"), dict):
            raise InputError(f"{where}: no tokenizer.json: it has no model (expected the file that `tokenizers` saves)")
        return canonical(tokenizer)
    except ValueError as error:
        raise InputError(f"{where}: no tokenizer.json: {error}") from error


def vocabulary_size(data: bytes) -> int:
    """How many different tokens a canonical tokenizer has, added ones counted."""
    tokenizer = orjson.loads(data)
    vocabulary = tokenizer["model"].get("vocab", ())  # token -> id, or for Unigram a list of token and score
    tokens = set(vocabulary) if isinstance(vocabulary, dict) else {token for token, _ in vocabulary}
    return len(tokens | {token["content"] for token in tokenizer["added_tokens"]})


def sha256_of(data: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
