"""Bytes without a file."""

import gc
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import xxhash

from tokaudit.core.errors import InputError
from tokaudit.readers.paths.spool import Spool, spool_folder

DATA = os.urandom(1 << 20)


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spool:
    """A spool in the test's own folder."""
    monkeypatch.setattr("tokaudit.readers.paths.spool.spool_folder", lambda: tmp_path)
    made = Spool("what")
    for begin in range(0, len(DATA), 100_000):
        made.write(DATA[begin : begin + 100_000])
    return made


def test_a_spool_gives_the_bytes_their_number_and_their_hash(spool: Spool) -> None:
    assert spool.open().read() == DATA
    assert (spool.size, spool.content) == (len(DATA), xxhash.xxh3_128_hexdigest(DATA))


def test_streams_of_a_spool_have_positions_of_their_own(spool: Spool) -> None:
    one, other = spool.open(), spool.open()
    one.seek(-10, os.SEEK_END)

    assert other.read(5) == DATA[:5]
    assert (one.tell(), one.read(), one.read()) == (len(DATA) - 10, DATA[-10:], b"")
    assert (other.seek(7, os.SEEK_CUR), other.read(3)) == (12, DATA[12:15])


def test_threads_read_a_spool_at_once(spool: Spool) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: spool.open().read(), range(32))) == {DATA}


@pytest.mark.skipif(os.name != "posix", reason="other systems remove the name with the last handle")
def test_a_spool_has_no_name_and_only_its_owner_may_read_it(spool: Spool, tmp_path: Path) -> None:
    assert list(tmp_path.iterdir()) == []
    assert os.fstat(vars(spool)["_file"].fileno()).st_mode & 0o777 == 0o600


def test_a_spool_ends_with_its_last_reference_or_when_it_is_closed(spool: Spool) -> None:
    stream = spool.open()
    spool.close()
    with pytest.raises(OSError, match="gone"):
        spool.open()
    with pytest.raises(ValueError, match="closed"):
        stream.read()
    other = Spool("other")
    file = vars(other)["_file"]
    del other
    gc.collect()
    assert file.closed


def test_a_full_disk_is_an_error_that_names_the_folder(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

        def close(self) -> None: ...

    monkeypatch.setattr(spool, "_file", Full())
    with pytest.raises(InputError, match=r"what: can't be kept in .*: No space left on device; set TMPDIR"):
        spool.write(b"x")


def test_a_folder_that_takes_no_file_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.readers.paths.spool.spool_folder", lambda: tmp_path / "none")
    with pytest.raises(InputError, match=r"what: can't be kept in .*none: No such file"):
        Spool("what")


def test_the_folder_is_the_one_that_the_environment_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("tokaudit.readers.paths.spool._LARGE", tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "other"))
    assert spool_folder() == tmp_path
    monkeypatch.setenv("TMPDIR", str(tmp_path / "other"))
    assert spool_folder() == tmp_path / "other"
