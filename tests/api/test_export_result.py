"""Exports from Python: what the command writes and says."""

import logging
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from made.samples import Counted, Run

import tokaudit
from tokaudit.core.errors import UsageError


def test_an_export_is_the_json_of_the_command(
    counted: Counted, run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept, dropped = tmp_path / "kept.parquet", tmp_path / "dropped.parquet"
    with caplog.at_level(logging.WARNING, "tokaudit"):
        done = tokaudit.open(counted.catalog).export(kept, str(dropped))
    files = (kept.read_bytes(), dropped.read_bytes())
    options = ("--kept", kept, "--dropped", dropped, "--force")
    document = run("--catalog", counted.catalog, "--json", "-q", "export", *options).json

    assert done.to_dict() == document
    assert (kept.read_bytes(), dropped.read_bytes()) == files
    assert done.kept is not None
    assert (done.kept.documents, done.kept.path) == (pq.read_metadata(kept).num_rows, kept)
    assert caplog.messages == list(done.warnings) != []
    assert "documents that count" in done._repr_html_()
    assert str(dropped) in done._repr_html_()


def test_files_that_exist_need_force(counted: Counted, tmp_path: Path) -> None:
    catalog, there = tokaudit.open(counted.catalog), tmp_path / "dropped.parquet"
    there.write_text("mine")
    with pytest.raises(UsageError, match=r"^dropped: .*: exists already; pass force=True to overwrite it$"):
        catalog.export(tmp_path / "kept.parquet", there)
    assert [file.name for file in tmp_path.iterdir()] == ["dropped.parquet"]
    done = catalog.export(dropped=there, force=True)

    assert done.kept is None
    assert done.to_dict()["kept"] is None
    assert pq.read_metadata(there).num_rows == 4
    with pytest.raises(UsageError, match=r"^export: names no file; give kept"):
        catalog.export()
    with pytest.raises(UsageError, match=r"^kept: 5 is not a text$"):
        catalog.export(5)  # type: ignore[arg-type] # the point of the test
