"""A file to count: its bytes, and whether it has changed since it was found."""

from pathlib import Path

import pytest

from tokaudit.readers.paths.listing import expand


def test_a_small_file_that_is_held_is_not_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")
    ((file,), _) = expand([str(tmp_path / "a")])
    held = file.held()
    (tmp_path / "a").write_bytes(b"newer")

    assert file.changed()
    assert held == file
    assert held.open().read() == b"".join(held.blocks()) == b"old"
    assert file.held() is file, "the size has changed since the file was found"
    monkeypatch.setattr("tokaudit.readers.files.HELD_BYTES", 2)
    assert file.held() is file
    monkeypatch.undo()
    (tmp_path / "a").unlink()
    assert file.held() is file
