"""Output files are not overwritten without force, and are written whole or not at all."""

from pathlib import Path

import pytest

from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.new_files import check_new, write_whole


def test_only_force_lets_a_file_be_overwritten(tmp_path: Path) -> None:
    there = tmp_path / "x.md"
    for file in (None, there):
        check_new("--markdown", file, force=False)
    write_whole("--markdown", there, "one")
    with pytest.raises(UsageError, match=r"^--markdown: .*x.md: exists already; pass --force"):
        check_new("--markdown", there, force=False)
    check_new("--markdown", there, force=True)
    write_whole("--markdown", there, "two")

    assert there.read_text() == "two"
    assert list(tmp_path.iterdir()) == [there]


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    there = tmp_path / "x.md"
    there.write_text("mine")
    (tmp_path / ".x.md.part").mkdir()
    with pytest.raises(InputError, match=r"^--markdown: .*: can't be written"):
        write_whole("--markdown", there, "other")

    assert there.read_text() == "mine"
