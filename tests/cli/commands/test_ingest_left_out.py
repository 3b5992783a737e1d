"""What an ingest leaves out, afterwards: counted by name, gone, excluded, included; in SQL and in every format."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from made.layouts import PDF, fields, lines, tar, texts, write_folder
from made.samples import Run, ask, ingested

WEB = ("--domain", "web")
A = texts("first")
FILES = {
    "a.jsonl": lines(fields(A)),
    "README.md": b"a card",
    "notes.odd": b"looks like text",
    "scan.pdf": PDF,
    ".hidden.jsonl": lines(fields(["hidden"])),
}
RULES = {
    "README.md": "about_data",
    "notes.odd": "unclaimed",
    "scan.pdf": "unclaimed",
    ".hidden.jsonl": "hidden",
}


def in_sql() -> dict[str, str]:
    """The rule of each path that the catalog lists as left out, by the file's name."""
    return {Path(path).name: rule for path, rule in ask(Path("tokaudit.duckdb"), "select path, rule from left_out")}


def in_json(result: dict[str, Any]) -> int:
    """How many files the answer of an ingest lists as left out."""
    return sum(each["files"] for each in result["left_out"])


@pytest.mark.slow
def test_a_file_counted_by_name_is_left_out_no_more(run: Run) -> None:
    write_folder(Path("c"), FILES)
    assert in_json(ingested(run, "c", *WEB, code=1)) == 4
    assert in_sql() == RULES
    for name in ("notes.odd", "README.md"):
        assert ingested(run, f"c/{name}", *WEB, "--source", "c")["documents"] == 1
    again = ingested(run, "c", *WEB, code=1)

    assert in_sql() == {"scan.pdf": "unclaimed", ".hidden.jsonl": "hidden"}
    assert (in_json(again), again["files_unchanged"]) == (2, 1)
    Path("c/scan.pdf").unlink()
    assert ingested(run, "c", *WEB)["complete"]
    assert in_sql() == {".hidden.jsonl": "hidden"}
    run("forget", "c")
    assert in_sql() == {}


@pytest.mark.slow
def test_a_counted_file_that_is_excluded_later_is_said_to_count(run: Run) -> None:
    write_folder(Path("c"), {"a.txt": b"one", "b.txt": b"two"})
    ingested(run, "c", *WEB)
    done = run("ingest", "c", *WEB, "--exclude", "b.txt", "--format", "json")
    way_out = "run `tokaudit forget c` and ingest the source again"

    assert (done.json["documents"], done.json["left_out"], in_sql()) == (1, [], {})
    assert [warning for warning in done.json["warnings"] if "excluded" in warning] == [
        f"the source still counts 1 file that is excluded now; to drop it, {way_out}"
    ]
    run("forget", "c")
    assert ingested(run, "c", *WEB, "--exclude", "b.txt")["documents"] == 1
    assert run("supply", "--format", "json").json["total"]["documents_seen"] == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "counted"),
    [
        (["--include", "*.md", "--exclude", "draft*"], ["a.md", "sub/c.md"]),
        (["--include", "sub/*"], ["sub/c.md", "sub/draft-2.md"]),
        (["--exclude", "sub/"], ["a.md", "b.txt", "draft-1.md"]),
        (["--exclude", "sub/*"], ["a.md", "b.txt", "draft-1.md"]),
        (["--include", "*.md", "--include", "b.*"], ["a.md", "b.txt", "draft-1.md", "sub/c.md", "sub/draft-2.md"]),
    ],
)
def test_globs_hold_for_folders_globs_and_named_files(run: Run, options: list[str], counted: list[str]) -> None:
    names = ["a.md", "draft-1.md", "b.txt", "sub/c.md", "sub/draft-2.md"]
    folder = write_folder(Path("c"), {name: name.encode() for name in names})
    rows = run("ingest", folder, *WEB, *options, "--dry-run", "--format", "json").json["rows"]
    result = ingested(run, folder, *WEB, *options)

    assert (
        sorted(Path(row["path"]).relative_to(folder.resolve()).as_posix() for row in rows if row["reader"]) == counted
    )
    assert (result["documents"], in_json(result), result["complete"]) == (len(counted), 5 - len(counted), True)
    assert {each["rule"] for each in result["left_out"]} <= {"excluded"}
    if "sub/" not in options[1]:
        for paths in ([f"{folder}/{name}" for name in names], [f"{folder}/**"]):
            run("forget", "c")
            assert ingested(run, *paths, *WEB, *options, "--source", "c")["documents"] == len(counted)


