"""Vocabularies on the Hugging Face hub: only tokenizer.json is downloaded, and its revision is recorded."""

import logging
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.logs import logger
from tokaudit.measure.tokenizers.canonical import read_tokenizer_json, sha256_of
from tokaudit.measure.tokenizers.protocol import Vocabulary

T = TypeVar("T")

_LOG: Final = logger(__name__)
_FILE: Final = "tokenizer.json"
_ANSWER_SECONDS: Final = 4.0
"""How long the hub has to answer. A look-up of its name may take longer than the time limit of a request."""
_INSTEAD: Final = f"give a path to a {_FILE}, or a bundled name (`tokaudit tokenizers` lists them)"


class HubSource:
    """Finds vocabularies by the id of a model repository."""

    precedence = 2
    forms = "the id ORGANISATION/NAME of a repository on the Hugging Face hub"
    activity = "downloading"

    def find(self, name: str) -> Vocabulary | None:
        """The repository's vocabulary; None if the name is not an id.

        A repository that was downloaded before is taken from the library's cache if the hub can't be reached. If the
        cache can't be written or is damaged, the vocabulary is downloaded into memory each time.

        Raises:
            UsageError: there is no such repository, or it has no vocabulary.
            InputError: access is refused, the hub can't be reached, or what is there is not a vocabulary.
        """
        if name.count("/") != 1:
            return None
        from huggingface_hub import errors  # noqa: PLC0415 - few runs need it

        try:
            with _silent():
                data, revision = _found(name)
        except InputError:
            raise
        except errors.HFValidationError as error:
            raise UsageError(f"{name}: is neither a file nor a valid repository id; {_line(error)}") from error
        except errors.GatedRepoError as error:
            raise InputError(
                f"{name}: is gated; request access on {_host()}, then log in with `hf auth login`"
            ) from error
        except errors.RepositoryNotFoundError as error:
            raise UsageError(
                f"{name}: no such file, and no such repository on {_host()}; check the spelling, {_INSTEAD};"
                " a private repository needs `hf auth login`"
            ) from error
        except errors.RemoteEntryNotFoundError as error:
            raise UsageError(f"{name}: the repository on {_host()} has no {_FILE}; {_INSTEAD}") from error
        except Exception as error:
            raise InputError(
                f"{name}: no such file, and {_host()} can't be reached ({_line(error)}); {_INSTEAD}"
            ) from error
        return Vocabulary(name, sha256_of(data), f"hub {name}@{revision}", lambda: data)


def _found(name: str) -> tuple[bytes, str]:
    """The vocabulary and its revision: downloaded, or from the cache if the hub can't be reached."""
    from huggingface_hub import errors, get_hf_file_metadata, hf_hub_download, hf_hub_url  # noqa: PLC0415 - as above

    try:
        # Without retries, unlike a download: they would take half a minute where there is no network.
        there = _in_time(lambda: get_hf_file_metadata(hf_hub_url(name, _FILE), timeout=_ANSWER_SECONDS))
    except (errors.HFValidationError, errors.RemoteEntryNotFoundError):
        raise
    except Exception:  # no network, a proxy, no access any more
        try:
            return _kept(name, hf_hub_download(name, _FILE, local_files_only=True))
        except errors.LocalEntryNotFoundError:
            pass
        raise
    try:
        return _kept(name, hf_hub_download(name, _FILE))
    except (OSError, InputError) as error:
        if isinstance(error, errors.HfHubHTTPError):
            raise
        _LOG.info("the cache of huggingface_hub can't be used (%s), so %s is downloaded each time", _line(error), name)
        return _in_memory(name, there.commit_hash or "main")


def _kept(name: str, path: str) -> tuple[bytes, str]:
    """The vocabulary in a file of the cache, and its revision; the cache has each revision in a folder of that name."""
    return read_tokenizer_json(Path(path).read_bytes(), f"{name}/{_FILE}"), Path(path).parent.name


def _in_memory(name: str, revision: str) -> tuple[bytes, str]:
    """The vocabulary of a revision, downloaded without a file, and the revision."""
    from huggingface_hub import HfFileSystem  # noqa: PLC0415 - as above

    data = HfFileSystem().cat_file(f"{name}/{_FILE}", revision=revision)
    return read_tokenizer_json(data, f"{name}/{_FILE}"), revision


def _in_time(ask: Callable[[], T]) -> T:
    """The answer, asked for in a thread that is left alone if it takes too long.

    Raises:
        TimeoutError: there was no answer in time.
        Exception: whatever asking raised.
    """
    answers: list[T] = []
    failed: list[Exception] = []

    def work() -> None:
        try:
            answers.append(ask())
        except Exception as error:  # noqa: BLE001 - it is raised below
            failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(_ANSWER_SECONDS)
    if failed:
        raise failed[0]
    if not answers:
        raise TimeoutError(f"no answer within {_ANSWER_SECONDS:.0f} s")
    return answers[0]


@contextmanager
def _silent() -> Iterator[None]:
    """Keep the library's own progress bars, warnings and hints off the screen: errors say what is needed."""
    from huggingface_hub.utils import logging as messages  # noqa: PLC0415 - as above
    from huggingface_hub.utils.tqdm import (  # noqa: PLC0415 - as above
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    had, level = are_progress_bars_disabled(), messages.get_verbosity()
    disable_progress_bars()
    messages.set_verbosity(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        messages.set_verbosity(level)
        if not had:
            enable_progress_bars()


def _host() -> str:
    from huggingface_hub import constants  # noqa: PLC0415 - as above

    return urlsplit(constants.ENDPOINT).netloc


def _line(error: Exception) -> str:
    """What an error says, on one line."""
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__


SOURCE: Final = HubSource()
