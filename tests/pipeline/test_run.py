"""Files that are measured together are still taken or refused one by one."""

import os
from pathlib import Path

import pytest
from made.samples import Run, write_jsonl


def paths(run: Run, sql: str) -> list[str]:
    """Names of the files that a query gives."""
    return [Path(row["path"]).name for row in run("query", sql, "--format", "json").json["rows"]]


COUNTED = "select path from files where documents = 1 order by path"


@pytest.mark.slow
@pytest.mark.parametrize("memory", ["1GiB", "1MB"])
def test_a_file_that_is_refused_ends_the_ingest_between_those_before_and_behind(
    run: Run, tmp_path: Path, memory: str
) -> None:
    for name in "abcde":
        (tmp_path / f"{name}.txt").write_bytes(b"caf\xe9" if name in "cd" else name.encode() * 40_000)
    refused = run("ingest", tmp_path, "--domain", "web", "--memory", memory, code=3)

    assert f"{tmp_path / 'c.txt'}: is not valid UTF-8" in refused.err
    assert paths(run, COUNTED) == ["a.txt", "b.txt"]
    assert run("query", "select count(*) as n from documents", "--format", "json").json["rows"] == [{"n": 2}]


@pytest.mark.slow
def test_of_several_faults_the_first_file_with_one_is_named(run: Run, tmp_path: Path) -> None:
    for name, origin in {"a": "natural", "b": "strange", "c": "natural"}.items():
        write_jsonl(tmp_path / f"{name}.jsonl", ["text"], how=[origin])
    with (tmp_path / "c.jsonl").open("a") as end:
        end.write("no JSON\n")
    options = ("--domain", "web", "--label", "origin=how")
    first = run("ingest", tmp_path, *options, code=3)
    write_jsonl(tmp_path / "b.jsonl", ["text"], how=["synthetic"])
    second = run("ingest", tmp_path, *options, code=3)

    assert f"{tmp_path / 'b.jsonl'}: 'strange' is no value" in first.err
    assert f"{tmp_path / 'c.jsonl'}:2: " in second.err
    assert paths(run, COUNTED) == ["a.jsonl", "b.jsonl"]


@pytest.mark.slow
def test_of_files_that_are_counted_again_those_before_a_broken_one_are_in(run: Run, tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text("text")
    run("ingest", tmp_path, "--domain", "web")
    broken = tmp_path / "b.txt"
    times = broken.stat().st_mtime_ns
    broken.write_bytes(b"te\0t")
    os.utime(broken, ns=(times, times))
    refused = run("ingest", tmp_path, "--domain", "web", "--tokenizer", "o200k_base", code=3)

    assert f"{broken}: is not text: the byte at offset 2 is zero" in refused.err
    assert paths(run, "select path from token_counts where tokenizer = 'o200k_base'") == ["a.txt"]


@pytest.mark.slow
def test_a_bad_record_of_one_file_is_no_fault_of_the_others(run: Run, tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.py").write_bytes(b"\xff\xfe" if name == "b" else b"x = 1\n")
    run("ingest", tmp_path, "--domain", "code", "--on-bad-record", "skip", code=1)
    states = run("query", "select bad_records, state from files order by path", "--format", "json").json["rows"]

    assert paths(run, COUNTED) == ["a.py", "c.py"]
    assert [(row["bad_records"], row["state"]) for row in states] == [(0, "counted"), (1, "partial"), (0, "counted")]
    labels = run("query", "select path, value from labels order by path", "--format", "json").json["rows"]
    assert [row["value"] for row in labels] == ["python", "python"]
