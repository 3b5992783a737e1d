"""``tokaudit verify``."""

from pathlib import Path

import duckdb
from made.samples import Counted, Run, count_into, ingested, text, write_jsonl


def test_no_difference_is_said_on_stderr_with_exit_code_0(run: Run, counted: Counted) -> None:
    done = run("--catalog", counted.catalog, "verify", "--json")

    assert (done.json["rows"], done.json["complete"], done.json["documents_verified"]) == ([], True, 11)
    assert "verified 8 of 8 files" in done.err
    assert done.err.endswith("with 11 documents: no difference\n")


def test_a_sample_is_a_share_or_a_percentage(run: Run, counted: Counted) -> None:
    asked = ["--catalog", counted.catalog, "verify", "--json", "--sample"]
    half = run(*asked, "50%")

    assert half.json == run(*asked, "0.5").json
    assert 0 < half.json["files_verified"] < 8
    assert ", a sample of 0.5)" in half.err
    assert "--sample: must be more than 0" in run(*asked, "0", code=2).err
    assert "--sample" in run(*asked, "7", code=2).err


def test_a_difference_is_a_row_and_exit_code_1(run: Run) -> None:
    path = write_jsonl(Path("c/x.jsonl"), ["one", "two"]).absolute()
    count_into(Path("tokaudit.duckdb"), path.parent, "web")
    write_jsonl(path, ["one", "owt"])
    done = run("verify", "c", "--format", "csv", code=1)

    assert done.out.splitlines() == [
        "source,path,ordinal,kind,why",
        f"c,{path},,changed,the file is not the one that was counted",
        f"c,{path},1,different,has another text",
    ]
    assert "2 differences" in done.err


def test_texts_that_another_version_cleaned_are_not_verified(run: Run) -> None:
    write_jsonl(Path("b/a.jsonl"), [text(0)])
    ingested(run, "b", "--domain", "books")
    with duckdb.connect("tokaudit.duckdb") as connection:  # as an older version of tokaudit recorded it
        connection.execute("update store.sources set steps = ['old-step']")
    done = run("verify", "--json", code=1)
    Path("b/a.jsonl").write_text('{"text": "other"}')

    assert (done.json["files_verified"], done.json["rows"]) == (0, [])
    for refused in (done.out + done.err, run("show", "b/a.jsonl", 0, code=3).err):
        assert "were cleaned by old-step, and this would be gutenberg-header-and-licence-2" in refused
