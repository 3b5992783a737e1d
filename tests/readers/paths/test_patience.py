"""Which faults are tried again, and how long the waits are."""

import errno
import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.errors import UsageError
from tokaudit.core.units import format_duration
from tokaudit.readers.paths.patience import ChangedError, may_pass, patience_seconds, patiently


class Answered(Exception):  # noqa: N818 - as of a package for the web
    """An answer with a status."""

    def __init__(self, status: int, **headers: str) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class OfS3(Exception):  # noqa: N818 - as of botocore
    """An answer of S3."""

    def __init__(self, status: int, code: str = "", retry_after: str = "") -> None:
        super().__init__(code)
        headers = {"retry-after": retry_after} if retry_after else {}
        self.response = {
            "Error": {"Code": code},
            "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": headers},
        }


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """All waits; none of them takes any time, but the clock says so."""
    slept: list[float] = []
    monkeypatch.setattr("tokaudit.readers.paths.patience.time.monotonic", lambda: sum(slept))
    monkeypatch.setattr("tokaudit.readers.paths.patience.time.sleep", slept.append)
    monkeypatch.delenv("TOKAUDIT_REMOTE_PATIENCE", raising=False)
    return slept


def failing(*errors: Exception) -> Any:
    """A function that raises these, one per call, and then gives its result."""
    left = list(errors)

    def ask() -> str:
        if left:
            raise left.pop(0)
        return "given"

    return ask


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        *(Answered(status) for status in (408, 425, 429, 500, 502, 503, 504, 529)),
        *(OfS3(status) for status in (500, 503)),
        OfS3(400, "RequestTimeout"),
        ConnectionResetError(),
        TimeoutError(),
        EOFError(),
        OSError(errno.EBUSY, "busy"),
        caused(FileNotFoundError("as fsspec says of any status"), Answered(503)),
        caused(OSError(errno.EIO, "as s3fs says of any status"), OfS3(500, "InternalError")),
    ],
    ids=repr,
)
def test_faults_of_lines_and_of_ill_servers_may_pass(error: Exception) -> None:
    assert may_pass(error)


@pytest.mark.parametrize(
    "error",
    [
        *(Answered(status) for status in (400, 401, 403, 404, 410, 412, 501)),
        OfS3(403, "AccessDenied"),
        OfS3(400, "ExpiredToken"),
        ChangedError(),
        FileNotFoundError(),
        PermissionError(),
        ValueError(),
        OSError("something"),
        caused(FileNotFoundError(), Answered(404)),
        caused(TimeoutError(), ChangedError()),
    ],
    ids=repr,
)
def test_other_faults_stay(error: Exception) -> None:
    assert not may_pass(error)


def test_an_address_that_nobody_listens_at_is_wrong_at_first_contact_alone() -> None:
    assert may_pass(ConnectionRefusedError())
    assert not may_pass(ConnectionRefusedError(), first_contact=True)


def test_waits_double_with_jitter_and_end_with_the_patience(waits: list[float]) -> None:
    with pytest.raises(ConnectionResetError) as raised:
        patiently(failing(*(ConnectionResetError() for _ in range(100))))

    for number, wait in enumerate(waits[:6]):
        assert 0.1 * 2**number <= wait <= 0.2 * 2**number
    assert 30 <= sum(waits) < 31
    assert raised.value.__notes__ == [f"after {len(waits) + 1} tries in {format_duration(sum(waits))}"]


def test_jitter_leaves_the_random_numbers_of_others_alone(waits: list[float]) -> None:
    random.seed(1)
    expected = random.random()
    random.seed(1)
    patiently(failing(TimeoutError()))

    assert waits
    assert random.random() == expected


@pytest.mark.parametrize("error", [Answered(429, Retry_After="7"), OfS3(503, retry_after="7")])
def test_a_server_may_ask_for_a_longer_wait(waits: list[float], error: Exception) -> None:
    assert patiently(failing(error)) == "given"
    assert waits == [7.0]


def test_a_server_may_ask_to_wait_until_a_date(waits: list[float]) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    patiently(failing(Answered(503, Retry_After=date)))
    assert 15 < waits[0] <= 20


@pytest.mark.parametrize("said", ["3600", "Wed, 01 Jan 2200 00:00:00 GMT"])
def test_no_server_is_waited_for_longer_than_the_patience(waits: list[float], said: str) -> None:
    with pytest.raises(Answered):
        patiently(failing(*(Answered(503, Retry_After=said) for _ in range(9))))
    assert sum(waits) < 31


@given(said=st.text(max_size=30))
def test_any_other_words_ask_for_nothing(said: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tokaudit.readers.paths.patience.time.sleep", lambda _: None)
        assert patiently(failing(Answered(503, Retry_After=said))) == "given"


def test_a_try_that_takes_all_the_time_is_not_the_only_one(waits: list[float]) -> None:
    def ask() -> str:
        waits.append(60.0)
        raise TimeoutError

    with pytest.raises(TimeoutError):
        patiently(ask)
    assert waits.count(60.0) == 3


def test_what_stays_is_asked_for_once(waits: list[float]) -> None:
    with pytest.raises(Answered):
        patiently(failing(Answered(403)))
    assert waits == []


def test_the_patience_is_a_variable(waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKAUDIT_REMOTE_PATIENCE", "10min")
    assert patience_seconds() == 600
    monkeypatch.setenv("TOKAUDIT_REMOTE_PATIENCE", "0")
    with pytest.raises(TimeoutError):
        patiently(failing(TimeoutError()))
    assert waits == []


def test_a_patience_that_is_no_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKAUDIT_REMOTE_PATIENCE", "long")
    with pytest.raises(UsageError, match="TOKAUDIT_REMOTE_PATIENCE"):
        patience_seconds()
