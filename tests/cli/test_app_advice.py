"""Advice works: whatever a message says to do, doing it succeeds.

The source is scanned for messages that name an option or a command. Each has a case: the call that provokes it, and the
calls that follow its advice. A message is met where its own words, in order, are part of what a case's call said.
"""

import ast
import os
import re
import shlex
import sys
import sysconfig
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import filelock
import huggingface_hub
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made.runs import BESIROGLU, joined, on_budgets, repeated, scattered, write_csv
from made.samples import Done, Run, altered, text, write_jsonl

import tokaudit
from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.cli.app import COMMANDS
from tokaudit.laws.fit.protocol import Runs
from tokaudit.laws.protocol import Repetition

ROOT = Path(tokaudit.__file__).parent
OLD_CATALOG = Path(__file__).parents[1] / "catalog" / "made_before_rooms" / "catalog.tar.xz"
ADVICE = re.compile(rf"(?<![\w,-])--[a-z]|tokaudit (?:{'|'.join(COMMANDS.names())}|COMMAND)\b")
DECLARATIONS = {"click.option", "click.Option", "click.argument"}
NOT_PROVOKED = {
    "tokaudit/catalog/backfill_commit.py": (
        "is too long for tokenizer",
        "needs a record of many megabytes that one tokenizer can cut and another can't",
    ),
    "tokaudit/cli/session.py": (" --catalog ", "is put into the advice of messages, which have cases"),
    "tokaudit/catalog/signatures.py": (
        "texts are missing",
        "needs an entry removed from the catalog's own tables",
    ),
}
"""File -> words of a message in it, and why no case provokes it."""

Setup = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True)
class Case:
    """A message with advice, and what follows the advice.

    Attributes:
        provoke: calls that say it, without ``tokaudit``; all but the last are made for what they leave behind.
        then: calls that follow the advice.
        code: exit code of the last call of ``provoke``.
        before: what is done first, and undone before the advice is followed.
        in_part: whether ``then`` may leave with 1, as what was not counted is not an error.
    """

    provoke: list[str]
    then: list[str]
    code: int = 2
    before: Setup = field(default=nullcontext)
    in_part: bool = False


def write_files() -> None:
    """The files that the cases name, in the working directory."""
    write_jsonl(Path("a.jsonl"), [text(0), text(1)])
    write_jsonl(Path("b.jsonl"), [text(2), altered(text(0), 2)])
    write_jsonl(Path("twice.jsonl"), [text(3)] * 3)
    write_jsonl(Path("many/one.jsonl"), [text(4)])
    write_jsonl(Path("many/two.jsonl"), [text(5)])
    write_jsonl(Path("kinds.jsonl"), [text(6), text(7)], kind=["odd", "odd"], origin=["natural", "synthetic"])
    Path("body.jsonl").write_text('{"body": "some text"}\n')
    Path("bad.jsonl").write_text('{"text": "good"}\n{"text": 1}\n')
    pq.write_table(pa.table({"body": ["some text"]}), "body.parquet")
    Path("strange").mkdir(exist_ok=True)
    Path("strange/page.unheard").write_text("some text")
    write_csv(Path("runs.csv"), scattered(count=15))
    write_csv(Path("dense.csv"), scattered(count=300))
    few = repeated(BESIROGLU, Repetition(15, 5))
    write_csv(Path("repeats.csv"), few)
    write_csv(Path("few.csv"), joined(on_budgets(), Runs(*(getattr(few, name)[-3:] for name in Runs.__slots__))))


@contextmanager
def empty_catalog() -> Iterator[None]:
    with exclusive_writer(Path("tokaudit.duckdb")):
        pass
    yield


@contextmanager
def no_migration() -> Iterator[None]:
    duckdb.connect("tokaudit.duckdb").close()
    yield


@contextmanager
def writing() -> Iterator[None]:
    with filelock.FileLock("tokaudit.duckdb.lock"):
        yield


def cut_off() -> None:
    with exclusive_writer(Path("tokaudit.duckdb")), write_transaction(Path("tokaudit.duckdb")) as connection:
        connection.execute("update store.derived set fresh = false")


def remove_signatures() -> None:
    for file in Path("tokaudit.duckdb.parts").glob("*.signatures"):
        file.unlink()


def change_unseen() -> None:
    path = Path("a.jsonl")
    status = path.stat()
    path.write_bytes(b"".join(reversed(path.read_bytes().splitlines(keepends=True))))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@contextmanager
