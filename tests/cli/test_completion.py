"""What the shell completes: commands, options and values, asked as the shell does."""

import functools
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import duckdb
import pytest
from made.runs import scattered, write_csv
from made.samples import Counted, Run

from tokaudit.catalog.reference.accelerators import find_accelerator
from tokaudit.catalog.reference.corpora import published_corpora
from tokaudit.catalog.reference.read import read_rows
from tokaudit.cli.app import COMMANDS
from tokaudit.cli.completion import Complete, complete_accelerators, complete_corpora, complete_supplies
from tokaudit.cli.session import Session
from tokaudit.supply.published.browse import corpus_details

Ask = Callable[..., list[str]]


@pytest.fixture
def complete(run: Run, counted: Counted, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """What bash is offered for the last word of a line, with the small catalog or none."""

    def ask(line: str, catalog: Path | None = counted.catalog) -> list[str]:
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(line.count(" ")))
        monkeypatch.setenv("_TOKAUDIT_COMPLETE", "bash_complete")
        monkeypatch.setenv("TOKAUDIT_CATALOG", str(catalog or ""))
        done = run()
        assert done.err == ""
        return done.out.split()

    return ask


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("tokaudit su", {"supply"}),
        ("tokaudit plan --mar", {"--markdown"}),
        ("tokaudit -q status --js", {"--json"}),
        ("tokaudit status --format j", {"json"}),
        ("tokaudit plan --law bes", {"besiroglu2024"}),
        ("tokaudit runs --law kap", {"kaplan2020", "kaplan2020-small-batch"}),
        ("tokaudit corpora slimp", {"SlimPajama"}),
        ("tokaudit corpora slimpajama/c4", {"SlimPajama/C4"}),
        ("tokaudit corpora --domain leg", {"legal"}),
        ("tokaudit compare bl", {"blog"}),
        ("tokaudit compare web slimp", {"SlimPajama"}),
        ("tokaudit forget bo", {"books"}),
        ("tokaudit explain un", {"unclaimed", "unreadable", "unsafe_name"}),
        ("tokaudit verify bo", {"books"}),
        ("tokaudit retry bo", {"books"}),
        ("tokaudit plan --mixture ll", {"llama1", "llama3"}),
        ("tokaudit plan --supply measured+published:slimp", {"measured+published:SlimPajama"}),
        ("tokaudit plan --supply meas", {"measured", "measured+published"}),
        ("tokaudit plan --gpu h100-s", {"H100-SXM"}),
        ("tokaudit ingest x --tokenizer o200k_b", {"o200k_base"}),
        ("tokaudit supply --tokenizer wo", {"words"}),
        ("tokaudit plan --tokenizer wo", {"words"}),
        ("tokaudit ingest x --domain ", {"web", "books", "code"}),
        ("tokaudit ingest x --source bl", {"blog"}),
        ("tokaudit stocks --domain w", {"web"}),
        ("tokaudit supply --by li", {"licence"}),
        ("tokaudit query larg", {"largest_groups"}),
        ("tokaudit fit x.csv --method iso", {"isoflop"}),
        ("tokaudit plot su", {"supply"}),
        ("tokaudit plot supply --supply meas", {"measured", "measured+published"}),
        ("tokaudit plot residuals x.csv --method iso", {"isoflop"}),
        ("tokaudit plot unique --tokenizer wo", {"words"}),
        ("tokaudit forecast --model villalobos2022-", {"villalobos2022-high-quality"}),
    ],
)
def test_the_last_word_is_completed(complete: Ask, line: str, offered: set[str]) -> None:
    kinds, words = zip(*(item.split(",", 1) for item in complete(line)), strict=True)

    assert offered <= set(words)
    begun = line.rpartition(" ")[2].casefold()
    assert [word for word in words if not word.casefold().startswith(begun)] == []
    assert set(kinds) == {"plain"}


@pytest.mark.parametrize(
    "line",
    [
        "tokaudit forget bo",
        "tokaudit compare bl",
        "tokaudit supply --by lic",
        "tokaudit suply --nothing ",
        "tokaudit plan --law nobody",
        "tokaudit status --catalog x --no-such ",
    ],
)
@pytest.mark.parametrize("content", [None, b"not a catalog"])
def test_without_a_catalog_nothing_is_offered_or_printed(
    complete: Ask, tmp_path: Path, line: str, content: bytes | None
) -> None:
    catalog = tmp_path / "x.duckdb"
    if content is not None:
        catalog.write_bytes(content)

    assert [item for item in complete(line, catalog) if item.startswith("plain,") and line.split()[1] != "suply"] == []
    assert catalog.is_file() == (content is not None)


def test_a_catalog_in_use_is_not_waited_for(complete: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def locked(*arguments: object, **_: object) -> None:
        asked.append(arguments)
        raise duckdb.IOException("Could not set lock on file")

    monkeypatch.setattr(duckdb, "connect", locked)
    assert complete("tokaudit forget bo") == []
    assert complete("tokaudit plan --law besir") == ["plain,besiroglu2024"]
    assert len(asked) <= 4


def test_a_tokenizer_may_be_a_file(complete: Ask) -> None:
    assert complete("tokaudit ingest x --tokenizer ./") == ["file,./"]


@pytest.mark.slow
def test_saved_laws_are_completed(complete: Ask, run: Run, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "runs.csv", scattered(count=15))
    catalog = tmp_path / "ours.duckdb"
    run("--catalog", catalog, "fit", path, "--save", "ours", "--draws", 0)

    assert complete("tokaudit plan --law ou", catalog) == ["plain,ours"]


@pytest.fixture
def registry_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read each table of the registry once: these tests look for hundreds of names."""
    read = functools.cache(read_rows)
    monkeypatch.setattr("tokaudit.catalog.reference.corpora.read_rows", lambda kind, name: [*read(kind, name)])


def offered(complete: Complete, begun: str) -> list[str]:
    command = COMMANDS.get("plan")
    context = click.Context(command, obj=Session(named_catalog=Path("none")))
    return [item.value for item in complete(context, command.params[0], begun)]


@pytest.mark.usefixtures("registry_read_once")
def test_each_offered_corpus_is_found_by_that_name() -> None:
    names = offered(complete_corpora, "")

    assert len(names) == len({row.corpus for row in published_corpora()})
    for name in names:
        assert corpus_details(name).rows
        for component in offered(complete_corpora, f"{name}/"):
            assert corpus_details(component).rows
    assert {f"published:{name}" for name in names} <= set(offered(complete_supplies, ""))


def test_each_offered_accelerator_is_found_by_that_name() -> None:
    names = offered(complete_accelerators, "")

    assert names
    assert len({find_accelerator(name).name for name in names}) == len(names)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_the_shell_is_printed(shell: str) -> None:
    environment = {**os.environ, "_TOKAUDIT_COMPLETE": f"{shell}_source"}
    done = subprocess.run([sys.executable, "-m", "tokaudit"], capture_output=True, env=environment, check=True)

    assert f"_TOKAUDIT_COMPLETE={shell}_complete".encode() in done.stdout
