"""The command line of DuckDB 1.4, which is older than the DuckDB that tokaudit uses."""

import shutil
import sys
import sysconfig
from pathlib import Path


def duckdb_program(folder: Path) -> Path:
    """A copy of it in the folder, as a program: the wheel that pip installs does not mark it as one."""
    name = "duckdb.exe" if sys.platform == "win32" else "duckdb"
    program = Path(shutil.copy(Path(sysconfig.get_path("scripts")) / name, folder))
    program.chmod(0o755)
    return program
