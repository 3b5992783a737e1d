"""The process that extracts: what it answers, and the limits that it sets itself. Here it is played by this one."""

import signal
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from tokaudit.core.extraction import Extraction
from tokaudit.core.page_kind import PageKind
from tokaudit.core.types import UInt8
from tokaudit.readers.pages import child
from tokaudit.readers.pages.limits import MEMORY
from tokaudit.readers.processes.channel import ClosedError

VISIBLE = asdict(Extraction(main_content=False))


class Requests:
    """A channel whose other end sends some requests and ends."""

    def __init__(self, *requests: tuple[dict[str, Any], bytes]) -> None:
        self.requests = list(requests)
        self.answers: list[tuple[dict[str, Any], bytes]] = []
        self.payload = b""

    def receive_header(self) -> tuple[dict[str, Any], int]:
        """The next request, but for its pages."""
        assert not self.payload  # all of the request before was read
        if not self.requests:
            raise ClosedError
        header, self.payload = self.requests.pop(0)
        return header, len(self.payload)

    def read(self, size: int) -> UInt8:
        """The next page."""
        page, self.payload = self.payload[:size], self.payload[size:]
        return np.frombuffer(page, np.uint8)

    def send(self, header: Mapping[str, Any], payload: bytes = b"") -> None:
        """Keep an answer."""
        self.answers.append((dict(header), payload))


def request(*pages: bytes, kind: PageKind = PageKind.HTML, seconds: float = 3) -> tuple[dict[str, Any], bytes]:
    """A request for the texts of pages."""
    count = len(pages)
    header = {
        "kind": "extract",
        "sizes": list(map(len, pages)),
        "kinds": [int(kind)] * count,
        "charsets": [None] * count,
        "seconds": [seconds] * count,
        "extraction": VISIBLE,
    }
    return header, b"".join(pages)


@pytest.fixture(autouse=True)
def limited(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float | None]]:
    """The limits in the order in which they are set; none of them holds for this process."""
    found: list[tuple[str, float | None]] = []
    monkeypatch.setattr(child, "limit_memory", lambda more: found.append(("memory", more)))
    monkeypatch.setattr(signal, "setitimer", lambda _, seconds: found.append(("seconds", seconds)))
    return found


def served(*requests: tuple[dict[str, Any], bytes]) -> list[tuple[dict[str, Any], bytes]]:
    """The answers to requests."""
    channel = Requests(*requests)
    child.serve(channel)  # type: ignore[arg-type] # it has what is called
    (ready, _), *answers = channel.answers
    assert ready == {"kind": "ready"}
    return answers


def test_each_page_has_an_answer_in_order() -> None:
    answers = served(request(b"<html><p>One", b"", b"<html><p>Two"), request(b"<html><b>Three"))

    assert answers == [({"kind": "text"}, text) for text in (b"One", b"", b"Two", b"Three")]


def test_white_space_of_any_kind_is_no_text() -> None:
    assert served(request(" \u00a0\u2003\n".encode(), kind=PageKind.PLAIN)) == [({"kind": "text"}, b"")]


def test_each_page_has_a_limit_of_time_and_large_ones_of_memory(limited: list[tuple[str, float | None]]) -> None:
    served(request(b"a", b"b" * (1 << 20), kind=PageKind.PLAIN, seconds=7))

    timed = [("seconds", 7), ("seconds", 0)]
    large = [("memory", None), ("memory", MEMORY - (1 << 20))]  # without the bytes of the page
    assert limited == [("memory", MEMORY), *timed, *large, *timed, ("memory", None)]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (MemoryError(), "it takes more than 1.07 GB of memory"),
        (ValueError("no\nway"), "the extractor failed: no way"),
        (KeyError(), "the extractor failed: KeyError"),
        (KeyboardInterrupt("panic \ud800"), "the extractor failed: panic ?"),
        (RuntimeError("long " * 100), "the extractor failed: " + ("long " * 40)[:200]),
    ],
)
def test_whatever_is_raised_is_a_fault_of_the_page(
    monkeypatch: pytest.MonkeyPatch, limited: list[tuple[str, float | None]], error: BaseException, why: str
) -> None:
    def fail(*_: object) -> str:
        raise error

    monkeypatch.setattr(child, "page_text", fail)

    assert served(request(b"a", b"b")) == [({"kind": "failed", "why": why}, b"")] * 2
    assert limited[-2:] == [("seconds", 0), ("memory", None)]


def test_systems_without_timers_have_no_limit_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "setitimer")

    assert served(request(b"<html>a")) == [({"kind": "text"}, b"a")]
