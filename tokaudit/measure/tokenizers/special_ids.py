"""Special tokens of vocabularies of ranks: their ids stand in stores, and the ranks do not contain them."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final


@dataclass(frozen=True, slots=True)
class SpecialIds:
    """The special tokens of a vocabulary.

    Attributes:
        first: id of the token of rank 0; special tokens come before it.
        end_of_text: id between documents; None if it stands in the vocabulary itself.
        ranges: ids of special tokens, as ranges.
    """

    first: int = 0
    end_of_text: int | None = None
    ranges: tuple[range, ...] = ()

    def all_ids(self) -> list[int]:
        """The ids of all special tokens, end-of-text among them."""
        return list(chain.from_iterable(self.ranges))


SPECIAL_IDS: Final[Mapping[str, SpecialIds]] = {
    "gpt2": SpecialIds(end_of_text=50_256, ranges=(range(50_256, 50_257),)),
    "cl100k": SpecialIds(end_of_text=100_257, ranges=(range(100_257, 100_261), range(100_276, 100_277))),
    "o200k": SpecialIds(end_of_text=199_999, ranges=(range(199_999, 200_000), range(200_018, 200_019))),
    "qwen3": SpecialIds(end_of_text=151_643, ranges=(range(151_643, 151_669),)),
    "deepseek_v3": SpecialIds(first=3, end_of_text=1, ranges=(range(3), range(128_000, 128_815))),
    "mistral_v3": SpecialIds(first=1000, end_of_text=2, ranges=(range(1000),)),
    "glm4": SpecialIds(end_of_text=151_329, ranges=(range(151_329, 151_365),)),
}
"""Bundled name, or scheme of OpenAI's ranks -> its special tokens, as the publishers of the vocabularies list them.

OpenAI's: ``openai_public.py`` of tiktoken. The others: ``tokenizer.json`` of the repositories named in `bundled`.
"""
