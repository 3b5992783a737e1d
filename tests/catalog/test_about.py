"""What a catalog's file is."""

import re
from pathlib import Path

import duckdb
from made.samples import Counted

from tokaudit.catalog.about import about_catalog
from tokaudit.catalog.versions import migrations


def test_a_catalog_has_a_schema_and_a_storage_version(counted: Counted) -> None:
    newest = migrations()[-1][0]

    assert re.fullmatch(rf"schema {newest} \(newest: {newest}\), storage v[\d.]+\+?", about_catalog(counted.catalog))


def test_an_older_schema_is_named_too(copy: Path) -> None:
    with duckdb.connect(copy) as connection:
        connection.execute("delete from store.migrations where migration > 3")

    assert about_catalog(copy).startswith("schema 3 (newest: ")
    assert about_catalog(copy.with_name("none.duckdb")) == "none"
