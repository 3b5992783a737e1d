"""Every answer that rests on groups of duplicates says in its JSON if these are stale."""

import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made.samples import Counted, Run

import tokaudit
from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.layout import parts_folder
from tokaudit.cli.app import COMMANDS

pytestmark = pytest.mark.slow

ANSWERS = (
    *("supply", "supply --by source", "supply --by licence", "supply --where \"licence = 'a'\""),
    *("overlap", "overlap --by source", "duplicates", "duplicates --diff", "errors", "status"),
    *("query supply", "query errors", "query 'select count(*) from groups'", "query 'from published_corpora limit 1'"),
    *("show web/pages.jsonl 0", "export --kept k.parquet", "export --dropped d.parquet", "compare web FineWeb"),
    *("plan --flops 1e20", "plan --flops 1e20 --supply measured", "plan --flops 1e20 --supply measured+published"),
    *("plan --flops 1e20 --where \"licence = 'a'\"", "ceilings --supply measured", "plans", "diff CATALOG CATALOG"),
    *("report page.html", "report plan.html --flops 1e20", "report --card", "report --card card.md"),
    *("plot unique -o u.svg", "plot groups -o g.svg", "plot supply --flops 1e20 -o s.svg"),
)
"""Calls that answer from what is measured."""

OTHERS = {
    "they read no catalog, or only saved laws of it": (
        *("config", "corpora", "demo", "env", "explain", "fit", "flops", "forecast", "guide", "laws", "mixtures"),
        *("runs", "schema", "stocks", "tokenizers"),
    ),
    "they count, and bring the groups up to date": ("ingest", "resume", "retry", "run", "forget", "merge"),
    "they look at files, and say nothing of duplicates": ("estimate", "stage", "verify"),
    "it rewrites the catalog as it is": ("upgrade",),
}
"""Why the other commands say nothing of stale groups."""


@pytest.fixture(scope="module")
def catalogs(counted: Counted, tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """A catalog that is complete, and the same one with stale groups."""
    made = {}
    for complete in (True, False):
        catalog = tmp_path_factory.mktemp("stale") / "tokaudit.duckdb"
        shutil.copytree(parts_folder(counted.catalog), parts_folder(catalog))
        shutil.copy(counted.catalog, catalog)
        with exclusive_writer(catalog), write_transaction(catalog) as connection:
            connection.execute("delete from store.bad_records")
            connection.execute("update store.files set bad_records = 0")
            connection.execute("delete from store.left_out")
            connection.execute("update store.derived set fresh = ?", [complete])
        made[complete] = catalog
    for catalog in made.values():
        tokaudit.plan(flops=1e20, supply=tokaudit.open(catalog), tokenizer="words", save="kept", catalog=catalog)
    return made


def test_every_command_answers_from_groups_or_says_why_not() -> None:
    others = [name for names in OTHERS.values() for name in names]

    assert sorted({call.split()[0] for call in ANSWERS} | set(others)) == sorted(COMMANDS.names())
    assert not {call.split()[0] for call in ANSWERS} & set(others)


@pytest.mark.parametrize("call", ANSWERS)
def test_a_command_says_whether_groups_are_stale(run: Run, catalogs: dict[bool, Path], call: str) -> None:
    answers = {}
    for complete, catalog in catalogs.items():
        arguments = [str(catalog) if word == "CATALOG" else word for word in shlex.split(call)]
        force = ["--force"] if arguments[0] in {"export", "report", "plot"} else []
        answers[complete] = run("--catalog", catalog, *arguments, *force, "--json")

    assert {complete: answer.json["complete"] for complete, answer in answers.items()} == {True: True, False: False}
    said = "not final"
    assert {complete: said in " ".join(answer.json["warnings"]) for complete, answer in answers.items()} == {
        True: False,
        False: True,
    }


PYTHON: dict[str, Callable[[Any], Any]] = {
    "supply": lambda catalog: catalog.supply().attrs["complete"],
    "overlap": lambda catalog: catalog.overlap().attrs["complete"],
    "duplicates": lambda catalog: catalog.duplicates().attrs["complete"],
    "errors": lambda catalog: catalog.errors().attrs["complete"],
    "status": lambda catalog: catalog.status().attrs["complete"],
    "query": lambda catalog: catalog.query("select count(*) as n from groups").attrs["complete"],
    "diff": lambda catalog: catalog.diff(catalog).attrs["complete"],
    "plans": lambda catalog: catalog.plans().attrs["complete"],
    "plan": lambda catalog: catalog.plan("kept").complete,
    "diff_plans": lambda catalog: catalog.diff_plans("kept", "kept").attrs["complete"],
    "export": lambda catalog: catalog.export(kept=catalog.path.with_name("kept.parquet"), force=True).complete,
    "tokaudit.plan": lambda catalog: tokaudit.plan(flops=1e20, supply=catalog).complete,
}
"""Calls in Python that answer from what is measured -> whether they say that it is complete."""


@pytest.mark.parametrize("call", PYTHON)
def test_a_call_in_python_says_whether_groups_are_stale(catalogs: dict[bool, Path], call: str) -> None:
    found = {complete: PYTHON[call](tokaudit.open(catalog)) for complete, catalog in catalogs.items()}

    assert found == {True: True, False: False}
