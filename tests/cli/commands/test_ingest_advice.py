"""``tokaudit ingest`` of folders that need one more option: the message names it, and the option works."""

import json
import re
import shlex
from pathlib import Path
from typing import IO

import pytest
from made.layouts import PDF, fields, lines, packed, parquet, tar, texts, write_folder
from made.samples import Run, ingested

from tokaudit.readers.files import InputFile

WEB = ("--domain", "web", "--source", "s")
A, B = texts("first"), texts("second", 2)
SAID = [{"from": "human", "value": "a question"}, {"from": "gpt", "value": "an answer"}]
CHAT = [{"role": "user", "content": "a question"}, {"role": "assistant", "content": "an answer"}]
CHAT_TEXT = "a question\nan answer"


def advice(message: str) -> list[str]:
    """The option that a message names to read a file."""
    found = re.search(r"pass (--text-field ('[^']+'|\S+)) to read it", message)
    assert found is not None, message
    return shlex.split(found[1])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a [1].jsonl", lines(fields(B, "passage")), B),
        ("c.parquet", parquet(url=["u" * 99] * 2, id=["1", "2"], passage=B), B),
        ("c.csv", b"url,passage\nu,a much longer text\n", ["a much longer text"]),
        ("date=2024/c.jsonl", lines(fields(B, "my passage")), B),
        ("chat.jsonl", lines([{"id": "x", "messages": CHAT}] * 2), [CHAT_TEXT] * 2),
        ("chat.json", json.dumps([{"conversations": SAID}] * 2).encode(), [CHAT_TEXT] * 2),
        ("chat.parquet", parquet(id=["1"], messages=[CHAT]), [CHAT_TEXT]),
        ("lists.jsonl", lines([{"text": A}, {"text": B}]), ["\n".join(A), "\n".join(B)]),
        ("lists.json", json.dumps([{"text": A}]).encode(), ["\n".join(A)]),
        ("lists.parquet", parquet(text=[A, B]), ["\n".join(A), "\n".join(B)]),
        ("paragraphs.parquet", parquet(id=["1"], paragraphs=[A]), ["\n".join(A)]),
    ],
)
def test_a_shard_with_its_text_elsewhere_is_read_as_the_message_says(
    run: Run, name: str, content: bytes, expected: list[str]
) -> None:
    write_folder(Path("given"), {"0.jsonl": lines(fields(A)), name: content})
    # In the folder, JSON without the text field could be metadata.
    refused = run("ingest", f"given/{name}" if name.endswith(".json") else "given", *WEB, code=3)
    result = ingested(run, "given", *WEB, *advice(refused.err))

    assert len(refused.err.splitlines()[-1]) < 420
    assert result["documents"] == len(A) + len(expected)
    assert result["bytes"] == sum(len(text.encode()) for text in [*A, *expected])
    assert (result["complete"], result["left_out"]) == (True, [])


@pytest.mark.parametrize(
    "record",
    [{"x=y": "text"}, {"a,b": "text"}, {" x": "text"}, {"url": "http://a"}, {"n": 1}, {"data": [{"text": "x"}]}],
)
def test_no_field_is_named_that_could_not_be_asked_for(run: Run, record: dict[str, object]) -> None:
    write_folder(Path("given"), {"a.jsonl": lines([record])})

    refused = run("ingest", "given", *WEB, code=3).err
    assert repr(next(iter(record))) in refused
    assert "--text-field" not in refused


def test_one_odd_record_does_not_advise_another_field_for_the_file(run: Run) -> None:
    write_folder(Path("given"), {"a.jsonl": lines([{"text": "x"}, {"text": ["y"]}])})

    refused = run("ingest", "given", *WEB, code=3).err
    assert "a.jsonl:2: the field 'text' is an array, not text (record 1, byte 14); fix the record, or pass" in refused


@pytest.mark.slow
def test_an_array_under_the_name_of_json_lines_is_read_as_advised(run: Run) -> None:
    write_folder(Path("given"), {"a.jsonl": json.dumps(fields(A), indent=1).encode(), "b.json": lines(fields(B))})
    write_folder(Path("whole"), {"a.jsonl": json.dumps(fields(A)).encode()})
    refused = run("ingest", "whole", *WEB, code=3).err

    assert "is an array, not an object; if the file is one array, pass --reader json" in refused
    assert ingested(run, "whole", *WEB, "--reader", "json")["documents"] == len(A)


