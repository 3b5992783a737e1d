"""README, guide and CONTRIBUTING as documents: their blocks, the folder that their commands run in, what is generated.

A command in a block ``sh`` is run. A command in a block ``text`` is not: it needs a network, hours or another shell.
Between the comments ``generated: tokaudit …`` and ``end`` stands what that command prints now on a terminal.
``pytest --write-docs`` writes it there.
"""

import io
import json
import random
import re
import shlex
import sys
import tarfile
import textwrap
from pathlib import Path

import pytest
from made.runs import on_budgets, parametric, repeated, scattered, write_csv
from made.samples import altered, write_jsonl
from made.segments import make_segment, make_shelf

import tokaudit
from tokaudit.cli.app import main

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PACKAGE = Path(tokaudit.__file__).parent
CHAPTERS = sorted((PACKAGE / "guide").glob("*.md"))
DOCUMENTS = [README, *CHAPTERS]
CONTRIBUTING = ROOT / "CONTRIBUTING.md"

WIDTH = 78
"""Columns of the terminal that generated blocks show: 80 with the two that a block is indented by."""

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_GENERATED = re.compile(
    r"(<!-- generated(?: \(first (paragraph|\d+ lines)\))?: (tokaudit .+?) -->\n)(.*?)(<!-- end -->)", re.DOTALL
)
_STYLE = re.compile(r"\x1b\[[\d;]*m")


def text_of(document: Path) -> str:
    """Return the Markdown of a document."""
    return document.read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """Return the fenced blocks of a language, in order."""
    return [content for found, content in _FENCE.findall(text) if found == language]


def prose(text: str) -> str:
    """Return a document without its blocks, comments and code spans."""
    return re.sub(
        r"`[^`]*`", "`code`", re.sub(r"<!--.*?-->", "", _FENCE.sub("", _GENERATED.sub("", text)), flags=re.DOTALL)
    )


def shell_lines(text: str) -> list[str]:
    """Return the commands of all blocks ``sh``: continued lines joined, comments left out."""
    joined = "\n".join(blocks(text, "sh")).replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


def write_settings(document: Path, folder: Path) -> None:
    """Write the file of settings that a document shows, if it shows one."""
    for block in blocks(text_of(document), "toml"):
        if block.startswith("# tokaudit.toml\n"):
            (folder / "tokaudit.toml").write_text(block, encoding="utf-8")


def make_folder(folder: Path) -> None:
    """Write the files that the commands of the documents name: crawls, books, source code, runs and a supply."""
    chance = random.Random(0)
    words = ["".join(chance.choices("abcdefghijklmnop", k=chance.randint(2, 9))) for _ in range(5000)]

    def prose_of(count: int) -> str:
        return " ".join(words[min(int(chance.paretovariate(0.6)), 5000) - 1] for _ in range(count))

    pages = [prose_of(chance.randint(60, 400)) for _ in range(1500)]
    pages += pages[:200] + [altered(page, 2) for page in pages[200:300]]
    scores = [round(chance.random(), 2) for _ in pages]
    write_jsonl(folder / "crawl" / "pages.jsonl", pages, quality=scores)
    (folder / "crawl" / "README.md").write_text("These are the pages of a crawl.\n")
    for name, count in {"novels": 12, "repositories/library": 40, "repositories/program": 40}.items():
        (folder / name).mkdir(parents=True)
        for place in range(count):
            if name == "novels":
                (folder / name / f"{place}.txt").write_text(prose_of(8000))
            else:
                lines = [f"def {chance.choice(words)}(): return {chance.randint(0, 999)}" for _ in range(60)]
                (folder / name / f"module{place}.py").write_text("\n".join(lines))
    (folder / "repositories" / "library" / "shared.py").write_text(prose_of(300))
    (folder / "repositories" / "program" / "shared.py").write_text(
        (folder / "repositories/library/shared.py").read_text()
    )
    write_jsonl(folder / "damaged" / "pages.jsonl", pages[:3])
    with (folder / "damaged" / "pages.jsonl").open("a") as file:
        file.write('{"text": 1}\n')
    (folder / "posts").mkdir()
    (folder / "posts" / "posts.jsonl").write_text("".join(f'{{"body": "{page}"}}\n' for page in pages[:20]))
    chat = [{"role": "user", "content": pages[0]}, {"role": "assistant", "content": pages[1]}]
    (folder / "chats.jsonl").write_text(json.dumps({"messages": chat}) + "\n")
    with tarfile.open(folder / "shards.tar", "w") as archive:
        for name in ("0.txt", "1.txt"):
            archive.add(folder / "novels" / name, name)
    write_csv(folder / "runs.csv", scattered(count=20, noise=0.003))
    write_csv(folder / "budgets.csv", on_budgets(noise=0.003))
    law = parametric("muennighoff2023")
    assert law.repetition
    write_csv(folder / "repeated.csv", repeated(law, law.repetition, noise=0.003))
    make_segment(folder)
    make_shelf(folder)
    (folder / "supply.csv").write_text("domain,tokens_unique\nweb,2e12\nbooks,3e10\ncode,4e11\n")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        """Return whether it is a terminal: it stands for one."""
        return True


def on_a_terminal(arguments: list[str], width: int = WIDTH) -> str:
    """Return what the program writes to stdout when that is a terminal of so many columns; styles are left out."""
    with pytest.MonkeyPatch.context() as patch:
        terminal = _Terminal()
        patch.setattr(sys, "stdout", terminal)
        patch.setattr(sys, "stderr", io.StringIO())
        for name, value in {"COLUMNS": str(width), "TERM": "xterm", "NO_COLOR": "1"}.items():
            patch.setenv(name, value)
        main(arguments)
    return "\n".join(line.rstrip() for line in _STYLE.sub("", terminal.getvalue()).splitlines())


def rewritten(text: str) -> str:
    """Return the document with every generated block as the program fills it now."""
    return _GENERATED.sub(lambda found: found[1] + _filled(found[2], found[3]) + found[5], text)


def generated(text: str) -> list[str]:
    """Return the commands of a document's generated blocks."""
    return [found[2] for found in _GENERATED.findall(text)]


def _filled(part: str | None, command: str) -> str:
    printed = on_a_terminal(shlex.split(command)[1:]).strip("\n")
    assert printed, f"{command}: prints nothing"
    shown = printed
    if part == "paragraph":
        shown = printed.partition("\n\n")[0]
    elif part:
        shown = "\n".join(printed.splitlines()[: int(part.split()[0])]).rstrip()
    if shown != printed:
        shown += "\n…"
    return f"```text\n$ {_folded(command)}\n{shown}\n```\n"


def _folded(command: str) -> str:
    """Fold a command as a shell takes it, and never between an option and its value."""
    glued = re.sub(r"( -{1,2}[\w-]+) ", "\\1\0", command)
    lines = textwrap.wrap(glued, WIDTH - 4, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    return " \\\n".join(lines).replace("\0", " ")
