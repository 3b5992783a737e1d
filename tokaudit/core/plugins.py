"""A folder is a registry: a file's name is the name that users type, one constant in it is the plug."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Generic, TypeVar, cast

from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import did_you_mean

T = TypeVar("T")


class Registry(Generic[T]):
    """The plugs in one package folder; a module is imported only when its plug is asked for.

    Files that begin with an underscore are helpers. An underscore inside a name is typed as a hyphen:
    ``hoffmann2022_approach3.py`` is ``hoffmann2022-approach3``.

    Args:
        package: dotted name of the folder, such as ``tokaudit.laws.published``.
        constant: name of the constant that each module defines, such as ``LAW``.
        noun: what a plug is called in messages, such as ``law``.
    """

    def __init__(self, package: str, constant: str, noun: str) -> None:
        self.package = package
        self.constant = constant
        self.noun = noun
        self._names: list[str] = []
        self._plugs: dict[str, T] = {}

    def names(self) -> list[str]:
        """Names of all plugs, sorted; nothing is imported but the package itself."""
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
        """Nothing, if there is a plug called ``name``.

        Raises:
            UsageError: there is none; the message lists those there are.
        """
        known = self.names()
        if name not in known:
            raise UsageError(f"unknown {self.noun} {name!r}{did_you_mean(name, known)} (known: {', '.join(known)})")

    def get(self, name: str) -> T:
        """The plug called ``name``.

        Raises:
            UsageError: there is none; the message lists those there are.
        """
        if name not in self._plugs:
            self.check(name)
            module = import_module(f"{self.package}.{name.replace('-', '_')}")
            self._plugs[name] = cast("T", getattr(module, self.constant))
        return self._plugs[name]
