"""Rules that hold for every reader, whatever its format."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]

FORMATS = [name for name in READERS.names() if READERS.get(name).suffixes]


def test_no_two_readers_claim_the_same_suffix() -> None:
    suffixes = [suffix for name in READERS.names() for suffix in READERS.get(name).suffixes]

    assert len(suffixes) == len(set(suffixes))
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("packed", ["", ".gz", ".zst", ".xz", ".bz2"])
@settings(max_examples=25, deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_give_records_or_a_fault_and_never_raise(
    *, stored: Stored, seen: Seen, name: str, packed: str, data: bytes
) -> None:
    found = seen(stored("a" + READERS.get(name).suffixes[0] + packed, data), name)

    if packed and not found.refused:  # it is plain text, whatever its name says
        assert data.decode()


@pytest.mark.parametrize("name", FORMATS)
def test_a_missing_file_is_one_bad_record(seen: Seen, name: str) -> None:
    assert seen(InputFile("memory:///none/at/all", "x", 0, ""), name).refused == "unreadable"
