"""Compiles the kernels for a wheel or an editable install, with Zig's C compiler from the package index.

A build hook of hatchling, which ``.build/hook.py`` calls. The library depends on no other, not even the C library, so
that one build works on all distributions of a platform. By default it is built for this machine. To build for another
of `TARGETS`, set the environment variable TOKAUDIT_TARGET.
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
LIBRARY: Final = "tokaudit/core/kernels/kernels.so"
"""Path in the source tree of an editable install, and in the wheel. `library.py` loads it."""

TARGETS: Final = {
    "linux-x86_64": ("x86_64-linux-gnu.2.17", "x86_64_v2", "manylinux_2_17_x86_64.musllinux_1_1_x86_64"),
    "linux-aarch64": ("aarch64-linux-gnu.2.17", "generic", "manylinux_2_17_aarch64.musllinux_1_1_aarch64"),
    "darwin-x86_64": ("x86_64-macos.11.0", "x86_64_v2", "macosx_11_0_x86_64"),
    "darwin-arm64": ("aarch64-macos.11.0", "apple_m1", "macosx_11_0_arm64"),
    "windows-amd64": ("x86_64-windows-gnu", "x86_64_v2", "win_amd64"),
}
"""Platform -> the compiler's names for it and its processor, and the wheel's tag. x86_64_v2: processors since 2009."""

WARNINGS: Final = ("-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Werror")


def this_machine() -> str:
    """The target name of this machine. It need not be one of `TARGETS`."""
    return f"{platform.system()}-{platform.machine()}".lower()


def source_sum() -> int:
    """Check sum of the source as it is now. A library returns the check sum of the source that it was built from."""
    return crc32(SOURCE.read_bytes())


def compile_kernels(library: Path, target: str, options: Sequence[str] = ("-s",)) -> None:
    """Compile the library for a target, with further compiler options.

    Raises:
        SystemExit: there is no such target, or compiling failed (the compiler prints why).
    """
    if target not in TARGETS:
        sys.exit(f"{target}: is not a supported platform; set TOKAUDIT_TARGET to one of {', '.join(TARGETS)}")
    triple, processor, _ = TARGETS[target]
    compiler = [sys.executable, "-m", "ziglang", "cc", "-target", triple, f"-mcpu={processor}"]
    if "linux" in triple:  # the process already has a C library, whichever it is
        compiler.append("-nostdlib")
    if "windows" in triple:  # the compiler brings the few functions needed; building a C library takes 100 s, not 3
        compiler += ["-nostdlib", "-rtlib=compiler-rt", "-Wl,--no-entry"]
    with tempfile.TemporaryDirectory() as cache:  # the home folder may not be writable
        environment = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache}
        made = Path(cache) / library.name  # on Windows, more files are written next to it
        compiler += ["-std=c17", "-O3", "-shared", "-fPIC", *WARNINGS, f"-DSOURCE_SUM={source_sum()}", *options]
        done = subprocess.run([*compiler, "-o", str(made), str(SOURCE)], env=environment, check=False)
        if done.returncode:
            sys.exit(f"{SOURCE.name}: can't be compiled for {target}; see the compiler's messages above")
        temporary = library.with_suffix(".tmp")
        temporary.write_bytes(made.read_bytes())
        temporary.replace(library)  # whole or not at all: another process may have it loaded


class KernelsHook(BuildHookInterface[Any]):
    """Adds the compiled kernels to the wheel, and tags the wheel with their platform."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the kernels: next to the source for an editable install, in a temporary folder for a wheel."""
        target = os.environ.get("TOKAUDIT_TARGET") or this_machine()
        if version == "editable":
            compile_kernels(Path(self.root) / LIBRARY, target)
        else:
            self.folder = tempfile.TemporaryDirectory()  # removed with the hook, after the wheel was written
            library = Path(self.folder.name) / Path(LIBRARY).name
            compile_kernels(library, target)
            build_data["force_include"][str(library)] = LIBRARY
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{TARGETS[target][2]}"
