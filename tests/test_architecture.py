"""Imports point down, and starting the program loads nothing heavy."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tokaudit

ROOT = Path(tokaudit.__file__).parent

FLOORS = [
    set(floor.split())
    for floor in (
        "errors",
        "names quantities records value",
        "plan columns csv_input keys paths registry settings engines",
        "readers fingerprints laws reference flops hardware",
        "tokenizers fragments known_mixtures conversion mixture fitting",
        "measure planning published",
        "ingesters planner ceilings known_runs run_table forecasting comparing",
        "reference_tables",
        "catalog selection",
        "additions completeness disturbed excerpts saved_laws reports",
        "deletion",
        "sampling measured bookkeeping store known_laws",
        "supplies recounts work",
        "dedup drawing",
        "audit pipeline",
        "ingest forget",
        "requests",
        "demo estimate",
        "commands",
        "cli",
    )
]
FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names}


def part(module: str) -> str:
    """The module or folder right below the package that a dotted name lies in; empty for the package itself."""
    return module.removeprefix("tokaudit").lstrip(".").partition(".")[0]


def imports(file: Path) -> set[str]:
    """Dotted names of tokaudit's own modules that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tokaudit"):
            whole = node.module != "tokaudit"
            found |= {node.module if whole else f"tokaudit.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("tokaudit")}
    return found


MODULES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_imports_only_from_floors_below_its_own_or_its_own_folder(file: Path) -> None:
    own = file.relative_to(ROOT).parts[0].removesuffix(".py")
    if own in {"__init__", "__main__"}:
        return
    for imported in imports(file):
        other = part(imported)
        assert other in FLOOR or other == "__version__", f"{other} stands on no floor"
        assert other in {own, "__version__"} or FLOOR[other] < FLOOR[own], f"{own} imports {imported}"


def test_starting_the_program_loads_no_heavy_package() -> None:
    heavy = ["duckdb", "pandas", "numba", "numpy", "pyarrow", "datasets", "tokenizers", "scipy", "gigatoken"]
    script = (
        "import sys; from tokaudit.cli import main; sys.argv = ['tokaudit', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print('loaded:', [name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "ingest" in done.stdout
    assert "loaded: []" in done.stdout


def test_an_ingest_loads_only_what_it_works_with(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "some words"}\n')
    script = (
        "import sys; from tokaudit.cli import main\n"
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
