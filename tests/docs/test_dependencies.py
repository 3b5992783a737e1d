"""The packages that pyproject.toml names: each is used and has its reason, and all that is imported is named."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from made.documents import PACKAGE

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]

NOT_IMPORTED = {
    "pandas": "DuckDB makes frames with it",
    "pytz": "DuckDB hands times with a zone to Python through it",
}
"""Packages that the code needs and other packages import for it."""

TOOLS = {
    "duckdb-cli": "is a program",
    "flask": "moto's server imports it",
    "flask-cors": "likewise",
    "ipykernel": "runs notebooks",
    "pytest-cov": "pytest loads it",
    "pytest-randomly": "likewise",
    "pytest-xdist": "likewise",
    "s3fs": "fsspec loads it",
    "ziglang": "is a program",
}
"""Packages that tests need and do not import."""


def name(requirement: str) -> str:
    """The normalised name of a package."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement, maxsplit=1)[0]).lower()


def imported(files: Iterable[Path]) -> set[str]:
    """The top-level names of the packages that files import, without those of Python and of this repository."""
    modules = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module)
            elif isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
    return {module.partition(".")[0] for module in modules} - sys.stdlib_module_names - {"tokaudit", "made"}


def distributions(modules: Iterable[str]) -> dict[str, set[str]]:
    """The packages on this machine that contain each module."""
    known = packages_distributions()
    return {module: set(map(name, known.get(module, ()))) for module in modules}


@cache
def by_code() -> set[str]:
    """What the package imports."""
    return imported(PACKAGE.rglob("*.py"))


@cache
def by_tests() -> set[str]:
    """What tests import. Benchmarks say themselves what they compare with."""
    return imported(file for file in (ROOT / "tests").rglob("*.py") if file.parent.name != "benchmarks")


RUN_TIME = set(map(name, PROJECT["dependencies"]))
OPTIONAL = set(map(name, EXTRAS["ray"]))
"""Packages that the code imports only where a user asks for what they do."""
TEST = set(map(name, EXTRAS["test"]))


def test_names_of_packages_are_read_as_pip_does() -> None:
    assert [name(each) for each in ("moto[s3]>=5.1", "Flask_Cors>=5", "zlib-ng>=1; os_name == 'posix'", "duckdb")] == [
        *("moto", "flask-cors", "zlib-ng", "duckdb")
    ]


def test_all_that_the_code_imports_is_declared() -> None:
    own = {"hatchling"}  # for the build alone, which has its own list
    missing = {module for module, names in distributions(by_code() - own).items() if not names & (RUN_TIME | OPTIONAL)}

    assert missing == set()


def test_every_package_is_imported_or_has_its_reason() -> None:
    used = set().union(*distributions(by_code()).values())

    assert RUN_TIME - used <= set(NOT_IMPORTED)
    assert set(NOT_IMPORTED) <= RUN_TIME


def test_all_that_the_tests_import_is_declared() -> None:
    # moto[s3] brings it. If it were declared, pip would choose it before s3fs, which restricts its version.
    brought = {"boto3"}
    missing = {module for module, names in distributions(by_tests() - brought).items() if not names & (RUN_TIME | TEST)}

    assert missing == set()


def test_every_package_of_the_tests_is_used() -> None:
    used = set().union(*distributions(by_tests()).values())

    assert TEST - used <= set(TOOLS)


@pytest.mark.parametrize("listed", ["dependencies", *EXTRAS])
def test_every_package_has_a_least_version_and_its_reason(listed: str) -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = text.split(f"\n{listed} = [\n")[1].split("\n]\n")[0].splitlines()
    said = {line: above.strip().startswith("#") for above, line in zip(["", *lines], lines, strict=False)}
    without = [
        line
        for line, has_comment_above in said.items()
        if '"' in line and not has_comment_above and not re.search(r'",  # \w', line) and "sys_platform" not in line
    ]

    assert without == []
    assert [line for line in lines if '"' in line and not re.search(r"[>=]=\d|tokaudit\[", line)] == []
