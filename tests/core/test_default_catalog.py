"""Which catalog is meant where none is named."""

from pathlib import Path

import pytest

from tokaudit.core.default_catalog import default_catalog


def test_the_environment_names_the_default_catalog(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKAUDIT_CATALOG", "")
    assert default_catalog() == Path("tokaudit.duckdb")
    monkeypatch.setenv("TOKAUDIT_CATALOG", "a/b.duckdb")
    assert default_catalog() == Path("a/b.duckdb")
