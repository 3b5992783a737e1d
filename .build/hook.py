"""The build hook of hatchling: makes what a wheel and an editable install have besides the source.

Each of `BUILDERS` is a file with one build hook. hatchling takes one hook of a kind per target, so this one calls them.
They are loaded by path, because the package that is being built can't be imported yet.
"""

from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.plugin.utils import load_plugin_from_script

ROOT: Final = Path(__file__).parents[1]
BUILDERS: Final = ("tokaudit/core/kernels/build.py", "tokaudit/reports/page/build.py")


class BuildHook(BuildHookInterface[Any]):
    """Calls the hook of each of `BUILDERS`."""

    PLUGIN_NAME = "custom"

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.hooks = [
            load_plugin_from_script(str(ROOT / builder), builder, BuildHookInterface, "build_hook")(*given, **named)
            for builder in BUILDERS
        ]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Let each hook add its files."""
        for hook in self.hooks:
            hook.initialize(version, build_data)
