"""Rooms import only what lies below them, and of other rooms public names alone; starting loads nothing heavy."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import tokaudit

ROOT = Path(tokaudit.__file__).parent

ROOMS = "core readers ingesters measure catalog dedup pipeline supply audit laws planning reports guide cli".split()
"""From the bottom up; guide holds chapters and no code."""

MODULES = sorted(ROOT.rglob("*.py"))
IN_ROOMS = [file for file in MODULES if file.parent != ROOT]


def room(module: str) -> str:
    """The room that a dotted name lies in; ``__version__`` for the package itself."""
    return module.split(".")[1] if "." in module else "__version__"


def imports(file: Path) -> Iterator[tuple[str, str]]:
    """Module and name of all that a file imports of tokaudit, anywhere in it; of a whole module no name."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "tokaudit":
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name.split(".")[0] == "tokaudit")


def test_every_module_lies_in_a_room_or_is_the_package_itself() -> None:
    assert {file.relative_to(ROOT).parts[0] for file in IN_ROOMS} <= set(ROOMS)
    assert {file.name for file in set(MODULES) - set(IN_ROOMS)} == {"__init__.py", "__main__.py"}


@pytest.mark.parametrize("file", IN_ROOMS, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_imports_public_names_from_rooms_below_its_own(file: Path) -> None:
    own = file.relative_to(ROOT).parts[0]
    for module, name in imports(file):
        other = room(module)
        if other not in {own, "__version__"}:
            assert ROOMS.index(other) < ROOMS.index(own), f"{own} imports {module}"
            assert not [part for part in (*module.split("."), name) if part.startswith("_")], f"{module}.{name}"


def test_starting_the_program_loads_no_heavy_package() -> None:
    heavy = ["duckdb", "pandas", "numba", "numpy", "pyarrow", "datasets", "tokenizers", "scipy", "gigatoken"]
    script = (
        "import sys; from tokaudit.cli.app import main; sys.argv = ['tokaudit', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print('loaded:', [name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "ingest" in done.stdout
    assert "loaded: []" in done.stdout


def test_an_ingest_loads_only_what_it_works_with(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "some words"}\n')
    script = (
        "import sys; from tokaudit.cli.app import main\n"
        "main(['-q', '--catalog', sys.argv[1], 'ingest', 'a.jsonl', '--domain', 'web'])\n"
        "print('loaded:', [name for name in ('pandas', 'scipy', 'datasets') if name in sys.modules])"
    )
    said = [  # the first may have to check the tokenizer and to compile kernels
        subprocess.check_output([sys.executable, "-c", script, name], cwd=tmp_path, text=True)
        for name in ("first.duckdb", "second.duckdb")
    ]

    assert "loaded: []" in said[1]


def test_modules_stay_small() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in MODULES}

    assert {name: length for name, length in lengths.items() if length > 300} == {}
