"""Vocabularies on the Hugging Face hub: only tokenizer.json is fetched, and its revision is recorded."""

from pathlib import Path
from typing import Final

from tokaudit.core.errors import InputError, UsageError
from tokaudit.measure.tokenizers.canonical import read_tokenizer_json, sha256_of
from tokaudit.measure.tokenizers.protocol import Vocabulary

_FILE: Final = "tokenizer.json"


class HubSource:
    """Finds vocabularies by the id of a model repository."""

    precedence = 2
    forms = "the id ORGANISATION/NAME of a repository on the Hugging Face hub"

    def find(self, name: str) -> Vocabulary | None:
        """The repository's vocabulary; None if the name is no id.

        Raises:
            UsageError: there is no such repository, or it has no vocabulary.
            InputError: it may not be read, or the hub can't be reached.
        """
        if name.count("/") != 1:
            return None
        from huggingface_hub import errors, hf_hub_download  # noqa: PLC0415 - few runs need it

        try:
            path = Path(hf_hub_download(name, _FILE))
            data = read_tokenizer_json(path.read_bytes(), f"{name}/{_FILE}")
        except errors.HFValidationError as error:
            raise UsageError(
                f"unknown tokenizer {name!r}: no file, and no id of a repository: {_line(error)}"
            ) from error
        except errors.GatedRepoError as error:
            raise InputError(f"{name}: ask for access to it on huggingface.co, then `hf auth login`") from error
        except (errors.RepositoryNotFoundError, errors.RemoteEntryNotFoundError) as error:
            raise UsageError(
                f"unknown tokenizer {name!r}: no such file, and the hub has no {_FILE} under this id"
                " (private ones need `hf auth login`)"
            ) from error
        except OSError as error:
            raise InputError(
                f"{name}: no such file, and the hub can't be reached: {_line(error)}"
                " (give a path to a tokenizer.json, or a bundled name: `tokaudit tokenizers`)"
            ) from error
        revision = path.parent.name  # the cache keeps each revision in a folder of that name
        return Vocabulary(name, sha256_of(data), f"hub {name}@{revision}", lambda: data)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


SOURCE: Final = HubSource()
