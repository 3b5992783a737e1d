"""Output files that are written whole or not at all."""

import os
from pathlib import Path

import pytest

from tokaudit.audit.whole_files import whole_files
from tokaudit.core.errors import InputError, UsageError


def names(folder: Path) -> set[str]:
    """All names in a folder, hidden ones too."""
    return {path.name for path in folder.iterdir()}


def test_files_appear_when_all_are_written(tmp_path: Path) -> None:
    files = [tmp_path / "a", tmp_path / "b"]
    files[1].write_text("old")
    with whole_files(files) as streams:
        for stream in streams:
            stream.write(b"new")
        assert files[1].read_text() == "old"
        assert not files[0].exists()

    assert [file.read_bytes() for file in files] == [b"new", b"new"]
    assert names(tmp_path) == {"a", "b"}


@pytest.mark.parametrize("error", [OSError("full"), KeyboardInterrupt()])
def test_a_failure_leaves_everything_as_it_was(error: BaseException, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("old")

    def fail() -> None:
        with whole_files([tmp_path / "a", tmp_path / "b"]) as (first, _):
            first.write(b"new")
            raise error

    with pytest.raises(type(error)):
        fail()

    assert names(tmp_path) == {"b"}
    assert (tmp_path / "b").read_text() == "old"


def test_a_failed_rename_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Path.replace

    def fail_on_b(self: Path, target: Path) -> Path:
        if target.name == "b":
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_on_b)
    with (
        pytest.raises(InputError, match="b: can't be written: Permission denied"),
        whole_files([tmp_path / "a", tmp_path / "b"]),
    ):
        pass

    assert names(tmp_path) == set()


def test_the_file_that_a_link_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    with whole_files([tmp_path / "a"]) as (stream,):
        stream.write(b"new")

    assert (tmp_path / "a").is_symlink()
    assert (tmp_path / "b").read_bytes() == b"new"


def test_folders_and_devices_are_refused(tmp_path: Path) -> None:
    for file in (tmp_path, Path(os.devnull)):
        with pytest.raises(UsageError, match="is not a regular file"), whole_files([tmp_path / "a", file]):
            pass

    assert names(tmp_path) == set()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing does not exist"), whole_files([tmp_path / "missing" / "a"]):
        pass
