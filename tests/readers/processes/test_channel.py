"""Messages through pipes: they arrive as they were sent, and a closed or broken pipe is one kind of error."""

import os
import struct
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.readers.processes.channel import Channel, ClosedError

HEADERS = st.dictionaries(st.text(), st.one_of(st.integers(-(2**53), 2**53), st.text(), st.none(), st.booleans()))


def pipe() -> tuple[Channel, int]:
    """A channel whose messages come back to it, and the end for writing."""
    theirs, ours = os.pipe()
    return Channel(os.fdopen(theirs, "rb", buffering=0), os.fdopen(os.dup(ours), "wb", buffering=0)), ours


@pytest.fixture(scope="module")
def echo() -> Iterator[Channel]:
    """A channel whose messages come back to it."""
    channel, ours = pipe()
    yield channel
    channel.close()
    os.close(ours)


@given(header=HEADERS, payload=st.binary(max_size=2_000))
def test_a_message_arrives_as_it_was_sent(echo: Channel, header: dict[str, object], payload: bytes) -> None:
    echo.send(header, payload)
    again, data = echo.receive()

    assert (again, data.tobytes()) == (header, payload)


def test_a_message_larger_than_the_pipe_arrives_whole(echo: Channel) -> None:
    payload = os.urandom(3_000_000)
    sending = threading.Thread(target=echo.send, args=({"n": 1}, payload))
    sending.start()
    header, data = echo.receive()
    sending.join()

    assert header == {"n": 1}
    assert data.tobytes() == payload


@pytest.mark.parametrize("sizes", [struct.pack("<IQ", 0xFFFFFFFF, 0), struct.pack("<IQ", 2, 1 << 62) + b"{}"])
def test_sizes_that_nobody_sends_close_the_channel(sizes: bytes) -> None:
    channel, ours = pipe()
    os.write(ours, sizes)
    with pytest.raises(ClosedError):
        channel.receive()
    channel.close()
    os.close(ours)


@pytest.mark.parametrize("sent", [b"", b"\1", struct.pack("<IQ", 2, 3) + b"{}ab"])
def test_an_end_that_closes_between_or_in_messages_says_so(sent: bytes) -> None:
    theirs, ours = os.pipe()
    os.write(ours, sent)
    os.close(ours)
    channel = Channel(os.fdopen(theirs, "rb", buffering=0), os.fdopen(os.dup(1), "wb", buffering=0))
    with pytest.raises(ClosedError):
        channel.receive()
    channel.close()


def test_nothing_is_sent_to_an_end_that_is_closed() -> None:
    channel, ours = pipe()
    channel.close()
    os.close(ours)

    for action in (channel.receive, lambda: channel.send({"kind": "next"})):
        with pytest.raises(ClosedError):
            action()


def test_nothing_is_sent_to_a_process_that_has_ended() -> None:
    theirs, ours = os.pipe()
    incoming, back = os.pipe()
    channel = Channel(os.fdopen(incoming, "rb", buffering=0), os.fdopen(ours, "wb", buffering=0))
    os.close(theirs)
    with pytest.raises(ClosedError):
        channel.send({"kind": "next"})
    channel.close()
    os.close(back)
