"""``tokaudit status``."""

from pathlib import Path

from made.samples import Counted, Run

from tokaudit.catalog.exclusive_writer import exclusive_writer


def test_the_status_has_a_row_per_source(run: Run, counted: Counted) -> None:
    answer = run("--catalog", counted.catalog, "status", "--format", "json").json

    assert [(row["source"], row["domain"], row["files"], row["bad_records"]) for row in answer["rows"]] == [
        ("blog", "web", 1, 0),
        ("books", "books", 2, 0),
        ("code", "code", 3, 0),
        ("web", "web", 2, 1),
    ]
    assert answer["catalog"] == str(counted.catalog)
    assert [item["tokenizer"] for item in answer["tokenizers"]] == ["words"]
    assert answer["complete"] is False


def test_an_empty_catalog_says_what_to_do_first(run: Run) -> None:
    with exclusive_writer(Path("tokaudit.duckdb")):
        pass
    for command in ("status", "errors"):
        done = run(command, "--json")
        assert done.json["rows"] == []
        said = "the catalog is empty; `tokaudit ingest PATH --domain NAME` counts text into it"
        assert done.json["warnings"] == [said]
        assert done.err == f"tokaudit: {said}\n"
    for command in ("supply", "overlap", "duplicates"):
        assert "`tokaudit ingest PATH --domain NAME`" in run(command, code=2).err