@pytest.mark.slow
def test_hidden_files_are_asked_for_by_a_glob_that_begins_like_them(run: Run) -> None:
    write_folder(Path("c"), {".a.md": b"hidden", "_b.md": b"hidden, too", "c.md": b"x"})

    assert ingested(run, "c", *WEB, "--include", "*.md")["documents"] == 1
    assert ingested(run, "c", *WEB, "--include", ".*", "--include", "_*", "--include", "*.md")["documents"] == 3


@pytest.mark.slow
def test_an_ingest_says_in_every_format_what_it_left_out(run: Run) -> None:
    write_folder(Path("c"), FILES)
    sentence = "4 files, 66 B left out: 1 .odd, 1 .pdf, 1 about_data, … (see `tokaudit query left_out`)"
    table = run("ingest", "c", *WEB, code=1)
    assert f"tokaudit: {sentence}" in table.err.splitlines()
    rows = csv.DictReader(io.StringIO(run("ingest", "c", *WEB, "--format", "csv", code=1).out))
    assert {row["field"]: row["value"] for row in rows}["files_left_out"] == "4"
    second = run("ingest", "c", *WEB, "--format", "json", code=1)

    assert (second.json["files_unchanged"], second.json["complete"]) == (1, False)
    assert "nothing to do: all files are in the catalog already and have not changed" in second.err
    assert sentence in second.err
    assert all(len(line) < 120 for line in second.err.splitlines())
    listed = run("query", "left_out", "--format", "json").json["rows"]
    assert sum(row["files"] for row in listed) == 4


@pytest.mark.slow
def test_a_file_of_which_nothing_counts_goes_to_the_source_that_reads_it(run: Run) -> None:
    write_folder(Path("c"), {"a.jsonl": lines(fields(A)), "b.jsonl": lines([{"weird": "some text"}])})
    ingested(run, "c", *WEB, "--on-bad-record", "skip", code=1)
    taken = ingested(run, "c/b.jsonl", "--domain", "books", "--source", "other", "--text-field", "weird")
    assert (taken["documents"], run("errors", "--format", "json").json["rows"]) == (1, [])
    assert "already belongs to source 'other'" in run("ingest", "c", *WEB, code=2).err
    run("forget", "other")
    result = ingested(run, "c", *WEB, "--text-field", "b.jsonl=weird")

    assert (result["documents"], result["complete"]) == (len(A) + 1, True)
    refused = run("ingest", "c", *WEB, "--text-field", "weird", code=2).err
    assert "was counted with --text-field" in refused
    assert "`tokaudit forget c`" in refused


@pytest.mark.slow
def test_members_that_look_like_text_make_an_archive_incomplete(run: Run) -> None:
    write_folder(Path("c"), {"a.tar": tar({"0.txt": b"a caption", "0.cls": b"3", "0.jpg": b"\xff\xd8\xff\0"})})
    result = ingested(run, "c", *WEB, code=1)

    assert [(each["rule"], each["suffix"], each["files"], each["bytes"]) for each in result["left_out"]] == [
        ("binary", ".jpg", 1, 4),
        ("unclaimed", ".cls", 1, 1),
    ]
    assert result["left_out"][1]["example"].endswith("a.tar!0.cls")
    assert (result["documents"], result["complete"]) == (1, False)
