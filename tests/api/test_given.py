"""Arguments that name a catalog, and arguments that are text."""

from pathlib import Path

import pytest

from tokaudit.api.given import catalog_path, check_text
from tokaudit.core.errors import UsageError


def test_the_default_catalog_is_that_of_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOKAUDIT_CATALOG", raising=False)
    assert catalog_path(None) == Path("tokaudit.duckdb")
    monkeypatch.setenv("TOKAUDIT_CATALOG", "other.duckdb")
    assert catalog_path(None) == Path("other.duckdb")


def test_a_catalog_is_text_or_a_path() -> None:
    assert catalog_path("a.duckdb") == catalog_path(Path("a.duckdb")) == Path("a.duckdb")
    with pytest.raises(UsageError, match="5 is neither a path nor a catalog"):
        catalog_path(5)  # type: ignore[arg-type] # the point of the test


def test_what_is_not_text_is_refused_by_name() -> None:
    check_text(law="x", where=None)
    with pytest.raises(UsageError, match=r"^where: 5 is not text$"):
        check_text(law="x", where=5)
