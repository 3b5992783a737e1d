"""Versions and machine, for reports of faults. Nothing in it fails, whatever is missing on the machine."""

import ctypes
import locale
import os
import platform
import re
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from tokaudit import __version__
from tokaudit.core.cache import folder
from tokaudit.core.rows import Row
from tokaudit.core.shortage import usable_cores
from tokaudit.core.units import format_bytes

_NOT_INSTALLED: Final = "not installed"
_PREFIX: Final = "TOKAUDIT_"
_PASSWORD: Final = re.compile(r"(?<=//)[^/\s]*@")
"""Name and password in an address."""
_NAME: Final = re.compile(r"[\w.-]+")


def environment(catalog: Path, file: str | None) -> list[Row]:
    """Rows of ``name`` and ``value``: program, machine, settings, catalog, and each package that tokaudit needs.

    The home folder is written as ``~``, and passwords in addresses are left out.

    Args:
        catalog: the catalog of the call.
        file: the file of settings, or what is wrong with it; None: there is none.
    """
    facts: dict[str, Callable[[], object]] = {
        "tokaudit": lambda: f"{__version__} ({_installed()}, {Path(__file__).parents[1]})",
        "python": lambda: f"{platform.python_version()} ({platform.python_implementation()}, {sys.executable})",
        "system": platform.platform,
        "processor": _processor,
        "cores": lambda: f"{usable_cores()} of {os.cpu_count()} usable",
        "memory": lambda: format_bytes(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")),
        "encoding": lambda: f"{locale.getlocale()[0]}, files {sys.getfilesystemencoding()}, stdout {_of_stdout()}",
        "kernels": _kernels,
        "counter": _counter,
        "cache": lambda: folder() or "none",
        "settings": lambda: file or "none",
        "catalog": lambda: f"{catalog.absolute()}: {_catalog(catalog)}",
        **{name: lambda name=name: os.environ[name] for name in sorted(os.environ) if name.startswith(_PREFIX)},  # type: ignore[misc]
    }
    rows = [{"name": name, "value": _shown(tell)} for name, tell in facts.items()]
    return rows + [{"name": f"package {name}", "value": _version(name)} for name in _packages()]


def _shown(tell: Callable[[], object]) -> str:
    try:
        text = str(tell())
    except Exception as error:  # noqa: BLE001 - a report of faults must not fail by one of them
        text = f"unknown ({type(error).__name__}: {error})"
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() fails if there is none
    if len(home) > 1:
        text = re.sub(rf"{re.escape(home)}(?=[/\\:,)]|$)", "~", text)
    return _PASSWORD.sub("", text)


def _installed() -> str:
    """How this tokaudit came here."""
    try:
        found = metadata.distribution("tokaudit")
    except metadata.PackageNotFoundError:
        return "source tree"
    package = Path(__file__).parents[1]
    if f'"{package.parent.as_uri()}"' in (found.read_text("direct_url.json") or ""):
        return "editable"
    return "wheel" if Path(str(found.locate_file("tokaudit"))) == package else "source tree"


def _processor() -> str:
    """The model's name, where the system says it."""
    cpus = Path("/proc/cpuinfo")
    text = cpus.read_text(encoding="utf-8", errors="replace") if cpus.is_file() else ""
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return f"{model[1]} ({platform.machine()})" if model else platform.machine()


def _of_stdout() -> str:
    return str(getattr(sys.stdout, "encoding", None))


def _kernels() -> str:
    from tokaudit.core.kernels.library import LIBRARY  # noqa: PLC0415 - the packages that it needs may be missing

    ctypes.CDLL(str(LIBRARY))
    return f"{LIBRARY}, loaded"


def _counter() -> str:
    """Which counter counts with the default tokenizer on this machine."""
    from tokaudit.measure.tokenizers.agreement_check import known_counter  # noqa: PLC0415 - likewise
    from tokaudit.measure.tokenizers.protocol import DEFAULT  # noqa: PLC0415
    from tokaudit.measure.tokenizers.sources.bundled import BUNDLED  # noqa: PLC0415

    return f"{known_counter(BUNDLED[DEFAULT].sha256) or 'chosen at the first use'} for {DEFAULT}"


def _catalog(path: Path) -> str:
    from tokaudit.catalog.about import about_catalog  # noqa: PLC0415 - likewise

    return about_catalog(path)


def _packages() -> Iterator[str]:
    """Names of the packages that tokaudit needs on some machine, in order."""
    try:
        needed = metadata.requires("tokaudit") or []
    except metadata.PackageNotFoundError:
        return
    for requirement in needed:
        if "extra ==" not in requirement and (name := _NAME.match(requirement)):
            yield name[0]


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return _NOT_INSTALLED
