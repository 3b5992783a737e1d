"""Every command at several widths of a terminal: no number, name or path is broken."""

import json
import pkgutil
import re
import shlex
import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb
import pytest
from made.reference import read_instead, write_reference
from made.registry import edge, part
from made.runs import scattered, write_csv
from made.samples import Run, Words, count_into, text, write_jsonl
from rich.cells import cell_len

from tokaudit.cli.app import COMMANDS
from tokaudit.measure.tokenizers.protocol import Vocabulary
from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.planning.planner import plan
from tokaudit.planning.saved_plans import save_plan
from tokaudit.reports.formats import table
from tokaudit.reports.layout import Column, Layout, lay_out

FOLDER = "a folder with blanks in its name"
SOURCE = "pages-of-a-source-whose-name-is-longer-than-others"
OTHER = "a source whose name has blanks"
DOMAIN = "a-domain-with-a-long-name"
CORPUS = "A Collection of Corpora v1.0"
PLANS = ("a-plan-whose-name-is-longer-than-others", "a-second-plan.of-2026")
PARTS = ("the first of its parts, filtered", "the second of its parts, filtered")


@dataclass(frozen=True, slots=True)
class Case:
    """A call of a command.

    Attributes:
        arguments: after the catalog; FOLDER is where the text lies.
        prose: fields of its JSON that are sentences, which wrap at blanks.
        catalog: whether it gets the catalog, a copy to be changed, a copy whose ingests were cut off, or a new one.
        varies: whether it says other numbers each time, as seconds do.
        code: its exit code.
    """

    arguments: str
    prose: frozenset[str]
    catalog: Literal["counted", "copy", "cut off", "new"]
    varies: bool
    code: int


def case(
    arguments: str,
    *prose: str,
    catalog: Literal["counted", "copy", "cut off", "new"] = "counted",
    varies: bool = False,
    code: int = 0,
) -> Case:
    """A case; warnings are always prose."""
    return Case(arguments, frozenset({"warnings", *prose}), catalog, varies, code)


def takes_long(case: Case) -> bool:
    """Whether it is for the whole suite only."""
    return case.varies or case.catalog != "counted" or case.arguments.startswith(("fit", "diff"))


OF_ROW = ("note", "source", "licence", "tokenizer", "disputes", "languages", "kind")
OF_PLAN = ("details", "supply_origin", "why", "source", "notes", "do", "effect")
CASES: dict[str, list[Case]] = {
    "ceilings": [case("ceilings", "sentences", "details"), case("ceilings --supply measured", "sentences", "details")],
    "compare": [case(f"compare {SOURCE} 'Dough v1/Crawl + Pages'", "cause", "how")],
    "config": [case("config show --origin"), case("config show --origin --config FOLDER/tokaudit.toml")],
    "corpora": [case("corpora"), case(f"corpora '{CORPUS}'", *OF_ROW), case("corpora Pages", *OF_ROW)],
    "demo": [case("demo -q", *OF_PLAN, catalog="new", varies=True)],
    "diff": [
        case("diff FOLDER/before.duckdb FOLDER/after.duckdb", "cause"),
        case("diff FOLDER/before.duckdb FOLDER/after.duckdb --by source", "cause"),
        case(f"diff {PLANS[0]} {PLANS[1]}", "supply_origin", "a", "b"),
    ],
    "duplicates": [case("duplicates"), case("duplicates --diff", "diff", "diff_note")],
    "env": [case("env", "value")],
    "errors": [case("errors", "why")],
    "estimate": [case("estimate FOLDER/new --domain web -q", "basis", varies=True)],
    "explain": [case("explain", "meaning", "cause", "remedy"), case("explain cut", "meaning", "cause", "remedy")],
    "guide": [case("guide", "about")],
    "fit": [
        case("fit FOLDER/runs.csv --draws 5"),
        case("fit FOLDER/runs.csv --draws 5 --show residuals"),
    ],
    "flops": [
        case(
            "flops --layers 12 --width 768 --heads 12 --tokens 1e12 --gpu 'H100 SXM' --gpus 8 --tokens-per-second 1e6",
            "source",
        ),
    ],
    "forecast": [case("forecast --samples 200", "definition", "source", "note", "notes")],
    "forget": [case(f"forget {SOURCE}", catalog="copy")],
    "ingest": [
        case("ingest FOLDER --domain web --dry-run"),
        case("ingest FOLDER/new --domain web -q", catalog="copy", varies=True),
    ],
    "laws": [case("laws", "source")],
    "merge": [case("merge FOLDER/../long-names.duckdb", "warnings", catalog="new", varies=True)],
    "mixtures": [case("mixtures", "source")],
    "overlap": [case("overlap"), case("overlap --by source")],
    "plan": [
        case("plan --flops 1e25", *OF_PLAN),
        case("plan --flops 1e25 --supply measured", *OF_PLAN),
        case(f"plan --flops 1e22 -v --supply 'measured+published:{CORPUS}'", *OF_PLAN),
        case(
            "plan --params 70B --tokens 1.4T --supply web=200B,code=10B --inference-tokens 1T --price-gpu-hour 2 "
            "--gpu 'H100 SXM'",
            *OF_PLAN,
        ),
    ],
    "plans": [case("plans", "command"), case(f"plans {PLANS[0]}", *OF_PLAN)],
    "plot": [case("plot", "title"), case("plot groups -o FOLDER/groups.svg --force", "says")],
    "query": [
        case("query --list", "question", "parameters"),
        case("query sources"),
        case("query errors", "why"),
        case("query 'select path, ordinal, counts, bytes, path as again from documents'"),
    ],
    "report": [
        case("report corpus.html --force", "says", varies=True),
        case("report run.html --flops 1e20 --force", "says", varies=True),
        case("report --card card.md --force"),
    ],
    "resume": [case("resume", "why", catalog="cut off", code=1)],
    "retry": [case("retry", catalog="copy", varies=True, code=1)],
    "run": [case("run --config FOLDER/tokaudit.toml -q", *OF_PLAN, catalog="new", varies=True)],
    "runs": [case("runs", "note", "source")],
    "schema": [case("schema", "comment"), case("schema documents", "comment")],
    "export": [case("export --kept kept.parquet --dropped dropped.parquet --force")],
    "show": [case(f"show {SOURCE}/a-file-with-a-long-name-that-no-line-may-break.jsonl 0")],
    "stage": [case("stage measure FOLDER/new --domain web --rank 0/2 -q", catalog="copy", varies=True)],
    "status": [case("status")],
    "stocks": [case("stocks", "source", "note")],
    "supply": [case("supply"), case("supply --by source")],
    "tokenizers": [case("tokenizers", "source")],
    "upgrade": [case("upgrade", catalog="copy", varies=True)],
    "verify": [case("verify", "why"), case(f"verify {SOURCE} --sample 50%", "why")],
}


