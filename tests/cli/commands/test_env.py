"""``tokaudit env``."""

from pathlib import Path

import pytest
from made.samples import Counted, Run


def test_versions_machine_and_settings_are_rows(run: Run, counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKAUDIT_WORKERS", "3")
    Path("tokaudit.toml").write_text('law = "besiroglu2024"\n')
    found = run("--catalog", counted.catalog, "env", "--json").json["rows"]
    rows = {row["name"]: row["value"] for row in found}

    assert list(rows)[:4] == ["tokaudit", "python", "system", "processor"]
    assert rows["settings"] == "tokaudit.toml"
    assert rows["TOKAUDIT_WORKERS"] == "3"
    assert rows["catalog"].startswith(str(counted.catalog))
    assert all(isinstance(row["value"], str) for row in found)


def test_it_works_with_a_faulty_file_and_without_a_catalog(run: Run) -> None:
    Path("tokaudit.toml").write_text("nonsense")
    done = run("env", "--json")
    rows = {row["name"]: row["value"] for row in done.json["rows"]}

    assert rows["settings"].startswith("tokaudit.toml:1: is not valid TOML: ")
    assert rows["catalog"].endswith("/tokaudit.duckdb: none")
