"""Vocabularies in files: a tokenizer.json, a folder that has one, or a .tiktoken file of ranks."""

import os
from functools import partial
from pathlib import Path
from typing import Final

from tokaudit.errors import InputError, UsageError
from tokaudit.tokenizers import Vocabulary
from tokaudit.tokenizers._canonical import read_tokenizer_json, sha256_of
from tokaudit.tokenizers._ranks import parse_ranks, ranks_sha256, tokenizer_json

# A .tiktoken file does not say how texts are split before merging: known content does, else its name.
_SCHEME_OF_NAME: Final = {
    "gpt2": "gpt2",
    "r50k_base": "gpt2",
    "p50k_base": "gpt2",
    "cl100k_base": "cl100k",
    "o200k_base": "o200k",
}
_SCHEME_OF_RANKS: Final = {
    "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930": "gpt2",  # r50k_base
    "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069": "gpt2",  # p50k_base
    "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7": "cl100k",
    "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d": "o200k",
}
_SUFFIXES: Final = (".json", ".tiktoken")


class FileSource:
    """Finds vocabularies by path."""

    precedence = 1
    forms = "a path to a tokenizer.json, to a folder that has one, or to a .tiktoken file"

    def find(self, name: str) -> Vocabulary | None:
        """The vocabulary in the file; None if there is no file, and the name does not look like one."""
        path = Path(os.path.expanduser(name))  # noqa: PTH111 - Path.expanduser fails where there is no home
        try:
            if path.is_dir():
                path /= "tokenizer.json"
                if not path.is_file():
                    raise UsageError(f"{name}: the folder has no tokenizer.json")
            if not path.is_file():
                if path.suffix in _SUFFIXES or path.is_absolute():
                    raise UsageError(f"{name}: no such file")
                return None
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"{path}: {error.strerror or error}") from error
        load = _ranks_file(path, data) if path.suffix == ".tiktoken" else partial(read_tokenizer_json, data, str(path))
        built = load()
        plain = path.stem if path.name != "tokenizer.json" else path.resolve().parent.name
        return Vocabulary(plain, sha256_of(built), str(path), lambda: built)


def _ranks_file(path: Path, data: bytes) -> "partial[bytes]":
    ranks = parse_ranks(data, str(path))
    digest = ranks_sha256(ranks)
    scheme = _SCHEME_OF_RANKS.get(digest) or _SCHEME_OF_NAME.get(path.stem)
    if scheme is None:
        raise UsageError(
            f"{path}: a .tiktoken file does not say how texts are split, and this one is unknown:"
            f" name it after its encoding ({', '.join(_SCHEME_OF_NAME)}), or give a tokenizer.json"
        )
    return partial(tokenizer_json, digest, lambda: ranks, scheme)


SOURCE: Final = FileSource()
