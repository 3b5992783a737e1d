"""Compiles the kernels when the wheel is built, or an editable install: by Zig's C compiler, from the package index.

A hook of hatchling, named in ``pyproject.toml``. The library needs no other, not even that of C, so that one build does
for all distributions of a platform. By default it is built for the machine at hand; the environment variable
TOKAUDIT_TARGET names another one of `TARGETS`.
"""

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE: Final = Path(__file__).with_name("kernels.c")
LIBRARY: Final = "tokaudit/measure/kernels/kernels.so"
"""In the source tree of an editable install, and in the wheel; `face.py` loads it."""

TARGETS: Final = {
    "linux-x86_64": ("x86_64-linux-gnu.2.17", "x86_64_v2", "manylinux_2_17_x86_64.musllinux_1_1_x86_64"),
    "linux-aarch64": ("aarch64-linux-gnu.2.17", "generic", "manylinux_2_17_aarch64.musllinux_1_1_aarch64"),
    "darwin-x86_64": ("x86_64-macos.11.0", "x86_64_v2", "macosx_11_0_x86_64"),
    "darwin-arm64": ("aarch64-macos.11.0", "apple_m1", "macosx_11_0_arm64"),
    "windows-amd64": ("x86_64-windows-gnu", "x86_64_v2", "win_amd64"),
}
"""What the compiler calls the platform and its processor, and the wheel's tags. x86_64_v2: any processor since 2009."""

WARNINGS: Final = ("-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Werror")


def this_machine() -> str:
    """The target of the machine at hand; what is none is told when it is looked up."""
    return f"{platform.system()}-{platform.machine()}".lower()


def source_sum() -> int:
    """Of the source as it is now; a library tells that of the one that it was made of."""
    return crc32(SOURCE.read_bytes())


def compile_kernels(library: Path, target: str, options: Sequence[str] = ("-s",)) -> None:
    """Write the library for a target, with further options of the compiler.

    Raises:
        SystemExit: there is no such target, or it can't be compiled; the compiler has said why.
    """
    if target not in TARGETS:
        sys.exit(f"{target}: not a platform that kernels are compiled for; there are {', '.join(TARGETS)}")
    triple, processor, _ = TARGETS[target]
    compiler = [sys.executable, "-m", "ziglang", "cc", "-target", triple, f"-mcpu={processor}"]
    if "linux" in triple:  # then the process has what there is of a library of C, whichever it is
        compiler.append("-nostdlib")
    if "windows" in triple:  # what little is needed of one comes with the compiler, and takes 3 seconds and not 100
        compiler += ["-nostdlib", "-rtlib=compiler-rt", "-Wl,--no-entry"]
    with tempfile.TemporaryDirectory() as cache:  # the compiler's own, which may have nowhere else to be
        environment = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache}
        made = Path(cache) / library.name  # Windows writes further files beside it
        compiler += ["-std=c17", "-O3", "-shared", "-fPIC", *WARNINGS, f"-DSOURCE_SUM={source_sum()}", *options]
        done = subprocess.run([*compiler, "-o", str(made), str(SOURCE)], env=environment, check=False)
        if done.returncode:
            sys.exit(f"{SOURCE.name}: can't be compiled for {target}")
        temporary = library.with_suffix(".tmp")
        temporary.write_bytes(made.read_bytes())
        temporary.replace(library)  # whole or not at all: another process may have it loaded


class KernelsHook(BuildHookInterface[Any]):
    """Puts the compiled kernels into the wheel, and says for which platforms that is then."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile beside the source for an editable install; for a wheel elsewhere, it may be for another platform."""
        target = os.environ.get("TOKAUDIT_TARGET") or this_machine()
        if version == "editable":
            compile_kernels(Path(self.root) / LIBRARY, target)
        else:
            self.folder = tempfile.TemporaryDirectory()  # goes with the hook, when the wheel is there
            library = Path(self.folder.name) / Path(LIBRARY).name
            compile_kernels(library, target)
            build_data["force_include"][str(library)] = LIBRARY
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{TARGETS[target][2]}"
