"""A catalog of the Python door that counts words, which is quick."""

from pathlib import Path

import pytest
from made.samples import Run, Words

from tokaudit.api.catalog import Catalog, open_catalog


@pytest.fixture
def catalog(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:  # noqa: ARG001 - its folder
    """An empty catalog in the empty folder of `run`; every tokenizer counts words, in the program as well."""
    monkeypatch.setattr("tokaudit.pipeline.options.resolve", lambda name, _: name)
    monkeypatch.setattr("tokaudit.pipeline.options.load_counter", lambda name, _: Words(name, f"{len(name) % 10}"))
    return open_catalog(tmp_path / "made.duckdb")
