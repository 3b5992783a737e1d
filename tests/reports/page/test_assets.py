"""Scripts and style of the page."""

from pathlib import Path

import pytest

from tokaudit.core.errors import MissingPackageError
from tokaudit.reports.charts.colours import DARK, LIGHT
from tokaudit.reports.page import assets


def test_a_missing_bundle_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(assets, "BUNDLE", tmp_path / "vega.js")

    with pytest.raises(MissingPackageError, match=r"vega\.js: is missing; install tokaudit with pip, which makes it"):
        assets.bundle()


def test_the_scripts_of_the_form_are_there_only_with_a_form() -> None:
    assert len(assets.scripts(with_law=False)) == 2
    assert any("const tokauditLaw" in script for script in assets.scripts(with_law=True))
    assert not any("const tokauditLaw" in script for script in assets.scripts(with_law=False))


def test_no_script_or_style_can_end_its_element() -> None:
    for text in (*assets.scripts(with_law=True), assets.style()):
        assert "</" not in text.lower().replace("</svg", "").replace("</g", "") or "</script" not in text.lower()
        assert "</style" not in text.lower()


def test_the_style_defines_every_colour_of_both_themes() -> None:
    style = assets.style()

    for colours in (LIGHT, DARK):
        for name, colour in colours.items():
            assert f"{name[4:-1]}: {colour};" in style
    assert style.index(LIGHT["var(--paper)"]) < style.index("prefers-color-scheme: dark")
