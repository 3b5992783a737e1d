"""Vocabularies in files: a tokenizer.json, a folder with one, or a .tiktoken file of ranks."""

import os
from pathlib import Path
from typing import Final

from tokaudit.core.errors import InputError, UsageError
from tokaudit.measure.tokenizers.canonical import read_tokenizer_json, sha256_of
from tokaudit.measure.tokenizers.protocol import RankFile, Vocabulary
from tokaudit.measure.tokenizers.ranks import OPENAI_SCHEMES, openai_ranks, parse_ranks, ranks_sha256, tokenizer_json

# A .tiktoken file does not say how to split texts before merging. Its content decides if it is known, else its name.
_SCHEME_OF_NAME: Final = {
    "gpt2": "gpt2",
    "r50k_base": "gpt2",
    "p50k_base": "gpt2",
    "cl100k_base": "cl100k",
    "o200k_base": "o200k",
}
_SUFFIXES: Final = (".json", ".tiktoken")


class FileSource:
    """Finds vocabularies by path."""

    precedence = 1
    activity = "reading"
    forms = "a path to a tokenizer.json, to a folder that has one, or to a .tiktoken file"

    def find(self, name: str) -> Vocabulary | None:
        """The vocabulary in the file; None if there is no such file and the name does not look like a file.

        Raises:
            UsageError: the name looks like a file and there is none, or a folder has no vocabulary.
            InputError: the file can't be read, or is not a vocabulary.
        """
        path = Path(os.path.expanduser(name))  # noqa: PTH111 - Path.expanduser fails if there is no home
        try:
            if path.is_dir():
                path /= "tokenizer.json"
                if not path.is_file():
                    raise UsageError(f"{name}: the folder has no tokenizer.json; pass the path of the tokenizer's file")
            if not path.is_file():
                if path.suffix in _SUFFIXES or path.is_absolute():
                    raise UsageError(f"{name}: no such file; pass {self.forms}")
                return None
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: {error.strerror or error}") from error
        plain = path.stem if path.name != "tokenizer.json" else path.resolve().parent.name
        ranks = None
        if path.suffix == ".tiktoken":
            built, ranks = _from_ranks(path, data)
        else:
            built = read_tokenizer_json(data, str(path))
        return Vocabulary(plain, sha256_of(built), str(path), lambda: built, ranks)


def _from_ranks(path: Path, data: bytes) -> tuple[bytes, RankFile | None]:
    """The canonical tokenizer, and its ranks if they are OpenAI's."""
    ranks = parse_ranks(data, str(path))
    digest = ranks_sha256(ranks)
    scheme = OPENAI_SCHEMES.get(digest) or _SCHEME_OF_NAME.get(path.stem)
    if scheme is None:
        raise UsageError(
            f"{path}: a .tiktoken file does not say how to split texts, and this one is unknown;"
            f" name it after its encoding ({', '.join(_SCHEME_OF_NAME)}), or pass a tokenizer.json"
        )
    return tokenizer_json(digest, lambda: ranks, scheme), openai_ranks(digest, lambda: ranks)


SOURCE: Final = FileSource()
