"""Reading ``tokaudit.toml``: every key and every type is checked before anything is done with any of them."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import unknown_name
from tokaudit.core.toml_file import TomlFile, read_toml
from tokaudit.planning.audit_file.kinds import PATHS, Kind
from tokaudit.planning.audit_file.schema import REQUIRED, SECTIONS, SETTINGS

_KEYS: Final = {"tokenizer": "tokenizers"}
"""Keys of a source that are not named as their option."""

Values = Mapping[str, Any]
"""Key -> value, in the form that its `Kind` gives it."""


@dataclass(frozen=True, slots=True)
class AuditFile:
    """What an audit's file says.

    Attributes:
        toml: the file, which knows on which line a key stands.
        settings: settings of commands.
        sources: name -> how the source is counted.
        plans: name -> options of the plan.
    """

    toml: TomlFile
    settings: Values
    sources: Mapping[str, Values]
    plans: Mapping[str, Values]

    @property
    def path(self) -> Path:
        """The file, as it was named."""
        return self.toml.path

    def place_of(self, section: str, name: str, fault: str) -> str:
        """``FILE:LINE`` of what a message on a source or plan is about: a key that it names, or else the table.

        A message names a key by its option, or quotes its value. A setting is named by its value alone.
        """
        told = getattr(self, section)[name]
        for option in re.findall(r"--([a-z][a-z-]*)", fault):
            key = _KEYS.get(option, option.replace("-", "_"))
            if key in told:
                return self.toml.place(section, name, key)
        for above, values in (((section, name), told), ((), self.settings)):
            for key, value in values.items():
                texts = value if isinstance(value, tuple) else (value,)
                if any(isinstance(text, str) and repr(text) in fault for text in texts):
                    return self.toml.place(*above, key)
        return self.toml.place(section, name)


def read_audit_file(path: Path) -> AuditFile:
    """What the file says, with its paths as seen from the working directory.

    Raises:
        InputError: the file can't be read as TOML.
        UsageError: an unknown key or section, a missing key, or a value of another kind. The first fault of the file
            is named, and how many more there are.
    """
    toml = read_toml(path)
    faults = sorted(_faults(toml))
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        line, fault = faults[0]
        raise UsageError(f"{path}:{line}: {fault}{more}")
    folder = path.parent
    settings = _read(toml.values, SETTINGS, folder)
    named = {
        section: {name: _read(table, keys, folder) for name, table in toml.values.get(section, {}).items()}
        for section, keys in SECTIONS.items()
    }
    return AuditFile(toml, settings, **named)


def _read(table: Mapping[str, Any], keys: Mapping[str, Kind], folder: Path) -> dict[str, Any]:
    """The values of a table, its paths as seen from the working directory."""
    found = {key: kind.read(table[key]) for key, kind in keys.items() if key in table}
    for key, located in _LOCATED.items():
        if key in found:
            found[key] = located(folder, found[key])
    return found


def _faults(toml: TomlFile) -> Iterator[tuple[int, str]]:
    """Line and words of each fault."""
    known = {**SETTINGS, **dict.fromkeys(SECTIONS)}
    yield from _faults_of(toml, (), toml.values, known)
    for section, keys in SECTIONS.items():
        tables = toml.values.get(section, {})
        if not isinstance(tables, dict):
            yield toml.line(section), f"{section}: must be tables with names; write [{section}.NAME]"
            continue
        for name, table in tables.items():
            yield from _faults_of_named(toml, section, name, table, keys)


def _faults_of_named(
    toml: TomlFile, section: str, name: str, table: Any, keys: Mapping[str, Kind]
) -> Iterator[tuple[int, str]]:
    place = (section, name)
    if not isinstance(table, dict):
        yield toml.line(*place), f"{section}: {name!r} must be a table; write [{section}.NAME] with keys below it"
        return
    if not name.strip() or not name.isprintable():
        yield toml.line(*place), f"{section}: {name!r} is not a name; use printable characters"
    yield from _faults_of(toml, place, table, keys)
    if section != "sources":
        return
    for key in REQUIRED:
        if key not in table and keys.keys() >= table.keys():  # else the key may be there, misspelt
            yield toml.line(*place), f"source {name!r}: the key {key} is missing"
    if "-" in (PATHS.read(table.get("paths")) or ()):
        yield toml.line(*place, "paths"), f"source {name!r}: stdin ('-') can't be counted again; save it to a file"


def _faults_of(
    toml: TomlFile, place: tuple[str, ...], table: Mapping[str, Any], known: Mapping[str, Kind | None]
) -> Iterator[tuple[int, str]]:
    where = f"{'.'.join(place)}: " if place else ""
    for key, value in table.items():
        if key not in known:
            yield toml.line(*place, key), f"{where}{unknown_name('key', key, list(known))}"
        elif (kind := known[key]) and kind.read(value) is None:
            yield toml.line(*place, key), f"{where}{key}: {kind.fault(value)}"


def _located(folder: Path, text: str) -> str:
    """A path next to the file. For a file in the working directory, it stays as it was written."""
    if folder == Path() or os.path.isabs(text):  # noqa: PTH117 - a path of another kind, such as a glob
        return text
    from tokaudit.readers.files import is_remote  # noqa: PLC0415 - most files lie in the working directory

    return text if is_remote(text) else os.path.join(folder, text)  # noqa: PTH118 - keeps a slash at the end


def _tokenizer(folder: Path, name: str) -> str:
    """A tokenizer; if it is a file next to the settings, its path."""
    path = _located(folder, name)
    return path if os.path.exists(path) else name  # noqa: PTH110 - as above


def _supply(folder: Path, given: Any) -> Any:
    """A supply; if it is a file, its path."""
    return _located(folder, given) if isinstance(given, str) and given.lower().endswith(".csv") else given


_LOCATED: Final[Mapping[str, Callable[[Path, Any], Any]]] = {
    "catalog": _located,
    "paths": lambda folder, paths: tuple(_located(folder, each) for each in paths),
    "tokenizers": lambda folder, names: tuple(_tokenizer(folder, each) for each in names),
    "tokenizer": _tokenizer,
    "supply": _supply,
}
"""Keys whose values may be paths, whichever table they are in."""
