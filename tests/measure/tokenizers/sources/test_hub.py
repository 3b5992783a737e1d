"""Vocabularies on the hub, without the hub."""

import json
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from huggingface_hub import errors

from tokaudit.core.errors import InputError, UsageError
from tokaudit.measure.tokenizers.resolve import resolve

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def http(kind: type[errors.HfHubHTTPError]) -> errors.HfHubHTTPError:
    # Their constructors want a response of whichever HTTP client the installed version has.
    return kind.__new__(kind)


def test_only_the_tokenizer_is_fetched_and_its_revision_is_recorded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, byte_level: dict[str, Any]
) -> None:
    file = tmp_path / "snapshots" / COMMIT / "tokenizer.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(byte_level), encoding="utf-8")
    asked = []

    def download(repository: str, name: str) -> str:
        asked.append((repository, name))
        return str(file)

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", download)
    vocabulary = resolve("some-org/some-model")

    assert asked == [("some-org/some-model", "tokenizer.json")]
    assert vocabulary.name == "some-org/some-model"
    assert vocabulary.source == f"hub some-org/some-model@{COMMIT}"
    assert vocabulary.sha256 == resolve(str(file)).sha256


@pytest.mark.parametrize(
    ("raised", "told", "said"),
    [
        (http(errors.RepositoryNotFoundError), UsageError, "the hub has no tokenizer.json under this id"),
        (http(errors.RemoteEntryNotFoundError), UsageError, "the hub has no tokenizer.json under this id"),
        (http(errors.GatedRepoError), InputError, "ask for access"),
        (errors.HFValidationError("bad id"), UsageError, "no id of a repository: bad id"),
        (errors.LocalEntryNotFoundError("no\nnet"), InputError, "the hub can't be reached: no net"),
        (errors.OfflineModeIsEnabled("offline"), InputError, "the hub can't be reached: offline"),
        (OSError("a\nlong\nstory"), InputError, "the hub can't be reached: a long story"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_each_way_to_fail_is_one_line_for_the_user(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, told: type[Exception], said: str
) -> None:
    def download(*_: str) -> str:
        raise raised

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", download)

    with pytest.raises(told, match=f"some-org/some-model.*{said}") as caught:
        resolve("some-org/some-model")
    assert "\n" not in str(caught.value)
