"""Vocabularies on the hub, without the hub."""

import errno
import json
import logging
import os
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub import errors
from huggingface_hub.utils import logging as messages
from huggingface_hub.utils.tqdm import are_progress_bars_disabled

from tokaudit.core.errors import InputError, UsageError
from tokaudit.measure.tokenizers.resolve import resolve
from tokaudit.measure.tokenizers.sources import hub as hub_source

COMMIT = "0123456789abcdef0123456789abcdef01234567"

Answer = Callable[[], object]


def http(kind: type[errors.HfHubHTTPError]) -> errors.HfHubHTTPError:
    # Their constructors want a response of whichever HTTP client the installed version has.
    return kind.__new__(kind)


def raises(error: Exception) -> Answer:
    def answer() -> object:
        raise error

    return answer


@pytest.fixture
def file(tmp_path: Path, byte_level: dict[str, Any]) -> Path:
    """A vocabulary as the library keeps it."""
    kept = tmp_path / "snapshots" / COMMIT / "tokenizer.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(json.dumps(byte_level), encoding="utf-8")
    return kept


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the hub is asked for; it is not reached."""
    return hub(monkeypatch, raises(OSError("no\nnet.")), None)


def hub(monkeypatch: pytest.MonkeyPatch, answer: Answer, kept: Path | None) -> list[str]:
    """A hub that answers so when it is asked for a file, and a cache; what they are asked for comes back."""
    asked = []

    def metadata(url: str, *, timeout: float) -> object:
        assert 0 < timeout < 5
        asked.append(url)
        return answer()

    def download(repository: str, name: str, *, local_files_only: bool = False) -> str:
        asked.append(f"{repository} {name}{' here' if local_files_only else ''}")
        if kept is None:
            raise errors.LocalEntryNotFoundError("nothing here")
        return str(kept)

    monkeypatch.setattr(huggingface_hub, "get_hf_file_metadata", metadata)
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", download)
    return asked


def test_only_the_tokenizer_is_downloaded_and_its_revision_recorded(
    monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    asked = hub(monkeypatch, lambda: None, file)
    vocabulary = resolve("some-org/some-model")

    assert asked == [
        "https://huggingface.co/some-org/some-model/resolve/main/tokenizer.json",
        "some-org/some-model tokenizer.json",
    ]
    assert vocabulary.name == "some-org/some-model"
    assert vocabulary.source == f"hub some-org/some-model@{COMMIT}"
    assert vocabulary.sha256 == resolve(str(file)).sha256


@pytest.mark.parametrize(
    "error",
    [OSError("no net"), http(errors.RepositoryNotFoundError), http(errors.GatedRepoError)],
    ids=lambda error: type(error).__name__,
)
def test_a_cached_repository_needs_no_network(error: Exception, monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    asked = hub(monkeypatch, raises(error), file)

    assert resolve("some-org/some-model").source == f"hub some-org/some-model@{COMMIT}"
    assert asked[1:] == ["some-org/some-model tokenizer.json here"]


@pytest.mark.parametrize(
    ("raised", "told", "said"),
    [
        (
            http(errors.RepositoryNotFoundError),
            UsageError,
            "no such file, and no such repository on huggingface.co; check the spelling, give a path",
        ),
        (
            http(errors.RemoteEntryNotFoundError),
            UsageError,
            "the repository on huggingface.co has no tokenizer.json; give a path to a tokenizer.json, or a bundled",
        ),
        (
            http(errors.GatedRepoError),
            InputError,
            "is gated; request access on huggingface.co, then log in with `hf auth login`",
        ),
        (
            errors.HFValidationError("bad id."),
            UsageError,
            "is neither a file nor a valid repository id; bad id",
        ),
        (
            errors.OfflineModeIsEnabled("offline"),
            InputError,
            "can't be reached (offline); give a path to a tokenizer.json, or a bundled name (`tokaudit tokenizers`",
        ),
        (OSError("[Errno -2] Name or\nservice not known"), InputError, "([Errno -2] Name or service not known); give"),
        (ConnectionRefusedError(111, "Connection refused"), InputError, "([Errno 111] Connection refused); give"),
        (RuntimeError("403 Forbidden"), InputError, "can't be reached (403 Forbidden); give"),
        (RuntimeError(), InputError, "can't be reached (RuntimeError); give"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_each_failure_is_one_line_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, told: type[Exception], said: str
) -> None:
    hub(monkeypatch, raises(raised), None)

    with pytest.raises(told) as caught:
        resolve("some-org/some-model")
    assert str(caught.value).startswith("some-org/some-model: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_hub_without_an_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    hub(monkeypatch, lambda: over.wait(60), None)
    monkeypatch.setattr("tokaudit.measure.tokenizers.sources.hub._ANSWER_SECONDS", 0.01)
    with pytest.raises(InputError, match=r"can't be reached \(no answer within 0 s\)"):
        resolve("some-org/some-model")
    over.set()


def test_the_time_given_to_the_hub_is_less_than_five_seconds() -> None:
    assert hub_source._ANSWER_SECONDS < 5  # noqa: SLF001 - nothing else shows it


def test_the_library_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def answer() -> None:
        logging.getLogger("huggingface_hub.utils._http").warning("Retrying in 8s")
        warnings.warn("unauthenticated requests", UserWarning, stacklevel=1)
        assert are_progress_bars_disabled()

    before = are_progress_bars_disabled(), messages.get_verbosity()
    hub(monkeypatch, answer, file)
    resolve("some-org/some-model")

    assert capfd.readouterr() == ("", "")
    assert (are_progress_bars_disabled(), messages.get_verbosity()) == before


def test_a_download_is_announced(asked: list[str]) -> None:
    said: list[str] = []
    with pytest.raises(InputError):
        resolve("some-org/some-model", said.append)

    assert said[-1] == "downloading tokenizer some-org/some-model"
    assert asked


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.EROFS, errno.ENOTDIR, errno.EIO])
def test_a_cache_that_can_not_be_written_is_done_without(
    number: int, monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    assert without_cache(monkeypatch, file.read_bytes(), raises(OSError(number, os.strerror(number)))) == [
        ("some-org/some-model/tokenizer.json", COMMIT)
    ]


@pytest.mark.parametrize("kept", ["folder", "damaged"])
def test_what_is_damaged_in_the_cache_is_downloaded_again(
    kept: str, monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    data = file.read_bytes()
    if kept == "folder":
        file.unlink()
        file.mkdir()
    else:
        file.write_bytes(data[: len(data) // 2])

    assert len(without_cache(monkeypatch, data, lambda: str(file))) == 1


def without_cache(monkeypatch: pytest.MonkeyPatch, data: bytes, download: Answer) -> list[tuple[str, str]]:
    """What is fetched into memory if the hub has the data and the library's download ends so."""
    fetched = []

    class Hub:
        def cat_file(self, path: str, *, revision: str) -> bytes:
            fetched.append((path, revision))
            return data

    hub(monkeypatch, lambda: SimpleNamespace(commit_hash=COMMIT), None)
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", lambda *_, **__: download())
    monkeypatch.setattr(huggingface_hub, "HfFileSystem", Hub)
    assert resolve("some-org/some-model").source == f"hub some-org/some-model@{COMMIT}"
    return fetched
