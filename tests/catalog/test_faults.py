"""What is said of a disk that fails, of a file that is damaged, and of one that is not a catalog."""

import errno
import os
from pathlib import Path

import duckdb
import pytest
from made.samples import Counted, Run

from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.faults import unopened, unread, unwritten
from tokaudit.core.errors import CatalogError

PATH = Path("x.duckdb")
OF_DISK = {
    errno.ENOSPC: "free disk space, and run this again",
    errno.EDQUOT: "free disk space, and run this again",
    errno.EIO: "check the disk, and run this again",
    errno.EACCES: "check permissions, or use another --catalog",
    errno.EROFS: "check permissions, or use another --catalog",
    errno.EISDIR: "check permissions, or use another --catalog",
}
CUT_OFF = 'IO Error: Could not read enough bytes from file "x": attempted to read 262144 bytes from location 12288'
CORRUPT = "Corrupt database file: computed checksum 1 does not match stored checksum 2 in block at location 4096"


@pytest.mark.parametrize("kind", [duckdb.IOException, duckdb.FatalException])
@pytest.mark.parametrize("code", OF_DISK, ids=errno.errorcode.get)
def test_a_disk_that_fails_is_not_called_damage(kind: type[duckdb.Error], code: int) -> None:
    error = kind(f'FATAL Error: Failed: Could not write file "x.duckdb": {os.strerror(code)}')
    for said, done in ((unopened, "opened"), (unread, "read"), (unwritten, "written")):
        line = str(said(PATH, error))

        assert line.startswith(f"x.duckdb: can't be {done} (")
        assert line.endswith(f"; {OF_DISK[code]}")
        assert "damage" not in line


def test_a_failed_sync_is_not_called_damage() -> None:
    line = str(unopened(PATH, duckdb.FatalException("FATAL Error: fsync failed!")))
    assert line == "x.duckdb: can't be opened (FATAL Error: fsync failed!); check the disk, and run this again"


def test_a_file_that_is_cut_off_is_not_called_unwritable() -> None:
    for said in (unopened, unread, unwritten):
        line = str(said(PATH, duckdb.IOException(CUT_OFF)))
        assert line.startswith("x.duckdb: is cut off: its end is missing (")
        assert line.endswith("; restore a backup")


def test_a_damaged_block_is_damage_also_for_a_writer() -> None:
    for said in (unread, unwritten):
        assert str(said(PATH, duckdb.Error(CORRUPT))) == (
            f"x.duckdb: can't be read ({CORRUPT}); if it is damaged, restore a backup"
        )
    assert str(unopened(PATH, duckdb.Error(CORRUPT))).startswith("x.duckdb: is damaged or is not a tokaudit catalog")


@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO, errno.ENAMETOOLONG])
def test_a_catalog_that_can_not_be_looked_up_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    path, stat = tmp_path / "x.duckdb", Path.stat

    def fail(self: Path, **options: bool) -> os.stat_result:
        if self.name == path.name:
            raise OSError(code, os.strerror(code))
        return stat(self, **options)

    monkeypatch.setattr(Path, "stat", fail)
    for command in (["status"], ["forget", "web"], ["upgrade"]):
        (line,) = run("--catalog", path, *command, code=4).err.splitlines()
        assert line.startswith(f"tokaudit: {path}: can't be looked up ({os.strerror(code)}); check permissions")
    with pytest.raises(CatalogError, match=os.strerror(code)), exclusive_writer(path):
        pytest.fail("it was opened")


@pytest.mark.slow
def test_a_disk_that_is_full_during_a_commit_leaves_the_catalog_whole(copy: Path) -> None:
    with exclusive_writer(copy):
        with pytest.raises(CatalogError, match=r"No space left on device.*free disk space"), write_transaction(copy):
            raise duckdb.IOException(os.strerror(errno.ENOSPC))
        with open_readonly(copy) as connection:
            assert connection.execute("select count(*) from documents").fetchall() == [(11,)]


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.002, 0.3, 0.6])
def test_a_cut_off_catalog_is_cut_off_for_every_command(
    run: Run, counted: Counted, tmp_path: Path, share: float
) -> None:
    path = tmp_path / "cut.duckdb"
    content = counted.catalog.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    ingest = ["ingest", counted.folder / "code", "--domain", "code", "-q"]
    for command in (["status"], ["supply"], ["forget", "web", "-q"], ingest):
        (line,) = run("--catalog", path, *command, code=4).err.splitlines()

        assert "is cut off: its end is missing" in line
        assert "can't be written" not in line
