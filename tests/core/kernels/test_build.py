"""Kernels compile for every platform, depend on no library on Linux, and match the source."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path
from struct import iter_unpack, unpack_from
from typing import Any

import pytest

from tokaudit.core.kernels import build, library

TESTS = Path(__file__).parents[2]
TRAPS = ["-fsanitize=undefined", "-fsanitize-trap=undefined"]

MACHINES = {
    "linux-x86_64": ("ELF", 62),
    "linux-aarch64": ("ELF", 183),
    "darwin-x86_64": ("Mach-O", 0x01000007),
    "darwin-arm64": ("Mach-O", 0x0100000C),
    "windows-amd64": ("PE", 0x8664),
}
"""Format of the library and number of the processor, as linkers write them."""


def form_and_machine(library: bytes) -> tuple[str, int]:
    """Format and processor number in the header of a library."""
    if library.startswith(b"\x7fELF\x02\x01"):
        return "ELF", unpack_from("<H", library, 18)[0]
    if library.startswith(b"\xcf\xfa\xed\xfe"):
        return "Mach-O", unpack_from("<I", library, 4)[0]
    assert library.startswith(b"MZ")
    (header,) = unpack_from("<I", library, 0x3C)
    assert library[header:].startswith(b"PE\0\0")
    return "PE", unpack_from("<H", library, header + 4)[0]


def needed_libraries(library: bytes) -> int:
    """Number of other libraries that an ELF library needs, by its dynamic section."""
    (begin,) = unpack_from("<Q", library, 32)
    (count,) = unpack_from("<H", library, 56)
    headers = iter_unpack("<IIQQQQQQ", library[begin : begin + 56 * count])
    ((place, size),) = [(place, size) for kind, _, place, _, _, size, _, _ in headers if kind == 2]  # PT_DYNAMIC
    return [tag for tag, _ in iter_unpack("<qQ", library[place : place + size])].count(1)  # DT_NEEDED


@pytest.mark.slow
@pytest.mark.parametrize("target", build.TARGETS)
def test_kernels_compile_for_every_target(target: str, tmp_path: Path) -> None:
    build.compile_kernels(tmp_path / "kernels.so", target)
    made = (tmp_path / "kernels.so").read_bytes()

    assert form_and_machine(made) == MACHINES[target]
    assert made.count(b"fill_pairs")
    if target.startswith("linux"):
        assert needed_libraries(made) == 0


def test_the_error_for_an_unsupported_platform_lists_the_others(tmp_path: Path) -> None:
    with pytest.raises(
        SystemExit, match=r"plan9-vax: is not a supported platform; .* one of linux-x86_64, linux-aarch64, "
    ):
        build.compile_kernels(tmp_path / "kernels.so", "plan9-vax")


def test_a_failed_build_leaves_no_library(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"kernels\.c: can't be compiled for"):
        build.compile_kernels(tmp_path / "kernels.so", build.this_machine(), ["-include", "nowhere.h"])

    assert "nowhere.h" in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("version", ["standard", "editable"])
def test_only_an_editable_install_puts_the_library_next_to_the_source(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKAUDIT_TARGET", "linux-aarch64")
    next_to_source = tmp_path / build.LIBRARY
    next_to_source.parent.mkdir(parents=True)
    nothing: Any = None
    hook = build.KernelsHook(str(tmp_path), {}, nothing, nothing, str(tmp_path), "wheel")
    data: dict[str, Any] = {"force_include": {}}
    hook.initialize(version, data)

    assert next_to_source.exists() == (version == "editable")
    (library,) = [next_to_source] if version == "editable" else data["force_include"]
    assert form_and_machine(Path(library).read_bytes()) == MACHINES["linux-aarch64"]
    assert list(data.pop("force_include").values()) == ([] if version == "editable" else [build.LIBRARY])
    assert data == {"pure_python": False, "tag": "py3-none-manylinux_2_17_aarch64.musllinux_1_1_aarch64"}


def test_the_library_in_use_was_built_from_the_current_source() -> None:
    function = ctypes.CDLL(str(library.LIBRARY)).source_sum
    function.restype = ctypes.c_int64

    assert function() == build.source_sum(), f"{build.SOURCE.name} has changed; run `pip install -e .`"


@pytest.fixture(scope="module")
def trapping(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kernels that stop the process on undefined behaviour, with a function that can cause it."""
    place = tmp_path_factory.mktemp("trapping")
    (place / "twice.h").write_text('__attribute__((visibility("default"))) int twice(int one) { return one + one; }')
    build.compile_kernels(place / "kernels.so", build.this_machine(), [*TRAPS, "-include", str(place / "twice.h")])
    return place / "kernels.so"


@pytest.mark.slow
@pytest.mark.parametrize(("one", "stops"), [(1 << 29, False), (1 << 30, True)])
def test_undefined_behaviour_stops_a_trapping_build(trapping: Path, one: int, stops: bool) -> None:
    program = f"import ctypes; ctypes.CDLL({str(trapping)!r}).twice({one})"

    assert (subprocess.run([sys.executable, "-c", program], check=False).returncode < 0) == stops


@pytest.mark.slow
def test_no_kernel_has_undefined_behaviour(trapping: Path) -> None:
    tested = "core/kernels measure/fingerprints measure/tokenizers/test_split_points.py dedup/test_candidates.py"
    tested += " dedup/test_components.py dedup/test_large_buckets.py readers/pages/test_repairs.py"
    options = ["-n", "0", "-m", "not slow", "-p", "no:cacheprovider", "--hypothesis-profile", "brief"]
    options.append("--ignore=core/kernels/test_build.py")  # it calls no kernel, and compiles
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, f"--kernels={trapping}", *tested.split()],
        cwd=TESTS,
        env={name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))},
        capture_output=True,
        text=True,
        check=False,
    )

    assert f"kernels: {trapping}" in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr
