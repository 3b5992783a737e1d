"""Bundled vocabularies: freely licensed, read from the package splintr, checked by hash. They need no network."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from tokaudit.core.errors import TokauditError
from tokaudit.measure.tokenizers.canonical import sha256_of
from tokaudit.measure.tokenizers.protocol import DEFAULT, Vocabulary
from tokaudit.measure.tokenizers.ranks import openai_ranks, ranks_sha256, tokenizer_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundled:
    """A bundled vocabulary.

    Attributes:
        tokens: number of tokens, without special ones.
        licence: SPDX identifier.
        origin: who published it, and where.
        scheme: name in ``SCHEMES``.
        ranks_sha256: hash of its ranks; for OpenAI's vocabularies it is the hash that tiktoken publishes.
        sha256: hash of the canonical tokenizer.json, which identifies the vocabulary.
        first: id in splintr of the token of rank 0; special tokens come before it.
    """

    tokens: int
    licence: str
    origin: str
    scheme: str
    ranks_sha256: str
    sha256: str
    first: int = 0


BUNDLED: Final[Mapping[str, Bundled]] = {
    "cl100k_base": Bundled(
        tokens=100_256,
        licence="MIT",
        origin="OpenAI tiktoken (GPT-3.5, GPT-4; OLMo 2 and Phi-4 have the same tokens)",
        scheme="cl100k",
        ranks_sha256="223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
        sha256="4e543e622d598bcccf028ec79d1d304c4bf09fec7e41d441a4ffcadfe0febf76",
    ),
    "o200k_base": Bundled(
        tokens=199_998,
        licence="MIT",
        origin="OpenAI tiktoken (GPT-4o; gpt-oss has the same tokens)",
        scheme="o200k",
        ranks_sha256="446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
        sha256="9ad9fba39314df7784cce5c13b776811f5069b669c0ef92fc1c0b948fed87e83",
    ),
    "qwen3": Bundled(
        tokens=151_643,
        licence="Apache-2.0",
        origin="Qwen/Qwen3-8B (Qwen 2 and 2.5 have the same tokens)",
        scheme="qwen",
        ranks_sha256="b2b1b8dfb5cc5f024bafc373121c6aba3f66f9a5a0269e243470a1de16a33186",
        sha256="3638243196ae8c66cfc87724414581e2bff8bbf95be06a15a60741ce7a5ddcbc",
    ),
    "deepseek_v3": Bundled(
        tokens=127_997,
        licence="MIT",
        origin="deepseek-ai/DeepSeek-V3",
        scheme="deepseek",
        ranks_sha256="b2a3b2f7d58ed7df406e299b7f1fd79044a9842dab01c81fd9990212e1aadf74",
        sha256="8cb9e60fb3563ee105c2e9303d4d0588922b7c706de2012a5f9ec09658ad88ee",
        first=3,
    ),
    "mistral_v3": Bundled(
        tokens=130_072,
        licence="Apache-2.0",
        origin="mistralai/Mistral-Nemo-Instruct-2407 (Tekken)",
        scheme="tekken",
        ranks_sha256="64a081edb3cbb8639a4eea9a7135ab9a0467c50676c672b217ba655f4d50e127",
        sha256="bf5c5804c25fcec4e2f4162b9991856fcccb938820211977000b0ec533fd5b0b",
        first=1000,
    ),
    "glm4": Bundled(
        tokens=151_329,
        licence="MIT",
        origin="zai-org/GLM-4.5",
        scheme="cl100k",
        ranks_sha256="5a493598071550244b2ee7f26118f3edec2150b9dfa967929a99052ac83fe716",
        sha256="21f158565e2c12bf073c2121c26a214a6d087df4fe5e4a4719ae907d74fafcad",
    ),
}


class BundledSource:
    """Finds bundled vocabularies by name."""

    precedence = 0
    activity = "looking for"
    forms = f"bundled: {', '.join(sorted(BUNDLED, key=lambda name: (name != DEFAULT, name)))}"

    def find(self, name: str) -> Vocabulary | None:
        """The bundled vocabulary; None if there is none of that name. Data is read and built only on loading."""
        if (bundled := BUNDLED.get(name)) is None:
            return None
        ranks = openai_ranks(bundled.ranks_sha256, partial(_ranks, name))
        return Vocabulary(name, bundled.sha256, bundled.origin, partial(load_bundled, name), ranks)


def load_bundled(name: str) -> bytes:
    """The canonical tokenizer.json of a bundled vocabulary.

    Raises:
        TokauditError: the installed splintr has other data under this name.
    """
    bundled = BUNDLED[name]
    data = tokenizer_json(bundled.ranks_sha256, partial(_ranks, name), bundled.scheme)
    if sha256_of(data) != bundled.sha256:
        raise TokauditError(
            f"tokenizer {name}: its hash is {sha256_of(data)[:12]} instead of {bundled.sha256[:12]}; please report this"
        )
    return data


def _ranks(name: str) -> dict[bytes, int]:
    import splintr  # noqa: PLC0415 - only needed if the cache has no ranks

    tokenizer = splintr.Tokenizer.from_pretrained(name)
    bundled = BUNDLED[name]
    ids = range(bundled.first, bundled.first + bundled.tokens)
    ranks = {tokenizer.decode_token_bytes(i): i - bundled.first for i in ids}
    if ranks_sha256(ranks) != bundled.ranks_sha256:
        raise TokauditError(
            f"tokenizer {name}: the installed splintr-rs has other data under this name than tokaudit expects;"
            " install splintr-rs 0.22"
        )
    return ranks


SOURCE: Final = BundledSource()
