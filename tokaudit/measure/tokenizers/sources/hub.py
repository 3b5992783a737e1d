"""Vocabularies on the Hugging Face hub: only tokenizer.json is downloaded, and its revision is recorded."""

import logging
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tokaudit.core.errors import InputError, UsageError
from tokaudit.measure.tokenizers.canonical import read_tokenizer_json, sha256_of
from tokaudit.measure.tokenizers.protocol import Vocabulary

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

        A repository that was downloaded before is taken from the cache if the hub can't be reached.

        Raises:
            UsageError: there is no such repository, or it has no vocabulary.
            InputError: access is refused, or the hub can't be reached.
        """
        if name.count("/") != 1:
            return None
        from huggingface_hub import errors  # noqa: PLC0415 - few runs need it

        try:
            with _silent():
                path = _downloaded(name)
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
        data = read_tokenizer_json(path.read_bytes(), f"{name}/{_FILE}")
        revision = path.parent.name  # the cache keeps each revision in a folder of that name
        return Vocabulary(name, sha256_of(data), f"hub {name}@{revision}", lambda: data)


def _downloaded(name: str) -> Path:
    """Where the vocabulary lies on this machine: downloaded, or from the cache if the hub can't be reached."""
    from huggingface_hub import errors, get_hf_file_metadata, hf_hub_download, hf_hub_url  # noqa: PLC0415 - as above

    try:
        # Without retries, unlike a download: they would take half a minute where there is no network.
        _in_time(lambda: get_hf_file_metadata(hf_hub_url(name, _FILE), timeout=_ANSWER_SECONDS))
    except (errors.HFValidationError, errors.RemoteEntryNotFoundError):
        raise
    except Exception:  # no network, a proxy, no access any more
        try:
            return Path(hf_hub_download(name, _FILE, local_files_only=True))
        except errors.LocalEntryNotFoundError:
            pass
        raise
    return Path(hf_hub_download(name, _FILE))


def _in_time(ask: Callable[[], object]) -> None:
    """Ask, in a thread that is left alone if it takes too long.

    Raises:
        TimeoutError: there was no answer in time.
        Exception: whatever asking raised.
    """
    failed: list[Exception] = []

    def work() -> None:
        try:
            ask()
        except Exception as error:  # noqa: BLE001 - it is raised below
            failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(_ANSWER_SECONDS)
    if thread.is_alive():
        raise TimeoutError(f"no answer within {_ANSWER_SECONDS:.0f} s")
    if failed:
        raise failed[0]


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
