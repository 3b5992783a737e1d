"""``tokaudit errors``."""

from made.samples import Counted, Run


def test_errors_have_place_code_and_reason(run: Run, counted: Counted) -> None:
    answer = run("--catalog", counted.catalog, "errors", "--format", "json").json

    assert answer["rows"] == [
        {
            "source": "web",
            "path": str(counted.folder / "web" / "pages.jsonl"),
            "ordinal": 4,
            "offset": (counted.folder / "web" / "pages.jsonl").read_bytes().index(b'{"text": 1}'),
            "code": "text_type",
            "why": "line 5: the field 'text' is a number, not text",
        }
    ]
    assert answer["complete"] is False
