"""From token ids back to the bytes that they stand for, for people who want to read a document of a store."""

from collections.abc import Callable, Iterable
from typing import Final

import orjson

from tokaudit.measure.tokenizers.ids import BLANK, adds_blank, is_byte_level, special_ids, tokens_of
from tokaudit.measure.tokenizers.protocol import Vocabulary

_PRINTED: Final = (*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1))


def decode(vocabulary: Vocabulary, ids: Iterable[int]) -> bytes:
    """The bytes of text that ids stand for, without special tokens and ids that the vocabulary does not have.

    They may not be UTF-8: a document may be cut inside of a character.

    Raises:
        UsageError: the vocabulary does not say which text an id stands for.
    """
    asked = list(ids)
    wanted = set(asked)
    tokenizer = orjson.loads(vocabulary.load())
    special = special_ids(vocabulary)
    text_of: dict[int, bytes] = {}
    piece = _of_bytes() if is_byte_level(tokenizer) else _of_sentencepiece
    for text, number in tokens_of(tokenizer["model"], vocabulary).items():
        if number + special.first in wanted:
            text_of[number + special.first] = piece(text)
    for token in tokenizer["added_tokens"]:
        text_of[token["id"]] = b"" if token.get("special") else token["content"].encode()
    text_of |= dict.fromkeys(special.all_ids(), b"")
    parts = [text_of.get(number, b"") for number in asked]
    if adds_blank(tokenizer) and parts and parts[0].startswith(b" "):
        parts[0] = parts[0][1:]
    return b"".join(parts)


def _of_bytes() -> Callable[[str], bytes]:
    """The bytes of a token of a byte-level vocabulary, which writes each byte as one character (GPT-2)."""
    others = [byte for byte in range(256) if byte not in _PRINTED]
    bytes_of = {chr(byte): byte for byte in _PRINTED} | {chr(256 + n): byte for n, byte in enumerate(others)}
    return lambda token: bytes(bytes_of[each] for each in token)


def _of_sentencepiece(token: str) -> bytes:
    if len(token) == 6 and token.startswith("<0x") and token.endswith(">"):
        return bytes.fromhex(token[3:5])
    return token.replace(BLANK, " ").encode()
