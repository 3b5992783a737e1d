"""What a catalog knows of its sources."""

from pathlib import Path

from samples import ask

from tokaudit.bookkeeping import record_left_out
from tokaudit.catalog import owning, writing
from tokaudit.paths import LeftOut


def test_a_path_is_left_out_once_a_source_with_its_newest_rule(tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    for rule in ("binary", "vcs"):
        with owning(catalog), writing(catalog) as connection:
            record_left_out(connection, "s", [LeftOut("/c/x", rule), LeftOut("/c/x", rule), LeftOut("/c/y", rule)])
            record_left_out(connection, "t", [LeftOut("/c/x", rule)])
            record_left_out(connection, "s", [])

    assert ask(catalog, "select * from left_out order by all") == [
        ("s", "/c/x", "vcs"),
        ("s", "/c/y", "vcs"),
        ("t", "/c/x", "vcs"),
    ]
