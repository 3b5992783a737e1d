"""Commands that change a catalog or write files, and what they start from and end with.

Tests kill them, and make their disk fail, at every call. They compare the answers with those of a run that went well.
"""

import shutil
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq
from made.faults import IN_PARTS, PROGRAM, STEPS, Fault, Outcome, run_with
from made.runs import scattered, write_csv
from made.samples import altered, text, write_jsonl
from made.vocabularies import byte_level

from tokaudit.catalog.completeness import vocabularies
from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.layout import parts_folder
from tokaudit.catalog.queries import shipped_query
from tokaudit.catalog.row_files import found_row_files, row_files
from tokaudit.catalog.statements import fetch_rows

CATALOG: Final = "audit.duckdb"
NO_FAULT: Final = Fault(STEPS, 0)
OLD: Final = b"an older file\n"
BAD: Final = '{"text": 1}\n'
OLDER: Final = Path(__file__).parents[1] / "catalog" / "made_before_rooms" / "catalog.tar.xz"
"""A catalog that an earlier tokaudit made."""

UNLIKE: Final = frozenset({"document", "kept_document", "ingest", "modified", "saved"})
"""Columns that may differ after a kill: the catalog's own numbers, and times."""
PAIRS: Final = "select least(a_path, b_path), greatest(a_path, b_path), similarity, how from pairs order by all"
VIEWS: Final = (
    "select view_name from duckdb_views() where not internal and schema_name = 'main'"
    " and view_name not in ('pairs', 'ingests', 'row_files') order by all"
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A command, and what it starts from.

    Attributes:
        before: commands that make the catalog, and names of `MADE`.
        command: the command that is killed, or whose disk fails; ``{corpus}`` is the folder of files.
        program: arguments of Python that start it.
        codes: exit codes of the command, and of the same command once it has succeeded.
        writes: output files that it replaces.
        meanwhile: changes the folder of files between the two; None: nothing changes.
        resumes: whether `resume` can finish the command; else only the same command can.
    """

    before: tuple[str, ...]
    command: str
    program: Sequence[str] = PROGRAM
    codes: frozenset[int] = frozenset({0})
    writes: tuple[str, ...] = ()
    meanwhile: Callable[[Path], None] | None = None
    resumes: bool = True


def _mend(corpus: Path) -> None:
    write_jsonl(corpus / "late" / "f.jsonl", [text(50), text(51), text(52)])


_WEB: Final = "ingest {corpus}/web --domain web --on-bad-record skip"
_BOOKS: Final = "ingest {corpus}/books --domain books"
_LATE: Final = "ingest {corpus}/late --domain web --on-bad-record skip"
_COUNTED: Final = (_WEB, _BOOKS)
_APART: Final = (f"{_BOOKS} --catalog books.duckdb", f"{_LATE} --catalog late.duckdb")
_SKIPPED: Final = frozenset({1})
"""Exit code of an ingest that skips a bad record."""


def _output(command: str, *files: str) -> Scenario:
    return Scenario(_COUNTED, f"{command} --force", writes=files)


SCENARIOS: Final = {
    "ingest": Scenario((), _WEB, IN_PARTS, _SKIPPED),
    "ingest more": Scenario((_WEB,), _BOOKS, IN_PARTS),
    "second tokenizer": Scenario(_COUNTED, f"{_WEB} --tokenizer {{corpus}}/second.json", IN_PARTS, _SKIPPED),
    "label": Scenario(_COUNTED, f"{_WEB} --label quality=quality", IN_PARTS, _SKIPPED),
    "retry": Scenario((*_COUNTED, _LATE), "retry late", meanwhile=_mend),
    "forget": Scenario(_COUNTED, "forget books", codes=frozenset({0, 2})),  # 2: there is no such source any more
    "move rows": Scenario((_WEB,), f"{_BOOKS} --rows-in-catalog 0", IN_PARTS),
    "forget moved rows": Scenario(
        (f"{_WEB} --rows-in-catalog 0", f"{_BOOKS} --rows-in-catalog 0"), "forget books", codes=frozenset({0, 2})
    ),
    "merge": Scenario((_WEB, *_APART), "merge books.duckdb late.duckdb", resumes=False),
    "upgrade": Scenario(("older",), "upgrade"),
    "repair": Scenario((*_COUNTED, "signatures lost"), "verify --repair"),
    "fit": Scenario((), "fit {corpus}/runs.csv --save mine --force"),
    "plan": Scenario((), "plan --flops 1e20 --supply web=1T --save mine --force"),
    "export": _output("export --kept kept.parquet --dropped dropped.parquet", "kept.parquet", "dropped.parquet"),
    "report": _output("report page.html", "page.html"),
    "card": _output("report --card card.md", "card.md"),
    "plot": _output("plot unique -o unique.svg", "unique.svg"),
}


def write_corpus(folder: Path) -> Path:
    """Write a folder of web pages and books that share texts, unchanged and altered, with a bad record."""
    texts = [text(seed, 60) for seed in range(14)]
    scores = [seed / 10 for seed in range(14)]
    write_jsonl(folder / "web" / "a.jsonl", texts, quality=scores)
    page = write_jsonl(folder / "web" / "b.jsonl", [texts[0], altered(texts[1], 2), text(20)], quality=scores[:3])
    page.write_text(page.read_text() + BAD)
    write_jsonl(folder / "web" / "c.jsonl", [text(30), altered(texts[2], 2)], quality=scores[:2])
    write_jsonl(folder / "books" / "d.jsonl", [texts[3], altered(texts[4], 2), text(40)])
    write_jsonl(folder / "books" / "e.jsonl", [text(40), texts[13]])
    late = write_jsonl(folder / "late" / "f.jsonl", [text(50), text(51)])
    late.write_text(late.read_text() + BAD)
    byte_level().save(str(folder / "second.json"))
    write_csv(folder / "runs.csv", scattered(count=20, noise=0.003))
    return folder


class Workshop:
    """A folder of files, and the catalogs that commands have made of it so far."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.corpus = write_corpus(folder / "corpus")
        self._made: dict[tuple[str, ...], Path] = {}

    def arguments(self, command: str) -> list[str]:
        """The arguments of the program for a command."""
        return ["-q", "--catalog", CATALOG, *command.format(corpus=self.corpus).split()]

    def catalog(self, commands: tuple[str, ...]) -> Path:
        """The folder of the catalog that the commands make, one after the other; nobody may change it."""
        if commands not in self._made:
            folder = self._made[commands] = self._folder / f"start{len(self._made)}"
            if not commands:
                folder.mkdir()
                return folder
            shutil.copytree(self.catalog(commands[:-1]), folder)
            if commands[-1] in MADE:
                MADE[commands[-1]](folder)
            else:
                done = run_with(NO_FAULT, folder, self.arguments(commands[-1]))
                assert done.code in {0, 1}, done.err
        return self._made[commands]


def _unpack_older(folder: Path) -> None:
    with tarfile.open(OLDER) as archive:
        archive.extractall(folder, filter="data")
    for path in folder.glob("catalog.duckdb*"):
        path.rename(folder / path.name.replace("catalog.duckdb", CATALOG))


def _lose_signatures(folder: Path) -> None:
    shutil.rmtree(parts_folder(folder / CATALOG))


MADE: Final = {"older": _unpack_older, "signatures lost": _lose_signatures}
"""Catalogs that no command makes: of an earlier tokaudit, and without its signatures."""


class Prepared:
    """A scenario, ready to be run in fresh copies of its folder, and how it ends if it runs well.

    Attributes:
        scenario: the scenario.
        well: the run that went well; its calls are `STEPS`.
    """

    def __init__(self, scenario: Scenario, folder: Path, workshop: Workshop) -> None:
        self.scenario = scenario
        self._start = workshop.catalog(scenario.before)
        self._arguments = workshop.arguments(scenario.command)
        if scenario.meanwhile:
            scenario.meanwhile(workshop.corpus)
        self.well, well = self.run(NO_FAULT, folder / "well")
        assert self.well.code in scenario.codes, self.well.err
        self._answers = answers(well / CATALOG)
        self._files = file_names(well)
        self._outputs = outputs(well, scenario.writes)

    def run(self, fault: Fault, folder: Path, below: Path | None = None) -> tuple[Outcome, Path]:
        """Run the command with a fault in a fresh copy, which it returns next to the outcome.

        Only calls on files below the copy count, or below another folder.
        """
        shutil.copytree(self._start, folder)
        for name in self.scenario.writes:
            (folder / name).write_bytes(OLD)
        return run_with(fault, folder, self._arguments, self.scenario.program, below), folder

    def again(self, fault: Fault, folder: Path) -> Outcome:
        """Run the command again in the same folder."""
        return run_with(fault, folder, self._arguments, self.scenario.program)

    def torn_outputs(self, folder: Path) -> list[str]:
        """Names of the output files that are neither as before the command nor as after it."""
        found = outputs(folder, self.scenario.writes)
        return [f"{name} is torn" for name, content in found.items() if content not in (OLD, self._outputs[name])]

    def wrong_after(self, folder: Path) -> list[str]:
        """What differs from the folder in which the command ran well: answers, output files, other files."""
        found = answers(folder / CATALOG)
        wrong = [f"answers of {name} differ" for name, rows in self._answers.items() if found.get(name) != rows]
        if outputs(folder, self.scenario.writes) != self._outputs:
            wrong.append("output files differ")
        # The log of a catalog is part of it: a command that has nothing to write leaves it.
        left = sorted(name for name in file_names(folder) ^ self._files if not name.endswith(".wal"))
        return wrong + [f"{name}: left or missing" for name in left + unnamed_files(folder / CATALOG)]


def answers(catalog: Path) -> dict[str, Any]:
    """The rows of every view of a catalog, and its supply, without its own numbers and times."""
    with open_readonly(catalog) as connection:
        found: dict[str, Any] = {"pairs": connection.execute(PAIRS).fetchall()}
        for (name,) in connection.execute(VIEWS).fetchall():
            rows = fetch_rows(connection, f'from "{name}"')
            found[name] = sorted(repr({key: row[key] for key in row if key not in UNLIKE}) for row in rows)
        for tokenizer, by in product(vocabularies(connection), ("domain", "source", "catalog")):
            given = {"by": by, "tokenizer": tokenizer}
            found[f"supply by {by} in {tokenizer}"] = fetch_rows(connection, shipped_query("supply").sql, given)
    return found


def outputs(folder: Path, names: Sequence[str]) -> dict[str, Any]:
    """The contents of output files: the rows of Parquet files, and else the bytes."""
    return {name: _content(folder / name) for name in names}


def _content(file: Path) -> Any:
    content = file.read_bytes()
    return pq.read_table(file).to_pylist() if content.startswith(b"PAR1") else content


def said_wrongly(outcome: Outcome) -> list[str]:
    """What stderr must not say and says: a traceback, or that the catalog is damaged."""
    return [word for word in ("Traceback", "damaged") if word in outcome.err]


def file_names(folder: Path) -> set[str]:
    """Names of all files below a folder that hold no signatures and no rows, which are named by their content."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    hashed = {*folder.rglob("*.signatures"), *found_row_files(folder / CATALOG)}
    return {str(path.relative_to(folder)) for path in files if path not in hashed}


def unnamed_files(catalog: Path) -> list[str]:
    """Names of the files of signatures and rows that the catalog does not name, and of those that it lacks."""
    with open_readonly(catalog) as connection:
        named = {name for (name,) in connection.execute("select fragment from store.fragments").fetchall()}
        named |= {file.name for file in row_files(connection)}
    found = (*parts_folder(catalog).glob("*.signatures"), *found_row_files(catalog))
    return sorted(named ^ {path.name for path in found})


def at_every_call(wrong_at: Callable[[int], list[str] | None]) -> dict[int, list[str]]:
    """What is wrong after a fault at each call, until three in a row are not reached.

    How many calls a run makes depends on its speed: a writer keeps the catalog open for its first second.
    """
    found: dict[int, list[str]] = {}
    at = missed = 0
    while missed < 3:
        at += 1
        wrong = wrong_at(at)
        missed = missed + 1 if wrong is None else 0
        if wrong is not None:
            found[at] = wrong
    return found