def of_another_program() -> Iterator[None]:
    with duckdb.connect("tokaudit.duckdb") as connection:
        connection.execute("create schema store; create table store.other as select 1 as n")
    yield


def opening_fails(error: duckdb.Error) -> Setup:
    @contextmanager
    def failing() -> Iterator[None]:
        def fail(*_: object, **__: object) -> None:
            raise error

        Path("tokaudit.duckdb").touch()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(duckdb, "connect", fail)
            yield

    return failing


@contextmanager
def on_a_narrow_terminal() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.stdout, "isatty", lambda: True)
        patch.setenv("COLUMNS", "60")
        yield


@contextmanager
def lock_not_writable() -> Iterator[None]:
    Path("tokaudit.duckdb.lock").mkdir()
    yield
    Path("tokaudit.duckdb.lock").rmdir()


@contextmanager
def no_hub() -> Iterator[None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError("no network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(huggingface_hub, "hf_hub_download", fail)
        yield


@contextmanager
def little_python() -> Iterator[None]:
    for name in ("stdlib/one.py", "purelib/x/README.md"):
        Path("python", name).parent.mkdir(parents=True, exist_ok=True)
        Path("python", name).write_text(text(1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sysconfig, "get_path", lambda name: str(Path("python").absolute() / name))
        yield


@contextmanager
def older_catalog_without_its_files() -> Iterator[None]:
    with tarfile.open(OLD_CATALOG) as archive:
        archive.extractall(filter="data")
    old, new = Path("catalog.duckdb"), Path("tokaudit.duckdb")
    old.rename(new)
    old.with_name(old.name + ".parts").rename(new.with_name(new.name + ".parts"))
    with exclusive_writer(new), write_transaction(new) as connection:
        connection.execute("update store.files set path = '/nowhere' || path")
    yield


INGEST = "ingest a.jsonl --domain web --source a"
ENDLESS = '"select count(*) from range(10000000000) a, range(1000) b where hash(a.range, b.range) = 1"'
SUPPLY = "--supply web=1T,code=1T"
WIDE = "\"select range as n, repeat('x', 30) as a, repeat('y', 30) as b from range(50)\""
FLOPS = "flops --layers 2 --width 64 --heads 4 --tokens 1B"
CASES = {
    "everyday name of a law": Case(
        ["plan --flops 1e24 --law chinchilla"], ["laws", "plan --flops 1e24 --law hoffmann2022-approach3"], 0
    ),
    "bare help": Case(["--help"], ["plan --help"], 0),
    "unknown option": Case(["status --nope"], ["status --help"]),
    "empty catalog, status": Case(["status"], [INGEST, "status"], 0, empty_catalog),
    "empty catalog, supply": Case(["supply"], [INGEST, "supply"], 2, empty_catalog),
    "empty catalog, plan": Case(
        ["plan --flops 1e20 --supply measured"], [INGEST, "plan --flops 1e20 --supply measured"], 2, empty_catalog
    ),
    "no catalog": Case(["status"], [INGEST, "status", "--catalog tokaudit.duckdb status"], 4),
    "catalog without tables": Case(["status"], [INGEST, "status"], 4, no_migration),
    "catalog being written": Case([INGEST], [INGEST, f"--catalog other.duckdb {INGEST}"], 4, writing),
    "two selects": Case([INGEST, 'query "select 1; select 2"'], ["query --list", "query sources", 'query "select 1"']),
    "no query": Case(["query"], ["query --list"]),
    "slow query": Case([INGEST, f"query {ENDLESS} --timeout 0.2"], ['query "select 1" --timeout 60'], 3),
    "more rows": Case([INGEST, 'query "from range(5)" --max-rows 2'], ['query "from range(5)" --max-rows 5'], 0),
    "more duplicates": Case(["ingest twice.jsonl --domain web", "duplicates --limit 1"], ["duplicates --limit 2"], 0),
    "bad records of a source": Case(
        ["ingest bad.jsonl --domain web --on-bad-record skip", "compare bad.jsonl FineWeb"], ["errors"], 0
    ),
    "bad records of a catalog": Case(["ingest bad.jsonl --domain web --on-bad-record skip", "supply"], ["errors"], 0),
    "bad records of an ingest": Case(["ingest bad.jsonl --domain web --on-bad-record skip"], ["errors"], 1),
    "bad record": Case(
        ["ingest bad.jsonl --domain web"], ["ingest bad.jsonl --domain web --on-bad-record skip"], 3, in_part=True
    ),
    "origins": Case(["ingest kinds.jsonl --domain web --label origin=origin", "supply"], ["supply --by origin"], 0),
    "strange origin": Case(
        ["ingest kinds.jsonl --domain web --label origin=kind"],
        ["ingest kinds.jsonl --domain web --label origin=origin"],
        3,
    ),
    "label of a column": Case(
        [f"{INGEST} --label domain=kind"], ["ingest kinds.jsonl --domain web --label kind=kind", "supply --by kind"]
    ),
    "another tokenizer": Case(
        [INGEST, "supply --tokenizer o200k_base"],
        [f"{INGEST} --tokenizer o200k_base", "supply --tokenizer o200k_base"],
    ),
    "unfinished ingest": Case([INGEST, "supply"], ["ingest b.jsonl --domain web", "supply"], 0),
    "signatures gone": Case(
        [INGEST, "ingest twice.jsonl b.jsonl --domain web"],
        ["forget a", INGEST, "ingest twice.jsonl b.jsonl --domain web"],
        4,
    ),
    "a file that changed unseen": Case(
        [INGEST, f"{INGEST} --tokenizer o200k_base"], ["forget a", f"{INGEST} --tokenizer o200k_base"], 3
    ),
    "nothing by any tokenizer": Case(
        [INGEST, "forget a", "supply --tokenizer o200k_base"],
        [f"{INGEST} --tokenizer o200k_base", "supply --tokenizer o200k_base"],
    ),
    "damaged catalog": Case(
        ["status"], [f"--catalog other.duckdb {INGEST}"], 4, opening_fails(duckdb.Error("bad sum"))
    ),
    "catalog of another program": Case(["status"], [f"--catalog other.duckdb {INGEST}"], 4, of_another_program),
    "catalog that can't be opened": Case(
        ["status"], [f"--catalog other.duckdb {INGEST}"], 4, opening_fails(duckdb.IOException("denied"))
    ),
    "catalog that is a folder": Case([f"--catalog many {INGEST}"], [f"--catalog other.duckdb {INGEST}"], 4),
    "catalog in no folder": Case([f"--catalog nowhere/x.duckdb {INGEST}"], [f"--catalog many/x.duckdb {INGEST}"], 4),
    "catalog that can't be written": Case([INGEST], [INGEST], 4, lock_not_writable),
    "a file of another source": Case(
        [INGEST, "ingest a.jsonl --domain web --source b"], ["forget a", "ingest a.jsonl --domain web --source b"]
    ),
    "a source of another domain": Case(
        [INGEST, "ingest b.jsonl --domain books --source a"],
        ["ingest b.jsonl --domain books --source b", "forget a", "ingest a.jsonl --domain books --source a"],
    ),
    "older catalog, files gone": Case(
        ["ingest a.jsonl --domain web"],
        [f"--catalog other.duckdb {INGEST}", "forget blog", "forget books", "forget code", "forget web", INGEST],
        4,
        older_catalog_without_its_files,
    ),
    "files gone": Case(
        ["ingest many --domain web", "ingest many --domain web"], ["forget many", "ingest many --domain web"], 0
    ),
    "nothing to count": Case(["ingest strange --domain web"], ["ingest strange --domain web --reader text"]),
    "no field": Case(["ingest body.jsonl --domain web"], ["ingest body.jsonl --domain web --text-field body"], 3),
    "no column": Case(["ingest body.parquet --domain web"], ["ingest body.parquet --domain web --text-field body"], 3),
    "no hub": Case(
        ["ingest a.jsonl --domain web --tokenizer some/repository"],
        ["tokenizers", "ingest a.jsonl --domain web --tokenizer cl100k_base"],
        3,
        no_hub,
    ),
    "demo": Case(
        ["demo"],
        [f"--catalog tokaudit-demo.duckdb {call}" for call in ("supply --by language", "duplicates", "query --list")],
        0,
        little_python,
    ),
    "unknown law": Case(
        ["plan --flops 1e24 --law nobody"], ["fit runs.csv --save nobody --draws 0", "plan --flops 1e24 --law nobody"]
    ),
    "saved law": Case(["fit runs.csv --save ours --draws 0"], ["plan --flops 1e24 --law ours"], 0),
    "law there already": Case(
        ["fit runs.csv --save ours --draws 0", "fit runs.csv --save ours"],
        ["fit runs.csv --save ours --draws 0 --force"],
    ),
    "description without a law": Case(
        ["fit runs.csv --params-counted active"], ["fit runs.csv --params-counted active --save ours --draws 0"]
    ),
    "repeats, isoflop": Case(
        ["fit few.csv --method isoflop"], ["fit few.csv --method isoflop --drop 'epochs>1' --draws 0"], 3
    ),
    "base, isoflop": Case(
        ["fit repeats.csv --method isoflop --base besiroglu2024"],
        ["fit repeats.csv --method parametric --base besiroglu2024 --draws 0"],
    ),
    "no budgets": Case(["fit dense.csv --method isoflop"], ["fit dense.csv --method parametric --draws 0"], 3),
    "few repeats": Case(["fit few.csv"], ["fit few.csv --drop 'epochs>1' --draws 0"], 3),
    "few repeats, base": Case(["fit runs.csv --base besiroglu2024"], ["fit runs.csv --draws 0"], 3),
    "FLOPs and parameters": Case(["plan --flops 1e24 --params 1B"], ["plan --flops 1e24", "plan --params 1B"]),
    "not a law, not a ratio": Case(["forecast --law 7b-ours"], ["laws", "forecast --law 20 --samples 200"]),
    "active parameters": Case(
        ["fit runs.csv --params-counted active --save ours --draws 20", "plan --flops 1e24 --law ours"],
        ["plan --params 1B --tokens 20B --law ours"],
        0,
    ),
    "file there already": Case(
        ["plan --flops 1e24 --markdown plan.md", "plan --flops 1e24 --markdown plan.md"],
        ["plan --flops 1e24 --markdown plan.md --force"],
    ),
    "no budget": Case(
        ["plan"],
        [
            *("plan --flops 1e24", "plan --params 1B", "plan --tokens 20B", "plan --params 1B --tokens 20B"),
            "plan --gpu h100-sxm --gpus 8 --days 2",
        ],
    ),
    "GPUs of no name": Case(["plan --gpus 8 --days 2"], ["plan --gpus 8 --days 2 --gpu h100-sxm"]),
    "two budgets": Case(
        ["plan --flops 1e24 --gpus 8 --days 2 --price-gpu-hour 2"], ["plan --gpus 8 --days 2 --price-gpu-hour 2"]
    ),
    "hardware without a price": Case(
        ["plan --flops 1e24 --gpu h100-sxm"], ["plan --flops 1e24 --gpu h100-sxm --price-gpu-hour 2"]
    ),
    "price of no hardware": Case(
        ["plan --flops 1e24 --price-gpu-hour 2"], ["plan --flops 1e24 --price-gpu-hour 2 --gpu h100-sxm"], 0
    ),
    "incomplete hardware": Case(["plan --gpu h100-sxm"], ["plan --gpu h100-sxm --gpus 8 --days 2"]),
    "unimax": Case(
        [f"plan --flops 1e24 {SUPPLY} --mixture unimax"],
        [f"plan --flops 1e24 {SUPPLY} --mixture unimax --max-epochs 2"],
        0,
    ),
    "domain without a supply": Case(
        ["plan --flops 1e24 --supply web=1T --mixture web=0.5,code=0.5"],
        [f"plan --flops 1e24 {SUPPLY} --mixture web=0.5,code=0.5", "plan --flops 1e24 --supply web=1T --mixture web=1"],
    ),
    "supply by numbers": Case([f"plan --flops 1e24 {SUPPLY}"], [f"plan --flops 1e24 {SUPPLY} -v"], 0),
    "heads": Case(
        ["flops --layers 2 --width 100 --heads 3 --tokens 1B"],
        ["flops --layers 2 --width 100 --heads 3 --tokens 1B --key-size 32"],
    ),
    "heads of keys": Case(
        ["flops --layers 2 --width 64 --heads 4 --kv-heads 3 --tokens 1B"],
        ["flops --layers 2 --width 64 --heads 4 --kv-heads 2 --tokens 1B"],
    ),
    "too fast": Case(
        [f"{FLOPS} --tokens-per-second 1e12 --gpu h100-sxm --gpus 8"],
        [f"{FLOPS} --tokens-per-second 1e12 --gpu h100-sxm --gpus 1e6"],
    ),
    "columns left out": Case([INGEST, f"query {WIDE}"], [f"query {WIDE} --format json"], 0, on_a_narrow_terminal),
    "experts": Case(
        ["flops --layers 2 --width 64 --heads 4 --experts-active 2 --tokens 1B"],
        ["flops --layers 2 --width 64 --heads 4 --experts-active 2 --experts 8 --tokens 1B"],
    ),
    "unknown corpus": Case(["corpora nothing-like-it"], ["corpora"]),
    "no corpora": Case(
        ["plan --flops 1e24 --supply published:"], ["corpora", "plan --flops 1e24 --supply published:SlimPajama"]
    ),
}
BETWEEN: dict[str, Callable[[], object]] = {
    "unfinished ingest": cut_off,
    "signatures gone": remove_signatures,
    "a file that changed unseen": change_unseen,
    "files gone": lambda: Path("many/two.jsonl").unlink(),
}
"""What is done before the last call of ``provoke``."""


def messages(source: str) -> Iterator[list[str]]:
    """The constant parts of each text in a module that names an option or a command, beyond an option it begins with.

    Docstrings and the declarations of options are not among them.
    """
    tree = ast.parse(source)
    skipped = set(no_messages(tree))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        parts: list[str] = []
        if isinstance(node, ast.JoinedStr):
            parts = [str(each.value) if isinstance(each, ast.Constant) else "" for each in node.values]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            parts = [node.value]
        if ADVICE.search(re.sub(r"^--[a-z-]+", "", "{}".join(parts))):
            yield [part for part in parts if part]


def no_messages(tree: ast.AST) -> Iterator[ast.AST]:
    """Nodes of docstrings, decorators and declarations of options, and the parts of f-strings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.FunctionDef):
            yield from (inner for decorator in node.decorator_list for inner in ast.walk(decorator))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in DECLARATIONS:
            yield from ast.walk(node)
        elif isinstance(node, ast.JoinedStr):
            yield from (inner for inner in ast.walk(node) if inner is not node and isinstance(inner, ast.Constant))


def scanned() -> list[tuple[str, list[str]]]:
    """Module and parts of each message."""
    return [
        (str(file.relative_to(ROOT.parent)), parts)
        for file in sorted(ROOT.rglob("*.py"))
        for parts in messages(file.read_text(encoding="utf-8"))
    ]


def excused(module: str, parts: list[str]) -> bool:
    """Whether a message is one that no case provokes."""
    words, why = NOT_PROVOKED.get(module, ("", ""))
    return bool(why) and words in "".join(parts)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('raise UsageError("x: pass --force")', [["x: pass --force"]]),
        ('raise UsageError(f"{x}: pass --{y}, or --force")', [[": pass --", ", or --force"]]),
        ('say("`tokaudit plan` helps")', [["`tokaudit plan` helps"]]),
        ('raise UsageError("--force: is wrong")', []),
        ('raise UsageError("another tokaudit is here; a-b --")', []),
        ('"""Pass --force."""', []),
        ('click.option("--force", help="With --save: more.")', []),
        ('@click.command("x", examples=("tokaudit plan --force",))\ndef f(): ...', []),
    ],
)
def test_the_scan_finds_options_and_commands_in_messages(line: str, found: list[list[str]]) -> None:
    assert list(messages(line)) == found


def said_by(run: Run, name: str, case: Case) -> str:
    """What the case's calls say; the advice has then been followed."""
    write_files()
    with case.before():
        for call in case.provoke[:-1]:
            made(run, call, {0, 1})
        BETWEEN.get(name, lambda: None)()
        done = made(run, case.provoke[-1], {case.code})
    for call in case.then:
        made(run, call, {0, 1} if case.in_part else {0})
    return one_line(done.out + done.err)


def one_line(words: str) -> str:
    """The words with one blank between each two, as a terminal wraps them."""
    return re.sub(r"\s+", " ", words)


def made(run: Run, call: str, codes: set[int]) -> Done:
    """A call that leaves with one of the codes."""
    for code in codes:
        try:
            return run(*shlex.split(call), code=code)
        except AssertionError as error:
            wrong = error
    raise AssertionError(f"tokaudit {call}: {wrong}")


@pytest.mark.slow
def test_the_advice_of_every_message_works(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed, said = [], []
    for name, case in CASES.items():
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        try:
            said.append(said_by(run, name, case))
        except AssertionError as error:
            failed.append(f"{name}: {error}")
    unmet = [
        (module, parts)
        for module, parts in scanned()
        if not excused(module, parts)
        and not any(re.search(".*".join(re.escape(one_line(part)) for part in parts), each) for each in said)
    ]

    assert not failed, "\n".join(failed)
    assert not unmet, "\n".join(f"{module}: {parts}" for module, parts in unmet)


def test_every_excused_message_exists() -> None:
    found = {module for module, parts in scanned() if excused(module, parts)}

    assert found == set(NOT_PROVOKED)
