"""Versions and machine: nothing that is missing makes it fail, and nothing private is in it."""

import builtins
import os
from importlib import metadata
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tokaudit.audit.environment import environment
from tokaudit.core.kernels import library


def facts(catalog: Path = Path("none.duckdb")) -> dict[str, str]:
    """Name -> value."""
    return {row["name"]: row["value"] for row in environment(catalog, None)}


def test_program_machine_and_packages_are_named() -> None:
    found = facts()

    assert found["tokaudit"].startswith("0.")
    assert found["memory"].endswith("B")
    assert found["kernels"].endswith(", loaded")
    assert found["counter"].endswith(" for cl100k_base")
    assert found["package duckdb"] == metadata.version("duckdb")
    assert not [name for name, value in found.items() if value.startswith("unknown")]
    assert "package pytest" not in found


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def without(name: str, *given: Any, **named: Any) -> Any:
        if name.startswith(("tokaudit.measure", "tokaudit.catalog")):
            raise ImportError(f"No module named {name}")
        return real(name, *given, **named)

    def no_version(package: str) -> str:
        raise metadata.PackageNotFoundError(package)

    real = builtins.__import__
    monkeypatch.setattr(metadata, "version", no_version)
    monkeypatch.setattr(library, "LIBRARY", Path("nowhere.so"))
    monkeypatch.setattr(builtins, "__import__", without)
    found = facts()

    assert found["package duckdb"] == "not installed"
    assert found["kernels"].startswith("unknown (OSError: nowhere.so: ")
    assert found["counter"].startswith("unknown (ImportError: ")
    assert "unknown (ImportError: " in found["catalog"]


def test_home_and_passwords_are_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TOKAUDIT_CONFIG", f"{tmp_path}/x.toml")
    monkeypatch.setenv("TOKAUDIT_CATALOG", "s3://me:secret@host/x")
    monkeypatch.setenv("OTHER_TOKEN", "secret")
    found = facts(tmp_path / "a.duckdb")

    assert found["catalog"] == "~/a.duckdb: none"
    assert found["TOKAUDIT_CONFIG"] == "~/x.toml"
    assert found["TOKAUDIT_CATALOG"] == "s3://host/x"
    assert not [name for name, value in found.items() if "secret" in value or str(tmp_path) in value]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_bytes(b"no database"), "can't be opened as a catalog"),
        (lambda path: duckdb.connect(path).execute("create table t (a int)"), "not a catalog, storage "),
        (os.mkdir, "can't be opened ("),
    ],
    ids=["text", "database", "folder"],
)
def test_a_file_that_is_no_catalog_is_said(tmp_path: Path, make: Any, said: str) -> None:
    make(tmp_path / "x.duckdb")

    assert said in facts(tmp_path / "x.duckdb")["catalog"]
