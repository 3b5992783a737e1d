"""Paths that are left out of a source."""

from pathlib import Path

from made.samples import ask

from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.known_files import record_left_out
from tokaudit.readers.files import LeftOut


def test_a_path_is_left_out_once_per_source_with_its_newest_rule(tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    x, y, z = (str(tmp_path / name) for name in "xyz")
    for path in (x, y, z):
        Path(path).touch()
    for rule in ("binary", "vcs"):
        with exclusive_writer(catalog), write_transaction(catalog) as connection:
            record_left_out(connection, "s", [LeftOut(x, rule), LeftOut(x, rule), LeftOut(y, rule)], [])
            record_left_out(connection, "t", [LeftOut(x, rule)], [])
            record_left_out(connection, "s", [LeftOut(z, "link")], [])

    assert ask(catalog, "select source, path, rule from left_out order by all") == [
        ("s", x, "vcs"),
        ("s", y, "vcs"),
        ("s", z, "link"),
        ("t", x, "vcs"),
    ]


def test_paths_counted_since_or_gone_are_no_longer_left_out(tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    there, named, gone = (tmp_path / name for name in ("there", "named", "gone"))
    dangling = tmp_path / "dangling"
    dangling.symlink_to("nowhere")
    for path in (there, named, gone):
        path.touch()
    elsewhere = [LeftOut("s3://bucket/x", "unknown_format"), LeftOut(r"/c/\xff", "name")]
    here = [LeftOut(str(path), "link") for path in (there, named, gone, dangling)]
    with exclusive_writer(catalog):
        with write_transaction(catalog) as connection:
            record_left_out(connection, "s", [*elsewhere, *here], [])
        gone.unlink()
        with write_transaction(catalog) as connection:
            record_left_out(connection, "s", [LeftOut(str(named), "link")], [str(named)])

    assert ask(catalog, "select path from left_out order by all") == sorted(
        [(str(dangling),), (str(there),), ("s3://bucket/x",), (r"/c/\xff",)]
    )
    with exclusive_writer(catalog), write_transaction(catalog) as connection:
        record_left_out(connection, "s", [], [str(dangling), str(there), "s3://bucket/x", r"/c/\xff"])
    assert ask(catalog, "select path from left_out") == []
