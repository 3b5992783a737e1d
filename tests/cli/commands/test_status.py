"""``tokaudit status``."""

from made.samples import Counted, Run


def test_the_status_is_a_row_a_source_and_the_catalog_beside(run: Run, counted: Counted) -> None:
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
