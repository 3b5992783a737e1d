"""Adding rows is all that it takes to extend the registry: every command that reads it knows them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from made.corpora import B, T
from made.reference import RATES, RUNS, STOCKS, read_instead, write_reference
from made.registry import edge, row
from made.samples import Run, ask

from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.reference.accelerators import Accelerator
from tokaudit.catalog.reference.known_runs import KnownRun
from tokaudit.catalog.reference.mixtures import Component
from tokaudit.catalog.reference.stocks import Stock, TrainingSet
from tokaudit.catalog.reference.token_rates import TokenRate

MORE: Mapping[str, Sequence[Any]] = {
    # larger than any open corpus of its domain, and it contains one of them
    "published_corpora": [row("New Code", tokens=900 * B, tokenizer="new", counted="near", domain="code")],
    "published_lineage": [edge("New Code", "contains", "Stars")],
    "token_rates": [
        TokenRate("new", "a program", "code", 6.0, None, None, "a paper"),
        TokenRate("new", "another program", "code", 6.0, None, None, "a paper"),
    ],
    "known_runs": [KnownRun("New-9B", 9e9, None, "total", 3e12, None, None, "read", "a paper", "")],
    "mixtures": [Component("new", "Code", "code", False, 1.0, None, None, None, "read", "a paper")],
    "accelerators": [Accelerator("New 1", 2000.0, "read", "a data sheet")],
    "stocks": [Stock("new pages", "web", "raw", 9e14, None, None, None, "tokens", 2026, "", "read", "a paper", "")],
    "training_sets": [TrainingSet("New-9B", 2026, 99 * T, None, None, "read", "a paper", "")],
}


@pytest.fixture(autouse=True)
def _with_more_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_instead(write_reference(tmp_path, **MORE), monkeypatch)


def test_a_new_corpus_is_listed_with_its_relations(run: Run) -> None:
    listed = run("corpora", "--domain", "code", "--format", "json").json["rows"]
    shown = run("corpora", "new code", "--format", "json").json
    assert listed[-1]["corpus"] == "New Code"
    assert shown["disputes"] == ["New Code: 900B near"]
    assert [(each["relation"], each["parent"]) for each in shown["relatives"]] == [("contains", "Stars")]


def test_a_new_corpus_is_chosen_if_it_is_the_largest(run: Run) -> None:
    rows = {each["domain"]: each for each in run("ceilings", "--format", "json").json["rows"]}
    assert rows["code"]["corpus"] == "New Code/all"
    assert rows["code"]["tokens_unique"] == pytest.approx(900e9 * 6 / 3)  # converted with the new rates
    assert rows["web"]["corpus"] == "Half Real/real"


def test_a_union_counts_text_in_a_new_corpus_once(run: Run) -> None:
    def domains(names: str) -> Any:
        return run("plan", "--flops", "1e24", "--supply", f"published:{names}", "--format", "json").json["domains"]

    assert domains("New Code,Stars,Pages") == domains("New Code,Pages")


def test_sql_has_the_new_rows(tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    with exclusive_writer(catalog):
        pass
    assert ask(catalog, "select child, parent from published_lineage where child = 'New Code'") == [
        ("New Code", "Stars")
    ]
    counts = "(select count(*) from known_runs), (select count(*) from stocks), (select count(*) from token_rates)"
    assert ask(catalog, f"select {counts}") == [(len(RUNS) + 1, len(STOCKS) + 1, len(RATES.rows) + 2)]


def test_a_plan_takes_a_new_device_mixture_and_tokenizer(run: Run) -> None:
    hardware = ("--gpu", "new", "--gpus", "8", "--days", "30")
    supply = ("--mixture", "new", "--supply", "code=1T", "--tokenizer", "new")
    found = run("plan", *hardware, *supply, "--format", "json").json
    assert found["budget"]["flops"] == pytest.approx(2e15 * 0.4 * 8 * 30 * 86_400)
    assert found["domains"][0]["tokens_factor"] == pytest.approx(2)


def test_a_new_run_training_set_and_stock_are_listed(run: Run) -> None:
    judged = {each["run"]: each for each in run("runs", "--format", "json").json["rows"]}
    assert judged["New-9B"]["constraint"] == "model"
    assert "New-9B" in run("forecast", "--samples", "100").err
    assert run("stocks", "--format", "json").json["rows"][-1]["stock"] == "new pages"
