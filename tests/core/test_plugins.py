"""Registries of plugins, one per file of a folder."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tokaudit.core.errors import UsageError
from tokaudit.core.plugins import Registry


@pytest.fixture
def birds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry[Any]:
    """A package of two plugins and a helper; one plugin fails when it is imported."""
    folder = tmp_path / "birds_of_a_test"
    folder.mkdir()
    for name, content in {
        "__init__": "",
        "_helper": "BIRD = 'no bird'",
        "black_cap": "BIRD = 'tik'",
        "wren": "raise RuntimeError('imported')",
    }.items():
        (folder / f"{name}.py").write_text(content)
    (folder / "notes.txt").write_text("no module")
    monkeypatch.syspath_prepend(tmp_path)
    return Registry[Any]("birds_of_a_test", "BIRD", "bird")


def test_names_are_file_names_with_hyphens_and_nothing_is_imported(birds: Registry[Any]) -> None:
    assert birds.names() == ["black-cap", "wren"]
    assert "birds_of_a_test.wren" not in sys.modules


def test_a_plugin_is_the_constant_of_its_module(birds: Registry[Any]) -> None:
    assert birds.get("black-cap") == "tik"
    with pytest.raises(RuntimeError, match="imported"):
        birds.get("wren")


@pytest.mark.parametrize("name", ["black_cap", "helper", "_helper", "-helper", "notes", "", "..os", "__init__"])
def test_an_unknown_plugin_is_refused_and_the_known_ones_are_listed(birds: Registry[Any], name: str) -> None:
    with pytest.raises(UsageError, match=r"unknown bird .*\(known: black-cap, wren\)"):
        birds.get(name)


def test_a_similar_name_is_suggested(birds: Registry[Any]) -> None:
    with pytest.raises(UsageError, match="did you mean 'black-cap'"):
        birds.get("blackcap")
