"""Registries of plugins: each file of a folder is one, its name is what users type, and it defines one constant."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Generic, TypeVar, cast

from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import unknown_name

T = TypeVar("T")


class Registry(Generic[T]):
    """The plugins in one package folder; a module is imported only when its plugin is asked for.

    Each module is a plugin. Users type an underscore in its name as a hyphen:
    ``hoffmann2022_approach3.py`` is ``hoffmann2022-approach3``.

    Args:
        package: dotted name of the folder, such as ``tokaudit.laws.published``.
        constant: name of the constant that each module defines, such as ``LAW``.
        noun: word for a plugin in messages, such as ``law``.
    """

    def __init__(self, package: str, constant: str, noun: str) -> None:
        self.package = package
        self.constant = constant
        self.noun = noun
        self._names: list[str] = []
        self._plugs: dict[str, T] = {}

    def names(self) -> list[str]:
        """The names of all plugins, sorted; only the package itself is imported."""
        if not self._names:
            spec = find_spec(self.package)
            folders = spec.submodule_search_locations if spec else None
            self._names = sorted(
                file.stem.replace("_", "-")
                for folder in folders or ()
                for file in Path(folder).glob("*.py")
                if not file.stem.startswith("_")
            )
        return self._names

    def check(self, name: str) -> None:
        """Check that there is a plugin called ``name``.

        Raises:
            UsageError: there is none; the message lists the known ones.
        """
        known = self.names()
        if name not in known:
            raise UsageError(unknown_name(self.noun, name, known))

    def get(self, name: str) -> T:
        """The plugin called ``name``.

        Raises:
            UsageError: there is none; the message lists the known ones.
        """
        if name not in self._plugs:
            self.check(name)
            module = import_module(f"{self.package}.{name.replace('-', '_')}")
            self._plugs[name] = cast("T", getattr(module, self.constant))
        return self._plugs[name]
