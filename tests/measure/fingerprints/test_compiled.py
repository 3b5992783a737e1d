"""Kernels do without a place for their machine code, and tell whether it has been kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tokaudit.measure.fingerprints.compiled import is_kept, kernel


def test_a_kernel_whose_code_can_be_kept_nowhere_still_runs() -> None:
    twice = kernel(eval("lambda value: 2 * value"))  # noqa: S307  it has no file to be kept beside
    assert twice(21) == 42
    assert not is_kept(twice)


@pytest.mark.slow
def test_a_kernel_is_kept_once_it_has_been_compiled_until_its_file_changes(tmp_path: Path) -> None:
    module = tmp_path / "doubling.py"
    module.write_text(
        "from tokaudit.measure.fingerprints.compiled import is_kept, kernel\n"
        "@kernel\n"
        "def twice(value):\n"
        "    return 2 * value\n"
        "print(is_kept(twice), twice(21), is_kept(twice))\n"
    )

    def said() -> str:
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
        command = [sys.executable, "-c", "import doubling"]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
        ).stdout.strip()

    assert said() == "False 42 True"
    assert said() == "True 42 True"
    later = module.stat().st_mtime + 60
    os.utime(module, (later, later))
    assert said().startswith("False 42")
