"""``tokaudit resume``."""

from pathlib import Path

import pytest
from made.samples import Run, ingested, text, write_jsonl

from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer


@pytest.mark.slow
def test_resume_lists_what_it_finished_and_then_has_nothing_to_do(run: Run, tmp_path: Path) -> None:
    ingested(run, write_jsonl(tmp_path / "a" / "x.jsonl", [text(1), text(1)]).parent, "--domain", "web")
    with exclusive_writer(Path("tokaudit.duckdb")), write_transaction(Path("tokaudit.duckdb")) as connection:
        connection.execute("update store.derived set fresh = false")
        connection.execute("update store.ingests set finished = null")
    first = run("resume", "--json").json
    second = run("resume", "--json")

    assert [(row["work"], row["source"], row["finished"], row["why"]) for row in first["rows"]] == [
        ("grouping", None, True, None),
        ("ingest", "a", True, None),
    ]
    assert [(each["source"], each["files_unchanged"]) for each in first["ingests"]] == [("a", 1)]
    assert first["complete"] is True
    assert (second.json["rows"], second.json["complete"]) == ([], True)
    assert "nothing to do" in second.err


@pytest.mark.slow
def test_an_ingest_that_can_not_be_run_again_is_exit_code_1(run: Run, tmp_path: Path) -> None:
    ingested(run, write_jsonl(tmp_path / "a" / "x.jsonl", [text(1)]).parent, "--domain", "web")
    with exclusive_writer(Path("tokaudit.duckdb")), write_transaction(Path("tokaudit.duckdb")) as connection:
        connection.execute("update store.ingests set finished = null, settings = '{}'")
    done = run("resume", "--json", code=1)

    assert done.json["complete"] is False
    assert done.json["warnings"] == [done.json["rows"][0]["why"]]
    assert "source 'a': the ingest can't be run again here" in done.err
