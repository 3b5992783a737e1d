r"""How texts are split before byte pairs are merged: normalizer and split patterns, by name of a family.

The patterns are written for the packages that count. For cl100k this is the older of tiktoken's two forms. The newer
has ``\s++$``, where Oniguruma takes ``$`` for the end of a line. No token contains a line break followed by a blank, so
both give the same tokens.
"""

from collections.abc import Mapping
from typing import Any, Final

_CL100K: Final = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_QWEN: Final = _CL100K.replace(r"\p{N}{1,3}", r"\p{N}")
_UPPER: Final = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
_LOWER: Final = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_CLITIC: Final = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
_END: Final = r" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_O200K: Final = (
    rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+{_CLITIC}|[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*{_CLITIC}"
    rf"|\p{{N}}{{1,3}}|{_END}"
)
_TEKKEN: Final = rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+|[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*|\p{{N}}|{_END}"
_DEEPSEEK: Final = (
    r"\p{N}{1,3}",
    "[一-龥\u3040-ゟ\u30a0-ヿ]+",
    (
        r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+"""
        "|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+"
        r"|\s+(?!\S)|\s+"
    ),
)


def _bytes(*, use_regex: bool) -> dict[str, Any]:
    return {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": use_regex}


def _split(*patterns: str, normalizer: str | None = None) -> dict[str, Any]:
    splits = [
        {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
        for pattern in patterns
    ]
    return {
        "normalizer": {"type": normalizer} if normalizer else None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [*splits, _bytes(use_regex=False)]},
    }


SCHEMES: Final[Mapping[str, Mapping[str, Any]]] = {
    "gpt2": {"normalizer": None, "pre_tokenizer": _bytes(use_regex=True)},
    "cl100k": _split(_CL100K),
    "o200k": _split(_O200K),
    "qwen": _split(_QWEN, normalizer="NFC"),
    "tekken": _split(_TEKKEN),
    "deepseek": _split(*_DEEPSEEK),
}
