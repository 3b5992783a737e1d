"""Trying again after faults of servers and lines that may pass, with growing waits."""

import errno
import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeVar

from tokaudit.core.logs import logger
from tokaudit.core.units import format_duration, parse_duration

T = TypeVar("T")

PATIENCE_VARIABLE: Final = "TOKAUDIT_REMOTE_PATIENCE"
_LOG: Final = logger(__name__)
_USUAL_SECONDS: Final = 30.0
_FIRST_SECONDS: Final = 0.2
_DOUBLINGS: Final = 6
"""The first wait between two tries, and how often it doubles: up to 13 s."""
_LEAST_TRIES: Final = 3
"""A try that hangs may take all the time by itself."""
_MOST_CAUSES: Final = 8

_PASSING: Final = frozenset({408, 425, 429})
_STAYING: Final = frozenset({501, 505})
_SERVER_FAULTS: Final = 500
_PASSING_CODES: Final = frozenset({"RequestTimeout", "RequestTimeTooSkewed", "SlowDown", "Throttling"})
_PASSING_NUMBERS: Final = frozenset(
    {errno.EAGAIN, errno.EBUSY, errno.EHOSTUNREACH, errno.ENETDOWN, errno.ENETUNREACH, errno.ETIMEDOUT}
)
_PASSING_KINDS: Final = frozenset(
    {
        *("ClientConnectionError", "ClientPayloadError"),  # aiohttp
        *("HTTPClientError", "IncompleteReadError", "ResponseParserError"),  # botocore
        *("TransportError", "ConnectionError", "Timeout", "ChunkedEncodingError"),  # httpx and requests
        "IncompleteRead",  # http.client
    }
)
"""Names of errors of lines, without loading the packages that have them."""

# A generator of its own: nothing that is counted may depend on how often a server was asked.
_chance: Final = random.Random()  # noqa: S311 - no secret


class ChangedError(OSError):
    """The file is not the one that was found."""

    def __init__(self) -> None:
        super().__init__("it has changed since it was found")


def patience_seconds() -> float:
    """How long one thing is asked for again and again: ``$TOKAUDIT_REMOTE_PATIENCE``, or half a minute.

    Raises:
        UsageError: the variable is no length of time.
    """
    chosen = os.environ.get(PATIENCE_VARIABLE)
    return parse_duration(chosen, PATIENCE_VARIABLE) if chosen else _USUAL_SECONDS


def patiently(ask: Callable[[], T], *, first_contact: bool = False) -> T:
    """What a server gives. After a fault that may pass it is asked again until `patience_seconds` are over.

    The waits double, and each is drawn from its upper half, so that many readers do not come back at once. A server
    may ask for a longer one.

    Args:
        ask: asks once.
        first_contact: whether nothing was heard of the server yet: then an address that nobody listens at is wrong.

    Raises:
        Exception: what the last try raised, with a note of how often and how long was tried.
    """
    patience = patience_seconds()
    least = _LEAST_TRIES if patience else 1
    started = time.monotonic()
    tries = 0
    while True:
        try:
            return ask()
        except Exception as error:
            tries += 1
            waited = time.monotonic() - started
            left = patience - waited
            if not may_pass(error, first_contact=first_contact):
                raise
            if left <= 0 and tries >= least:
                if tries > 1:
                    error.add_note(f"after {tries} tries in {format_duration(waited)}")
                raise
            wait = _FIRST_SECONDS * 2 ** min(tries - 1, _DOUBLINGS) * _chance.uniform(0.5, 1)
            # The last try comes when the time is over.
            wait = min(max(wait, _asked_seconds(error)), max(left, _FIRST_SECONDS))
            _LOG.info("try %d failed (%s: %s); again in %.1f s", tries, type(error).__name__, error, wait)
        time.sleep(wait)


def may_pass(error: BaseException, *, first_contact: bool = False) -> bool:
    """Whether the same request may succeed later: the line broke, or the server is busy or ill."""
    causes = list(_causes(error))
    if any(isinstance(each, ChangedError) or type(each).__name__ == "FileExpired" for each in causes):
        return False
    if first_contact and any(_is_nowhere(each) for each in causes):
        return False
    for each in causes:
        status, code = _status(each)
        if status:
            return status in _PASSING or code in _PASSING_CODES or (status >= _SERVER_FAULTS and status not in _STAYING)
    return any(_is_of_the_line(each) for each in causes)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what it was raised from: file systems wrap the errors of the packages that they use."""
    cause: BaseException | None = error
    for _ in range(_MOST_CAUSES):
        if cause is None:
            return
        yield cause
        cause = cause.__cause__


def _is_nowhere(error: BaseException) -> bool:
    """Whether there is no such host, or nobody listens there."""
    below = getattr(error, "os_error", None) or getattr(error, "error", None) or error
    names = (type(below).__name__, type(error).__name__)
    return isinstance(below, ConnectionRefusedError) or "gaierror" in names or "ClientConnectorDNSError" in names


def _is_of_the_line(error: BaseException) -> bool:
    if isinstance(error, ConnectionError | TimeoutError | EOFError):
        return True
    if isinstance(error, OSError) and error.errno in _PASSING_NUMBERS:
        return True
    return any(kind.__name__ in _PASSING_KINDS for kind in type(error).__mro__)


def _status(error: BaseException) -> tuple[int, str]:
    """The status of the answer that an error is about, and a code of S3; 0 and empty if there is none."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):  # of botocore
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return int(status or 0), str(response.get("Error", {}).get("Code", ""))
    for value in (getattr(error, "status", 0), getattr(response, "status_code", 0)):
        if isinstance(value, int) and value:
            return value, ""
    return 0, ""


def _asked_seconds(error: BaseException) -> float:
    """The seconds that the server asks to wait with ``Retry-After``; 0 if it says nothing that can be understood."""
    for each in _causes(error):
        response = getattr(each, "response", None)
        if isinstance(response, dict):
            headers: Any = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        else:
            headers = getattr(each, "headers", None) or getattr(response, "headers", None) or {}
        said = headers.get("Retry-After") or headers.get("retry-after")
        if said:
            return _seconds_of(str(said))
    return 0.0


def _seconds_of(said: str) -> float:
    """The seconds of a ``Retry-After``: a number, or a date."""
    if said.isascii() and said.strip().isdecimal():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return 0.0
