"""``tokaudit ingest --text-field``: which field is read, and how a source gets another one."""

import json
import re
import shlex
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made.samples import Run, ask, ingested, write_jsonl

from tokaudit.catalog.connection import write_transaction


def write_records(path: Path, *records: dict[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def fields_of_files() -> dict[str, str | None]:
    """The field that each file of the catalog was read from, by the file's name."""
    return {
        Path(path).name: field for path, field in ask(Path("tokaudit.duckdb"), "select path, text_field from files")
    }


@pytest.mark.parametrize("field", ["text", "content", "raw_content", "body", "markdown", "code"])
def test_the_usual_fields_are_tried_in_order(run: Run, field: str) -> None:
    order = ["text", "content", "raw_content", "body", "markdown", "code"]
    later = dict.fromkeys(order[order.index(field) + 1 :], "not this one")
    write_records(Path("a.jsonl"), {"id": 1, **later, field: "one two three"}, {field: "four"})
    pq.write_table(pa.table({**{name: ["x"] for name in later}, field: ["one two"]}), "b.parquet")
    done = run("ingest", "a.jsonl", "b.parquet", "--domain", "web", "--source", "s", "--format", "json")

    assert (done.json["documents"], done.json["bytes"]) == (3, len("one two threefourone two"))
    assert set(fields_of_files().values()) == {field}
    assert done.json["text_fields"] == {field: 2}
    assert (f"the text is in the field '{field}' in 2 files" in done.err) == (field != "text")


def test_the_first_record_with_a_field_decides_for_the_file(run: Run) -> None:
    write_records(Path("a.jsonl"), {"content": "x", "text": 5}, {"content": "y"}, {"text": "z"})
    result = ingested(run, "a.jsonl", "--domain", "web", "--on-bad-record", "skip", code=1)

    assert (result["documents"], result["bad_records"]) == (2, 1)
    assert fields_of_files() == {"a.jsonl": "content"}


def test_several_names_and_globs_are_taken(run: Run) -> None:
    write_records(Path("c/a.jsonl"), {"title": "a", "summary": "aa"})
    write_records(Path("c/b.jsonl"), {"summary": "bb"})
    write_records(Path("c/d/e.jsonl"), {"title": "e", "note": "eeeeee"})
    result = ingested(run, "c", "--domain", "web", "--text-field", "title,summary", "--text-field", "d/*=note")

    assert (result["documents"], result["bytes"]) == (3, 9)
    assert fields_of_files() == {"a.jsonl": "title", "b.jsonl": "summary", "e.jsonl": "note"}


def test_lists_and_chats_are_joined_by_line_breaks(run: Run) -> None:
    write_records(Path("a.jsonl"), {"text": ["one", "two"]}, {"text": []})
    chat = [{"role": "user", "content": "hello"}, {"role": "tool", "content": None}, {"role": "b", "content": "yes"}]
    write_records(Path("b.jsonl"), {"meta": {"messages": chat}})
    pq.write_table(pa.table({"meta": [{"messages": chat}, None]}), "c.parquet")
    options = ("--text-field", "text[]", "--text-field", "[bc].*=meta.messages[].content")
    result = ingested(
        run,
        "a.jsonl",
        "b.jsonl",
        "c.parquet",
        "--source",
        "s",
        "--domain",
        "web",
        *options,
        "--on-bad-record",
        "skip",
        code=1,
    )

    assert (result["documents"], result["bad_records"]) == (4, 1)
    assert result["bytes"] == len("one\ntwo") + 2 * len("hello\nyes")


def test_one_shard_with_another_field_is_read_as_the_message_says(run: Run) -> None:
    for number in range(3):
        write_jsonl(Path(f"c/part-{number}.jsonl"), [f"text {number}"])
    write_records(Path("c/part-3.jsonl"), {"id": "x", "document": "another column than the others"})
    refused = run("ingest", "c", "--domain", "web", code=3)
    advice = re.search(r"pass (--text-field \S+)", refused.err)
    assert advice is not None
    result = ingested(run, "c", "--domain", "web", *shlex.split(advice[1]))

    assert (result["documents"], result["files_unchanged"], result["complete"]) == (4, 3, True)
    assert ingested(run, "c", "--domain", "web")["files_unchanged"] == 4, "the rule still holds"


def test_a_shard_without_the_field_that_was_named_is_read_as_messages_say(run: Run) -> None:
    write_records(Path("c/a.jsonl"), {"document": "one"})
    write_records(Path("c/b.jsonl"), {"text": "two"})
    refused = run("ingest", "c", "--domain", "web", "--text-field", "document", code=3)
    advice = re.search(r"pass (--text-field \S+)", refused.err)
    assert advice is not None
    alone = run("ingest", "c", "--domain", "web", *shlex.split(advice[1]), code=2)
    more = re.search(r"pass (--text-field \S+), too", alone.err)
    assert more is not None
    result = ingested(run, "c", "--domain", "web", *shlex.split(advice[1]), *shlex.split(more[1]))

    assert (result["documents"], result["files_unchanged"], result["complete"]) == (2, 1, True)
    other = run("ingest", "c", "--domain", "web", "--text-field", "a.jsonl=body", code=2)
    assert "too" not in other.err, "naming the field of the others would not help"


def test_a_source_of_an_older_catalog_is_extended_without_a_field(run: Run) -> None:
    Path("c").mkdir()
    Path("c/a.txt").write_text("a file of a format without fields")
    ingested(run, "c", "--domain", "web")
    with write_transaction(Path("tokaudit.duckdb")) as connection:  # what older versions stored without --text-field
        connection.execute("update store.sources set text_field = 'text'")
    Path("c/b.txt").write_text("another file")
    for options in ((), ("--text-field", "text"), ()):
        result = ingested(run, "c", "--domain", "web", *options)
        assert (result["documents"], result["complete"]) == (2, True)

    assert (
        "was counted with --text-field auto, not body"
        in run("ingest", "c", "--domain", "web", "--text-field", "body", code=2).err
    )


def test_a_counted_file_keeps_its_field(run: Run) -> None:
    write_records(Path("a.jsonl"), {"text": "x", "body": "y"})
    ingested(run, "a.jsonl", "--domain", "web")

    for other in ("body", "a.jsonl=body"):
        refused = run("ingest", "a.jsonl", "--domain", "web", "--text-field", other, code=2)
        assert "was counted with --text-field text, not body" in refused.err
        assert "tokaudit forget a.jsonl" in refused.err
    assert ingested(run, "a.jsonl", "--domain", "web", "--text-field", "text")["files_unchanged"] == 1
    assert ingested(run, "a.jsonl", "--domain", "web")["files_unchanged"] == 1


def test_a_file_of_which_nothing_was_counted_belongs_to_no_source(run: Run) -> None:
    write_records(Path("a.jsonl"), {"weird": "x"})
    first = ingested(run, "a.jsonl", "--domain", "web", "--source", "s", "--on-bad-record", "skip", code=1)
    assert (first["documents"], first["bad_records"]) == (0, 1)
    again = ingested(run, "a.jsonl", "--domain", "web", "--source", "s", "--on-bad-record", "skip", code=1)
    assert again["files_unchanged"] == 1
    other = ingested(run, "a.jsonl", "--domain", "books", "--source", "t", "--text-field", "weird")

    assert (other["documents"], other["bad_records"]) == (1, 0)
    assert run("errors", "--format", "json").json["rows"] == []
    assert ask(Path("tokaudit.duckdb"), "select source, domain from sources") == [("t", "books")]


def test_another_field_is_tried_on_a_file_without_counts(run: Run) -> None:
    write_jsonl(Path("c/a.jsonl"), ["x"])
    write_records(Path("c/b.jsonl"), {"weird": "y"})
    ingested(run, "c", "--domain", "web", "--on-bad-record", "skip", code=1)

    assert ingested(run, "c", "--domain", "web", "--text-field", "b.jsonl=weird")["documents"] == 2
