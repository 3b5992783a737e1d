"""What ships is found, in a checkout and in a wheel."""

from pathlib import Path

import pytest

from tokaudit.core import resources
from tokaudit.core.errors import TokauditError
from tokaudit.core.resources import guide_chapters, shipped


def test_a_file_in_the_folder_of_the_guide_is_a_chapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "guide" / "folder").mkdir(parents=True)
    for name in ("second.md", "first.md"):
        (tmp_path / "guide" / name).write_text(f"# {name} ä\n", encoding="utf-8")
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)

    assert guide_chapters() == {"first": "# first.md ä\n", "second": "# second.md ä\n"}
    assert list(guide_chapters()) == ["first", "second"]


def test_an_installation_without_chapters_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)

    with pytest.raises(TokauditError, match=r"^guide: this folder is missing from the installation"):
        guide_chapters()


@pytest.mark.parametrize("folder", ["catalog", "queries"])
def test_what_ships_next_to_the_package_is_found(folder: str) -> None:
    assert list(shipped(folder).rglob("*.sql"))
