"""``tokaudit upgrade``."""

from pathlib import Path

import pytest
from made.samples import Run
from made.storage import storage_version, written_as

from tokaudit.catalog.lock_down import STORAGE_VERSION


@pytest.mark.slow
def test_upgrade_says_what_it_did_and_then_that_nothing_is_to_be_done(run: Run, copy: Path) -> None:
    path = written_as("latest", copy, copy.with_name("x.duckdb"))
    before, old = storage_version(path), path.stat().st_size
    answer = run("--catalog", path, "supply", "--json").out
    done = run("--catalog", path, "upgrade", "--json")
    new = path.stat().st_size
    again = run("--catalog", path, "upgrade", "--json")
    schema = done.json["to"]["schema"]

    assert done.json == {
        "catalog": str(path),
        "from": {"storage_version": "v2.0.0", "schema": schema},
        "to": {"storage_version": STORAGE_VERSION, "schema": schema},
        "bytes_before": old,
        "bytes_after": new,
        "changed": True,
    }
    assert f"storage version v2.0.0 became {STORAGE_VERSION} (" in done.err
    assert again.json == {**done.json, "from": done.json["to"], "bytes_before": new, "changed": False}
    assert again.err.startswith("tokaudit: nothing to do: ")
    assert storage_version(path) != before
    assert run("--catalog", path, "supply", "--json").out == answer


def test_upgrade_of_a_missing_catalog_makes_none(run: Run) -> None:
    assert "no catalog found; create one with `tokaudit ingest`" in run("upgrade", code=4).err
    assert list(Path().iterdir()) == []