def test_every_command_has_a_case() -> None:
    assert sorted(CASES) == sorted(COMMANDS.names())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Text, runs and a registry with long names."""
    place = tmp_path_factory.mktemp("widths") / FOLDER
    for name, texts in {
        SOURCE: [text(1), text(1), text(2), text(3)],
        OTHER: [text(2), text(4)],
        "more": [text(seed) for seed in (1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3)],
    }.items():
        page = write_jsonl(place / name / "a-file-with-a-long-name-that-no-line-may-break.jsonl", texts)
        page.write_text(page.read_text() + '{"text": 1}\n' * 9)
    write_jsonl(place / "new" / "x.jsonl", [text(5)])
    for name in ("a-program-of-python.py", "a page that is read as documentation.md"):
        (place / name).write_text(f"{name} = 1\n")
    (place / "tokaudit.toml").write_text(
        f'exclude = ["*.a-suffix-that-is-longer-than-others"]\n[sources.{SOURCE}]\npaths = "new"\ndomain = "{DOMAIN}"\n'
        'label = { quality = "a-field-of-quality" }\n[plans.first]\nflops = 1e22\nsupply = "web=1T,code=10B"\n'
    )
    write_csv(place / "runs.csv", scattered(count=15))
    for source, domain in ((SOURCE, "web"), (OTHER, DOMAIN), ("more", "web")):
        if source == "more":
            shutil.copy(place.parent / "long-names.duckdb", place / "before.duckdb")
        count_into(place.parent / "long-names.duckdb", place / source, domain)
    shutil.copy(place.parent / "long-names.duckdb", place / "after.duckdb")
    for name, flops in zip(PLANS, ("1e24", "1e25"), strict=True):
        options = PlanOptions({"flops": flops}, supply="web=1T,code=10B")
        made = plan(plan_request(options, place.parent / "long-names.duckdb"))
        save_plan(place.parent / "long-names.duckdb", name, options, made, force=False)
    rows = [
        part(CORPUS, PARTS[0], 10**11, counted="exact", licence="ODC-BY 1.0", bytes=10**12),
        part(CORPUS, PARTS[1], 10**10, domain="code", note="a note of several words " * 9),
    ]
    edges = [edge(f"{CORPUS}/{PARTS[0]}", "overlaps", "Crawl/v1 all", 0.25)]
    write_reference(place.parent, published_corpora=rows, published_lineage=edges)
    return place


Call = Callable[[Case, str, int | None], str]

COMPUTED = (
    *("tokaudit.planning.make_plan.make_plan", "tokaudit.planning.domain_ceilings.find_ceilings"),
    *("tokaudit.planning.forecast.forecaster.make_forecast", "tokaudit.laws.fit.fit.fit_law"),
    *("tokaudit.planning.diff_plans.diff_plans", "tokaudit.audit.diff.diff_catalogs"),
)
"""Functions that take most of a command's time, and give what it writes."""


