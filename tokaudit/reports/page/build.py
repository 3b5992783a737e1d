"""Bundles the library that draws on pages, Vega-Lite, for a wheel or an editable install.

A build hook of hatchling, which ``.build/hook.py`` calls. The bundle takes seconds to make, so no page waits for it.
It begins with the licences of what it contains, and so does every page. `assets.py` reads it.
"""

import tempfile
from pathlib import Path
from typing import Any, Final

import vl_convert
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LICENCES: Final = Path(__file__).with_name("licences.txt")
_SNIPPET: Final = "window.vegaEmbed = vegaEmbed;"
"""What the bundle defines for other scripts."""
BUNDLE: Final = "tokaudit/reports/page/vega.js"
"""Path in the source tree of an editable install, and in the wheel."""


def bundle(file: Path) -> None:
    """Write the bundle: one script without modules, which defines ``vegaEmbed`` and no other name."""
    script = f"(() => {{\n{vl_convert.javascript_bundle(_SNIPPET)}\n}})();"
    temporary = file.with_suffix(".tmp")
    temporary.write_text(f"/*!\n{LICENCES.read_text(encoding='utf-8')}*/\n{script}\n", encoding="utf-8")
    temporary.replace(file)  # whole or not at all: another process may read it


class BundleHook(BuildHookInterface[Any]):
    """Adds the bundle to the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the bundle: next to the template for an editable install, in a temporary folder for a wheel."""
        if version == "editable":
            bundle(Path(self.root) / BUNDLE)
            return
        self.folder = tempfile.TemporaryDirectory()  # removed with the hook, after the wheel was written
        made = Path(self.folder.name) / Path(BUNDLE).name
        bundle(made)
        build_data["force_include"][str(made)] = BUNDLE
