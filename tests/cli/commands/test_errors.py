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


def test_errors_name_the_codes_to_explain_for_people_only(run: Run, counted: Counted) -> None:
    asked = ["--catalog", counted.catalog, "errors"]
    note = f"`tokaudit explain CODE --catalog {counted.catalog}` gives cause and remedy (codes here: text_type)"

    assert note in run(*asked).err
    assert "explain" not in run(*asked, "--json").err + run(*asked, "--format", "csv").err
    assert run(*asked, "-q").err == ""
