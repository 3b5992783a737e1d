"""``tokaudit status`` and ``errors``."""

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


def test_errors_are_rows_with_place_code_and_reason(run: Run, counted: Counted) -> None:
    answer = run("--catalog", counted.catalog, "errors", "--format", "json").json

    assert answer["rows"] == [
        {
            "source": "web",
            "path": str(counted.folder / "web" / "pages.jsonl"),
            "ordinal": 4,
            "offset": (counted.folder / "web" / "pages.jsonl").read_bytes().index(b'{"text": 1}'),
            "code": "text_type",
            "why": "line 5: the field 'text' holds a number, not text",
        }
    ]
    assert answer["complete"] is False
