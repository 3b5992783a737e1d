"""Converts byte-pair ranks, as in .tiktoken files, to a canonical tokenizer.json."""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any, Final

from tokaudit.core import cache
from tokaudit.core.errors import InputError
from tokaudit.measure.tokenizers.canonical import canonical, sha256_of
from tokaudit.measure.tokenizers.protocol import RankFile
from tokaudit.measure.tokenizers.schemes import SCHEMES

Ranks = Mapping[bytes, int]
OPENAI_SCHEMES: Final[Mapping[str, str]] = {
    "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930": "gpt2",  # r50k_base
    "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069": "gpt2",  # p50k_base
    "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7": "cl100k",
    "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d": "o200k",
}
"""Hash of the ranks of OpenAI's encodings -> name in ``SCHEMES``."""

_RECIPE: Final = "1"  # increase it when the same ranks give other bytes than before
_REMEDY: Final = "pass an intact .tiktoken file"


def dump_ranks(ranks: Ranks) -> bytes:
    """The ranks as a .tiktoken file: one line ``base64 rank`` per token, in order of rank."""
    lines = (b"%s %d\n" % (base64.b64encode(token), rank) for token, rank in sorted(ranks.items(), key=lambda r: r[1]))
    return b"".join(lines)


def openai_ranks(ranks_sha256: str, ranks: Callable[[], Ranks]) -> RankFile | None:
    """The ranks for gigatoken; None if they are not OpenAI's.

    With other ranks, gigatoken panics at tokens that are not made of two others.

    Args:
        ranks_sha256: hash of ``dump_ranks``.
        ranks: returns the ranks; called only if they are needed and not in the cache.
    """

    def load() -> bytes:
        key = f"ranks {ranks_sha256}"
        if (kept := cache.read_cache(key)) is not None:
            return kept
        made = dump_ranks(ranks())
        cache.write_cache(key, made)
        return made

    scheme = OPENAI_SCHEMES.get(ranks_sha256)
    return RankFile(scheme, load) if scheme else None


def parse_ranks(data: bytes, where: str) -> dict[bytes, int]:
    """Token -> rank, from a .tiktoken file. ``where`` names the file in messages.

    Raises:
        InputError: a line is not a token and a rank, a token or rank is repeated, or a byte has no token of its own.
    """
    ranks: dict[bytes, int] = {}
    for number, line in enumerate(data.splitlines(), 1):
        if not line:
            continue
        try:
            encoded, rank = line.split()
            token = base64.b64decode(encoded, validate=True)
            if not token or token in ranks or int(rank) < 0:
                raise InputError(f"{where}: line {number} is not a new token with a rank: {line[:60]!r}; {_REMEDY}")
            ranks[token] = int(rank)
        except (ValueError, binascii.Error) as error:
            raise InputError(f"{where}: line {number} is not `base64 rank`: {line[:60]!r}; {_REMEDY}") from error
    if len(set(ranks.values())) < len(ranks):
        raise InputError(f"{where}: two tokens have the same rank; {_REMEDY}")
    if missing := [byte for byte in range(256) if bytes([byte]) not in ranks]:
        raise InputError(
            f"{where}: {len(missing)} of the 256 bytes have no token, such as 0x{missing[0]:02x}; {_REMEDY}"
        )
    return ranks


def tokenizer_json(ranks_sha256: str, ranks: Callable[[], Ranks], scheme: str) -> bytes:
    """The canonical tokenizer for ranks and a scheme; from the cache if it was built before.

    It has no added tokens: a text that spells a special token is ordinary text.

    Args:
        ranks_sha256: hash of ``dump_ranks``.
        ranks: returns the ranks; called only if they are needed.
        scheme: name in ``SCHEMES``.
    """
    key = f"vocabulary {_RECIPE} {scheme} {ranks_sha256}"
    if (kept := cache.read_cache(key)) is not None:
        return kept
    built = canonical(_tokenizer(ranks(), SCHEMES[scheme]))
    cache.write_cache(key, built)
    return built


def _tokenizer(ranks: Ranks, scheme: Mapping[str, Any]) -> dict[str, Any]:
    letters = _letters()
    spelled = {token: "".join([letters[byte] for byte in token]) for token in ranks}
    merges = []
    for token, _ in sorted(ranks.items(), key=lambda item: item[1]):
        # A rank belongs to the merged token, a merge to a pair of tokens. So add all pairs that make the token.
        pairs = [
            (ranks[token[:cut]], ranks[token[cut:]], cut)
            for cut in range(1, len(token))
            if token[:cut] in ranks and token[cut:] in ranks
        ]
        merges += [[spelled[token[:cut]], spelled[token[cut:]]] for _, _, cut in sorted(pairs)]
    model = {
        "type": "BPE",
        "vocab": {spelled[token]: rank for token, rank in ranks.items()},
        "merges": merges,
        "ignore_merges": True,  # a word that is a token is one token, even if no merges lead to it
    }
    return {**scheme, "model": model}


def _letters() -> list[str]:
    """The printable character for each byte in byte-level vocabularies (GPT-2's table)."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(0x100, 0x200))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]


def ranks_sha256(ranks: Ranks) -> str:
    """Hash of the ranks. For OpenAI's files it is the hash that tiktoken publishes."""
    return sha256_of(dump_ranks(ranks))
