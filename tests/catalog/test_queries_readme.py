"""The READMEs of `catalog/` and `queries/`: what they name exists, and what they show runs."""

import itertools
import re
import shlex
from pathlib import Path
from typing import Final

import pytest

import tokaudit
from tokaudit.catalog.queries import shipped_queries, shipped_query
from tokaudit.core.resources import shipped

FOLDERS: Final = ("catalog", "queries")
README: Final = {folder: (shipped(folder) / "README.md").read_text(encoding="utf-8") for folder in FOLDERS}
TESTS: Final = Path(__file__).parents[1]
TOP: Final = {
    **{folder: shipped(folder) for folder in FOLDERS},
    "tokaudit": Path(tokaudit.__file__).parent,
    "tests": TESTS,
    "pyproject.toml": TESTS.parent / "pyproject.toml",
}
"""Where a path from the top of a checkout lies; a wheel has its folders elsewhere."""
PLACEHOLDER: Final = re.compile(r"NAME|KEY=VALUE|\*")
"""Part of a path that stands for a name."""


def paths_named(text: str) -> list[str]:
    """Files and folders in backquotes, without those that stand for any name."""
    quoted = re.findall(r"`([\w./-]*(?:/|\.(?:sql|csv|md|py|toml)))`", text)
    return [path for path in quoted if not PLACEHOLDER.search(path)]


def place_of(path: str, folder: str) -> Path:
    """Where a path that a README names lies: below its folder, or below the top of the checkout."""
    first, _, rest = path.partition("/")
    return TOP[first] / rest if first in TOP else shipped(folder) / path


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_readme_names_only_files_that_exist(folder: str) -> None:
    named = paths_named(README[folder])

    assert len(named) >= 5
    assert [path for path in named if not place_of(path, folder).exists()] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_readme_has_at_most_sixty_lines(folder: str) -> None:
    assert len(README[folder].splitlines()) <= 60


def test_a_path_that_does_not_exist_is_noticed() -> None:
    text = "`schema/`, `none.sql`, `tests/catalog/none.py`, `schema/NNNN_NAME.sql`, `tokaudit/`, `*.sql`, `order by`"

    assert paths_named(text) == ["schema/", "none.sql", "tests/catalog/none.py", "tokaudit/"]
    there = [place_of(path, "catalog").exists() for path in paths_named(text)]
    assert there == [True, False, False, True]


def test_the_readme_names_only_queries_that_exist() -> None:
    text = README["queries"]
    run = set(re.findall(r"\btokaudit query (\w+)", text)) - {"NAME"}
    quoted = set(re.findall(r"`([a-z_]+)`", text))

    assert {"supply", "length_bands"} <= run
    assert {"supply", "unique_text"} <= quoted
    assert run | quoted <= set(shipped_queries())


def test_each_command_gives_parameters_of_its_query() -> None:
    lines = [line for line in README["queries"].splitlines() if re.match(r"tokaudit query [a-z_]+\b", line)]
    for line in lines:
        _, _, name, *arguments = shlex.split(line, comments=True)
        values = [value for option, value in itertools.pairwise(arguments) if option == "-p"]
        known = {each.name for each in shipped_query(name).parameters}

        assert {value.partition("=")[0] for value in values} <= known, line
    assert len(lines) >= 4


def test_the_example_is_a_shipped_query() -> None:
    (example,) = re.findall(r"```sql\n(.*?)```", README["queries"], re.DOTALL)

    assert example in {shipped_query(name).sql for name in shipped_queries()}
