"""Where the catalog of an argument is; without one, it is where the command line has it."""

from pathlib import Path

import pytest
from made.samples import Run

import tokaudit
from tokaudit.api.catalog_place import catalog_place
from tokaudit.core.errors import InputError, UsageError

FILE = 'catalog = "audit/x.duckdb"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("TOKAUDIT_CATALOG", "TOKAUDIT_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_catalog_is_a_path_or_a_catalog() -> None:
    assert catalog_place("a.duckdb") == catalog_place(Path("a.duckdb")) == Path("a.duckdb")
    assert catalog_place(tokaudit.open("a.duckdb")) == Path("a.duckdb").absolute()
    for wrong in (5, b"a.duckdb", ["a.duckdb"]):
        with pytest.raises(UsageError, match=r"^there: .* is neither a path nor a catalog$"):
            catalog_place(wrong, "there")


@pytest.mark.parametrize(
    ("files", "environment", "expected"),
    [
        ({}, {}, "tokaudit.duckdb"),
        ({}, {"TOKAUDIT_CATALOG": "other.duckdb"}, "other.duckdb"),
        ({"tokaudit.toml": FILE}, {}, "audit/x.duckdb"),
        ({"tokaudit.toml": FILE}, {"TOKAUDIT_CATALOG": "other.duckdb"}, "other.duckdb"),
        ({"tokaudit.toml": 'law = "porian2024"\n'}, {}, "tokaudit.duckdb"),
        ({"tokaudit.toml": "", "in/b.toml": FILE}, {"TOKAUDIT_CONFIG": "in/b.toml"}, "in/audit/x.duckdb"),
    ],
)
def test_without_one_it_is_that_of_the_command_line(
    files: dict[str, str],
    environment: dict[str, str],
    expected: str,
    run: Run,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)  # `run` has a folder of its own
    for name, text in files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert catalog_place(None) == Path(expected)
    assert tokaudit.open().path == folder / expected
    shown = {row["key"]: row["value"] for row in run("config", "show", "--json").json["rows"]}
    assert shown["catalog"] == expected


def test_a_fault_in_the_file_of_settings_is_named_with_its_line() -> None:
    Path("tokaudit.toml").write_text("catalog = 5\n")
    with pytest.raises(UsageError, match=r"^tokaudit.toml:1: catalog: 5 must be text in quotes"):
        tokaudit.open()
    Path("tokaudit.toml").write_text("catalog")
    with pytest.raises(InputError, match=r"^tokaudit.toml"):
        tokaudit.plan(1e20, supply={"web": 1e12})

    assert tokaudit.open("a.duckdb").path == Path("a.duckdb").absolute()
    assert [file.name for file in Path().iterdir()] == ["tokaudit.toml"]
