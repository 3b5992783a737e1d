"""What all figures keep to."""

import ast
from pathlib import Path

import pytest

import tokaudit.reports.charts
import tokaudit.reports.figures

MODULES = [
    module
    for package in (tokaudit.reports.charts, tokaudit.reports.figures)
    for module in sorted(Path(package.__path__[0]).glob("*.py"))
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_channels_are_objects_which_altair_need_not_look_up(module: Path) -> None:
    calls = [each for each in ast.walk(ast.parse(module.read_text(encoding="utf-8"))) if isinstance(each, ast.Call)]
    encoded = [each for each in calls if isinstance(each.func, ast.Attribute) and each.func.attr == "encode"]

    assert not [
        ast.unparse(channel)
        for call in encoded
        for channel in call.keywords
        if isinstance(channel.value, ast.Constant | ast.JoinedStr)
        or ast.unparse(channel.value).startswith("alt.value(")
    ]