def once(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that gives its first answer again each time: a case is the same call at every width."""
    found: list[Any] = []

    def answered(*arguments: Any, **named: Any) -> Any:
        if not found:
            found.append(function(*arguments, **named))
        return found[0]

    return answered


@pytest.fixture
def call(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """What a case writes in a format on a terminal of some width; None: off a terminal."""
    read_instead(folder.parent, monkeypatch)
    vocabulary = Vocabulary("words", "0" * 64, "the tests", lambda: b"")
    monkeypatch.setattr("tokaudit.pipeline.find_tokenizer.resolve", lambda *_: vocabulary)
    monkeypatch.setattr("tokaudit.pipeline.retry.load_counters", lambda *_: [Words()])
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(folder))
    monkeypatch.setenv("TERM", "dumb")
    places = iter(range(100))

    def called(case: Case, fmt: str, width: int | None) -> str:
        catalog = folder.parent / "long-names.duckdb"
        place = tmp_path / str(next(places))
        if case.catalog != "counted":
            place.mkdir()
        if case.catalog in {"copy", "cut off"}:
            shutil.copytree(f"{catalog}.parts", place / f"{catalog.name}.parts")
            shutil.copy(catalog, place)
        if case.catalog == "cut off":  # as if an older tokaudit had counted it
            with duckdb.connect(place / catalog.name) as connection:
                connection.execute("update store.ingests set finished = null, settings = '{}'")
        catalog = catalog if case.catalog == "counted" else place / catalog.name
        for stream in (sys.stdout, sys.stderr):
            monkeypatch.setattr(stream, "isatty", lambda: width is not None)
        monkeypatch.setenv("COLUMNS", str(width))
        words = [str(folder) if word == "FOLDER" else word for word in shlex.split(case.arguments)]
        done = run(
            "--catalog",
            catalog,
            "--format",
            fmt,
            *(word.replace("FOLDER", str(folder)) for word in words),
            code=case.code,
        )
        return done.out if fmt == "json" else done.out + done.err

    return called


@pytest.fixture
def left_out(monkeypatch: pytest.MonkeyPatch) -> list[Column]:
    """The columns that were left out so far."""
    found: list[Column] = []

    def recorded(columns: Sequence[Column], width: int | None, keep: Sequence[str] = ()) -> Layout:
        layout = lay_out(columns, width, keep)
        found.extend(column for column in columns if column.name in layout.left_out)
        return layout

    monkeypatch.setattr(table, "lay_out", recorded)
    return found


def things(document: Any, prose: frozenset[str], name: str = "") -> Iterator[tuple[str, str]]:
    """The names, paths and other texts that are not sentences in a JSON document, each with its field."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from things(value, prose, key)
    elif isinstance(document, list):
        for value in document:
            yield from things(value, prose, name)
    elif isinstance(document, str) and name not in prose:
        yield name, document


PARAMETERS = [
    pytest.param(each, id=each.arguments, marks=[pytest.mark.slow] if takes_long(each) else [])
    for cases in CASES.values()
    for each in cases
]


@pytest.mark.parametrize("case", PARAMETERS)
def test_no_line_breaks_a_number_a_name_or_a_path(
    case: Case, call: Call, left_out: list[Column], monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in COMPUTED if not case.varies else ():
        monkeypatch.setattr(place, once(pkgutil.resolve_name(place)))
    wide, document = call(case, "table", None), json.loads(call(case, "json", None))
    named = [(name, thing) for name, thing in things(document, case.prose) if thing in wide]
    named += [
        ("name", f"{CORPUS}/{each}") for each in PARTS if f"{CORPUS}/{each}" in wide and "-v" not in case.arguments
    ]
    words = set() if case.varies else {word for word in wide.split() if re.search(r"\d", word)}
    assert named or words

    for width in (60, 80, 200):
        left_out.clear()
        shown = call(case, "table", width)
        names = {column.name for column in left_out}
        cells = {cell for column in left_out for cell in column.cells}
        excused = {word for cell in cells for word in cell.split()}

        assert [thing for name, thing in named if thing not in shown and name not in names and thing not in cells] == []
        assert sorted(words - excused - set(shown.split())) == []
        assert all(name in shown for name in names)
        assert not names or f"{len(names)} column" in shown
        assert not names or "; --format json has all" in " ".join(shown.split())
        whole = {thing for _, thing in named}
        for line in shown.splitlines():
            assert cell_len(line) <= width or " " not in line.strip() or line.strip() in whole
