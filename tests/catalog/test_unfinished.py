"""Whether an upgrade is cut off is no question that a long name makes unanswerable."""

from pathlib import Path

from tokaudit.catalog.layout import upgrade_folder
from tokaudit.catalog.unfinished import unfinished_upgrade


def test_a_name_too_long_for_the_folder_of_an_upgrade_has_none(tmp_path: Path) -> None:
    assert unfinished_upgrade(tmp_path / ("n" * 245)) == []


def test_the_folder_of_an_upgrade_is_unfinished_work(tmp_path: Path) -> None:
    upgrade_folder(tmp_path / "x.duckdb").mkdir()

    assert [each.work for each in unfinished_upgrade(tmp_path / "x.duckdb")] == ["upgrade"]