@pytest.mark.parametrize(
    ("files", "options", "words"),
    [
        (
            {"a.pdf": PDF, "b/c.pdf": PDF},
            [],
            "2 files, 30 B left out: 2 .pdf; convert them to a format that tokaudit reads, or pass --reader NAME",
        ),
        ({"a.md": b"x"}, ["--exclude", "*.md"], "1 excluded; run the ingest with another --exclude or --include"),
        ({".a.md": b"x"}, [], "1 hidden; name the file itself: a file that is named is always counted"),
        (
            {"alpaca.json": json.dumps([{"instruction": "a", "output": "the answer"}]).encode()},
            [],
            "'markdown' or 'code', only 'instruction', 'output'; pass --text-field alpaca.json=output to read it",
        ),
        (
            {"a.json": b'{"summary": "x"}', "b.json": b'{"summary": "y"}'},
            [],
            "only 'summary'; pass --text-field NAME with the field of the text",
        ),
        ({"a.json": b"[[1, 2]]"}, [], "1 .json; convert them to a format that tokaudit reads"),
    ],
)
def test_a_folder_with_nothing_to_count_is_refused_with_what_helps(
    run: Run, files: dict[str, bytes], options: list[str], words: str
) -> None:
    write_folder(Path("given"), files)

    assert words in run("ingest", "given", *WEB, *options, code=2).err
    assert words in run("estimate", "given", "--domain", "web", *options, code=2).err
    assert not Path("tokaudit.duckdb").exists()


@pytest.mark.slow
def test_a_snapshot_in_the_cache_of_the_hub_is_counted_by_its_links(run: Run) -> None:
    write_folder(Path("hub"), {"blobs/1a": parquet(text=A), "blobs/2b": parquet(text=B), "blobs/3c": b"card"})
    snapshot = Path("hub/snapshots/0f")
    (snapshot / "data").mkdir(parents=True)
    for link, blob in (("data/0.parquet", "1a"), ("data/1.parquet", "2b"), ("README.md", "3c")):
        (snapshot / link).symlink_to(Path("hub/blobs").resolve() / blob)
    refused = run("ingest", snapshot, *WEB, code=2).err
    named = re.search(r"3 link; name the links themselves, such as (\S+)$", refused.strip())
    assert named is not None, refused
    result = ingested(run, *shlex.split(named[1]), *WEB)

    assert named[1].endswith("hub/snapshots/0f/**/*.parquet'")
    assert (result["documents"], result["files"], result["complete"]) == (len(A) + len(B), 2, True)


@pytest.mark.slow
def test_a_shard_that_is_empty_or_cut_stops_or_is_recorded(run: Run) -> None:
    whole = packed(lines(fields(texts("many", 99))))
    files = {"0.jsonl": lines(fields(A)), "1.parquet": b"", "2.jsonl.gz": whole[: len(whole) // 2], "3.jsonl.gz": b""}
    write_folder(Path("given"), files)
    stopped = run("ingest", "given", *WEB, code=3).err
    result = ingested(run, "given", *WEB, "--on-bad-record", "skip", code=1)
    rows = run("errors", "--format", "json").json["rows"]

    assert "1.parquet: is empty, which a Parquet file never is; fix or remove the file, or pass" in stopped
    assert (result["files"], result["bad_records"], result["complete"]) == (4, 3, False)
    assert {(Path(row["path"]).name, row["code"]) for row in rows} == {(name, "cut") for name in [*files][1:]}
    for code in {row["code"] for row in rows}:
        assert run("explain", code, "--format", "json").json["rows"][0]["remedy"]


@pytest.mark.slow
def test_a_file_that_can_not_be_read_stops_or_is_recorded(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write_folder(Path("given"), {"a.jsonl": lines(fields(A)), "b.jsonl": lines(fields(B))})
    opened = InputFile.open

    def refusing(file: InputFile) -> IO[bytes]:
        if file.name == "b.jsonl":
            raise PermissionError(13, "Permission denied", file.path)
        return opened(file)

    with monkeypatch.context() as patch:
        patch.setattr(InputFile, "open", refusing)
        patch.setattr(InputFile, "held", lambda file: file)  # so that it is opened to be read
        stopped = run("ingest", "given", *WEB, code=3).err
        skipped = ingested(run, "given", *WEB, "--on-bad-record", "skip", code=1)
        rows = run("errors", "--format", "json").json["rows"]
    again = ingested(run, "given", *WEB)

    assert "b.jsonl: can't be read: Permission denied" in stopped
    assert (skipped["documents"], skipped["bad_records"]) == (len(A), 1)
    assert [(Path(row["path"]).name, row["code"]) for row in rows] == [("b.jsonl", "unreadable")]
    assert (again["documents"], again["complete"]) == (len(A) + len(B), True)


@pytest.mark.slow
def test_a_table_inside_an_archive_is_read_as_the_message_says(run: Run) -> None:
    write_folder(Path("given"), {"a.tar": tar({"d/x.csv": b"id,passage\n1,the text of it\n"})})
    result = ingested(run, "given", *WEB, *advice(run("ingest", "given", *WEB, code=3).err))

    assert (result["documents"], result["bytes"]) == (1, len("the text of it"))
