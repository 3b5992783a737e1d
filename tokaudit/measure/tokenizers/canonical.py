"""The canonical form of a tokenizer.json: only what decides counts, so that its hash identifies the vocabulary."""

import hashlib
from typing import Any, Final

import orjson

from tokaudit.core.errors import InputError

_DECIDES: Final = ("normalizer", "pre_tokenizer", "model", "added_tokens")
_REMEDY: Final = "pass a file that `tokenizers` saved"


def canonical(tokenizer: dict[str, Any]) -> bytes:
    """The tokenizer as JSON with sorted keys, without anything that should not change counts.

    Left out are truncation and padding (they would silently change counts), the post-processor (it adds special
    tokens), the decoder, and BPE dropout (it makes counts random). Merges and defaults are written in one way.
    Added tokens stay: a text that spells one has one token there, as ``tokenizers`` counts it.

    Raises:
        ValueError: it contains a value that JSON can't represent.
    """
    kept = {part: tokenizer.get(part) for part in _DECIDES}
    kept["added_tokens"] = kept["added_tokens"] or []
    if isinstance(model := kept["model"], dict) and model.get("type", "BPE") == "BPE":
        # A missing field means null or false. Versions differ in which of these they write.
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
        InputError: it is not JSON, or the JSON is not a tokenizer; ``where`` names the file in the message.
    """
    try:
        tokenizer = orjson.loads(data)
        if not isinstance(tokenizer, dict) or not isinstance(tokenizer.get("model"), dict):
            raise InputError(f"{where}: is not a tokenizer.json: it has no model; {_REMEDY}")
        return canonical(tokenizer)
    except ValueError as error:
        raise InputError(f"{where}: is not a tokenizer.json: {error}; {_REMEDY}") from error


def vocabulary_size(data: bytes) -> int:
    """Number of different tokens of a canonical tokenizer, added tokens included."""
    tokenizer = orjson.loads(data)
    vocabulary = tokenizer["model"].get("vocab", ())  # token -> id; for Unigram, pairs of token and score
    tokens = set(vocabulary) if isinstance(vocabulary, dict) else {token for token, _ in vocabulary}
    return len(tokens | {token["content"] for token in tokenizer["added_tokens"]})


def sha256_of(data: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
