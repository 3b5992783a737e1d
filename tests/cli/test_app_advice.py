"""Advice works: whatever a message says to do, doing it succeeds.

The source is scanned for messages that name an option or a command. Each has a case: the call that provokes it, and the
calls that follow its advice. A message is met where its own words, in order, are part of what a case's call said.
"""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from made.advice import BETWEEN, CASES, Case
from made.advice_states import write_files
from made.piped import pipe
from made.samples import Done, Run

import tokaudit
from tokaudit.cli.app import COMMANDS

ROOT = Path(tokaudit.__file__).parent
ADVICE = re.compile(rf"(?<![\w,-])--[a-z]|tokaudit (?:{'|'.join(COMMANDS.names())}|COMMAND)\b")
DECLARATIONS = {"click.option", "click.Option", "click.argument"}
NOT_PROVOKED = {
    "tokaudit/core/shortage.py": ("`tokaudit ingest --workers N", "needs a system without memory or threads"),
    "tokaudit/audit/duplicate_diffs.py": ("not compared", "needs texts that take a minute to compare"),
    "tokaudit/catalog/backfill_commit.py": (
        "is too long for tokenizer",
        "needs a record of many megabytes that one tokenizer can cut and another can't",
    ),
    "tokaudit/measure/language_detection.py": ("run pip install", "needs a package removed that tokaudit depends on"),
    "tokaudit/readers/unpack/limits.py": ("times as much", "needs a file that unpacks to gigabytes"),
    "tokaudit/reports/figures/laws.py": ("lists the laws", "is no message: it says what made a figure"),
    "tokaudit/reports/left_out_words.py": ("excluded by", "is no message: it names the rule by its options"),
    "tokaudit/reports/page/text_opening.py": ("Give the budget", "stands on a page, which no command prints"),
    "tokaudit/catalog/check_tables.py": (" read", "needs a damaged block, which `test_check_tables.py` makes"),
    "tokaudit/pipeline/engines/ray.py": ("memory", "needs a cluster, as in `test_ray.py`"),
    "tokaudit/pipeline/engines/work_folder.py": ("all nodes share", "needs a folder that only one of two nodes has"),
    "tokaudit/catalog/most_texts.py": ("can be grouped", "needs more texts than a disk holds"),
}
"""File -> words of a message in it, and why no case provokes it."""


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
        pipe(monkeypatch, b'{"text": "from a pipe"}\n')
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
