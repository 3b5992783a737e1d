"""Finishing what was cut off."""

import os
from pathlib import Path

import pytest
from made.cut_off import CATALOG, cut_off
from made.samples import Run, ask, ingested, tables, text, write_jsonl

from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.layout import upgrade_folder
from tokaudit.core.logged_progress import LoggedProgress
from tokaudit.pipeline.resume import ResumeResult, resume


def resumed(catalog: Path = CATALOG) -> ResumeResult:
    return resume(catalog, 2, 2**30, LoggedProgress())


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder of two files that share a text."""
    write_jsonl(tmp_path / "cwd" / "s" / "a.jsonl", [text(1), text(2)], licence=["a", "b"])
    return write_jsonl(tmp_path / "cwd" / "s" / "b.jsonl", [text(1), text(3)], licence=["a", "c"]).parent


@pytest.mark.slow
def test_an_ingest_is_run_again_with_its_own_options(run: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = ("--label", "licence=licence", "--exclude", "*.txt", "--on-bad-record", "skip")
    (corpus / "c.txt").write_text("excluded")
    ingested(run, "s", "--domain", "web", *more)  # a path that other folders do not know
    wanted = tables(run)
    labels = ask(CATALOG, "select path, ordinal, name, value from labels order by all")
    cut_off("s", "b.jsonl")
    assert tables(run) != wanted
    catalog = CATALOG.absolute()
    monkeypatch.chdir(os.sep)
    result = resumed(catalog)
    monkeypatch.chdir(catalog.parent)

    assert [(row["work"], row["source"], row["finished"]) for row in result.rows()] == [
        ("grouping", None, True),
        ("ingest", "s", True),
    ]
    assert result.complete
    assert [each.result.files_unchanged for each in result.resumed if each.result] == [1]
    assert tables(run) == wanted
    assert ask(CATALOG, "select path, ordinal, name, value from labels order by all") == labels
    assert ask(CATALOG, "from unfinished") == []


def test_the_status_says_with_what_a_cut_off_ingest_counts(run: Run, corpus: Path) -> None:
    ingested(run, corpus, "--domain", "web")
    ingested(run, corpus, "--domain", "web", "--tokenizer", "o200k_base", "--label", "licence=licence")
    with exclusive_writer(CATALOG), write_transaction(CATALOG) as connection:
        connection.execute("update store.ingests set finished = null where ingest = 2")
    status = run("status", "--json")
    (work,) = status.json["unfinished"]

    assert (work["work"], work["source"], work["tokenizers"]) == ("ingest", "s", ["o200k_base"])
    assert work["labels"] == {"licence": "licence"}
    assert "its last ingest (with tokenizer o200k_base and label licence) is under way" in status.err
    assert status.json["complete"] is False


def test_an_ingest_whose_text_is_gone_is_named(run: Run, corpus: Path) -> None:
    ingested(run, corpus, "--domain", "web")
    with exclusive_writer(CATALOG), write_transaction(CATALOG) as connection:
        connection.execute("update store.ingests set finished = null, settings = '{}'")
    result = resumed()

    assert (result.exit_code, result.complete) == (1, False)
    assert "its text came from stdin or from memory" in result.notes()[0]


def test_a_refused_ingest_is_refused_again_and_the_others_are_finished(run: Run, corpus: Path) -> None:
    bad = corpus.parent / "bad.jsonl"
    bad.write_text("no JSON\n")
    ingested(run, "s", "--domain", "web")
    cut_off("s", "b.jsonl")
    run("ingest", bad, "--domain", "web", code=3)
    result = resumed()

    assert {row["source"]: row["finished"] for row in result.rows()} == {"bad.jsonl": False, "s": True}
    assert result.exit_code == 3
    assert "bad.jsonl:1: is not valid JSON" in str([row["why"] for row in result.rows()])


def test_what_an_upgrade_left_is_listed_and_removed(run: Run, copy: Path) -> None:
    upgrade_folder(copy).mkdir()
    (upgrade_folder(copy) / "catalog.duckdb").write_bytes(b"half")
    status = run("--catalog", copy, "status", "--json").json
    assert [work["work"] for work in status["unfinished"]] == ["upgrade"]
    resumed(copy)

    assert not upgrade_folder(copy).exists()
    assert run("--catalog", copy, "status", "--json").json["unfinished"] == []


def test_there_may_be_nothing_to_resume(copy: Path) -> None:
    result = resumed(copy)

    assert result.rows() == []
    assert result.notes() == ["nothing to do: no work on this catalog was cut off"]
    assert (result.complete, result.exit_code) == (True, 0)
