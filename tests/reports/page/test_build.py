"""The library that draws is bundled for wheels and editable installs, with its licences."""

from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.plugin.utils import load_plugin_from_script
from made.browser import chromium
from made.documents import ROOT

from tokaudit.core.kernels.build import LIBRARY
from tokaudit.reports.page import build


@pytest.mark.slow
def test_the_bundle_is_one_script_that_begins_with_its_licences(tmp_path: Path) -> None:
    build.bundle(tmp_path / "vega.js")
    script = (tmp_path / "vega.js").read_text(encoding="utf-8")

    assert script.startswith("/*!\nThis script is a bundle")
    assert script.index("BSD-3-Clause") < script.index("*/") < script.index("window.vegaEmbed=")
    assert "</script" not in script.lower()
    assert "<!--" not in script
    assert list(tmp_path.iterdir()) == [tmp_path / "vega.js"]


@pytest.mark.slow
def test_the_bundle_defines_one_name_alone(tmp_path: Path) -> None:
    build.bundle(tmp_path / "vega.js")
    with chromium() as browser:
        page = browser.new_page()
        page.goto("about:blank")
        names = "Object.getOwnPropertyNames(window)"
        before = set(page.evaluate(names))
        page.add_script_tag(path=tmp_path / "vega.js")

        assert set(page.evaluate(names)) - before == {"vegaEmbed"}


@pytest.mark.slow
@pytest.mark.parametrize("version", ["standard", "editable"])
def test_only_an_editable_install_puts_the_bundle_next_to_the_source(version: str, tmp_path: Path) -> None:
    next_to_source = tmp_path / build.BUNDLE
    next_to_source.parent.mkdir(parents=True)
    nothing: Any = None
    data: dict[str, Any] = {"force_include": {}}
    hook = build.BundleHook(str(tmp_path), {}, nothing, nothing, str(tmp_path), "wheel")
    hook.initialize(version, data)

    assert next_to_source.exists() == (version == "editable")
    (made,) = [next_to_source] if version == "editable" else map(Path, data["force_include"])
    assert "window.vegaEmbed=" in made.read_text(encoding="utf-8")
    assert list(data.pop("force_include").values()) == ([] if version == "editable" else [build.BUNDLE])
    assert data == {}


@pytest.mark.slow
def test_a_wheel_gets_kernels_and_bundle(tmp_path: Path) -> None:
    nothing: Any = None
    script = str(ROOT / ".build" / "hook.py")
    hook_class = load_plugin_from_script(script, "build.py", BuildHookInterface, "build_hook")
    data: dict[str, Any] = {"force_include": {}}
    hook = hook_class(str(tmp_path), {}, nothing, nothing, str(tmp_path), "wheel")
    hook.initialize("standard", data)

    assert list(data["force_include"].values()) == [LIBRARY, build.BUNDLE]
    assert all(Path(made).stat().st_size for made in data["force_include"])
    assert data["pure_python"] is False
