"""Finding the members of a damaged gzip file."""

import gzip
import io

import pytest

from tokaudit.readers.faults import FileFault
from tokaudit.readers.files import InputFile
from tokaudit.readers.unpack.gzip_members import next_member
from tokaudit.readers.unpack.streams import ByteStream, open_stream

MEMBERS = [gzip.compress(b"record %d " % number + bytes(100 + number)) for number in range(5)]
PLACES = [sum(map(len, MEMBERS[:number])) for number in range(5)]


def begins(head: bytes) -> bool:
    """Whether a member is wanted."""
    return head.startswith(b"record ")


@pytest.mark.parametrize("gap", [0, 10, 3_000_000])
def test_the_next_member_is_found_behind_any_bytes(gap: int) -> None:
    raw = io.BytesIO(b"\x1f\x8b\x08".ljust(gap, b"x") + gzip.compress(b"another") + b"".join(MEMBERS))
    first = max(3, gap) + len(gzip.compress(b"another"))

    assert next_member(raw, 0, begins) == first
    assert next_member(raw, first + 1, begins) == first + PLACES[1]
    assert next_member(raw, first + PLACES[4] + 1, begins) is None


def opened(data: bytes) -> ByteStream:
    """The uncompressed bytes of a gzip file."""
    return open_stream(InputFile("/x.gz", "x.gz", len(data), "", data=data))


def rest(stream: ByteStream) -> bytes:
    """All bytes up to the end."""
    return b"".join(iter(lambda: stream.read(1_000), b""))


def test_a_stream_goes_on_behind_a_damaged_member() -> None:
    data = bytearray(b"".join(MEMBERS))
    data[PLACES[3] - 8] ^= 1  # the check sum of the third
    stream = opened(bytes(data))

    with pytest.raises(FileFault, match="damaged gzip data"):
        rest(stream)

    assert stream.damaged() == 0
    assert stream.skip_damage(begins)
    assert rest(stream) == b"record 3 " + bytes(103) + b"record 4 " + bytes(104)
    assert stream.position() == len(data)


def test_nothing_is_skipped_where_nothing_follows() -> None:
    only = opened(MEMBERS[0][:-8] + bytes(8))
    with pytest.raises(FileFault):
        rest(only)

    assert only.damaged() is None
    assert not only.skip_damage(begins)
    assert not opened(b"plain text").skip_damage(begins)


def test_damage_is_not_read_again_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.readers.unpack.streams._MOST_AGAIN", 100_000)
    damaged = [member[:-8] + bytes(8) for member in MEMBERS]
    stream = opened(b"".join(damaged * 20))
    times = 0
    while times < 1_000:
        with pytest.raises(FileFault):
            rest(stream)
        if not stream.skip_damage(begins):
            break
        times += 1

    assert 10 < times < 99
