"""Counts and labels added later: to exactly the texts that were counted before, or to none of a file."""

import bz2
import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from made.samples import Run, ask, ingested, text, write_jsonl

pytestmark = pytest.mark.slow

WEB = ("--domain", "web")
LATER = {
    (
        "--tokenizer",
        "o200k_base",
    ): "select distinct path from token_counts where tokenizer = 'o200k_base' order by path",
    ("--label", "l=field"): "select distinct path from labels order by path",
}
"""Options that may be added later, and a query for the files that have their rows."""
UNIQUE = [text(seed, 20) for seed in range(6)]


def unseen(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a file, but not its size and times."""
    status = path.stat()
    content = change(path.read_bytes())
    assert len(content) == status.st_size
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def without_last_line(content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join(lines[:-1]) + b" " * (len(lines[-1]) - 1) + b"\n"


def nothing(content: bytes) -> bytes:
    return b"\n" * len(content)


def reversed_lines(content: bytes) -> bytes:
    return b"".join(reversed(content.splitlines(keepends=True)))


@pytest.mark.parametrize(("change", "left"), [(without_last_line, 1), (nothing, 0), (reversed_lines, 2)])
def test_a_file_that_changed_unseen_gets_nothing_added(
    run: Run, tmp_path: Path, change: Callable[[bytes], bytes], left: int
) -> None:
    for at, name in enumerate("abc"):
        write_jsonl(tmp_path / "s" / f"{name}.jsonl", UNIQUE[2 * at : 2 * at + 2], field=["1", "2"])
    ingested(run, tmp_path / "s", *WEB)
    unseen(tmp_path / "s" / "b.jsonl", change)
    for later, files in LATER.items():
        refused = run("ingest", tmp_path / "s", *WEB, *later, code=3)
        rows = ask(Path("tokaudit.duckdb"), files)

        assert f"{tmp_path / 's' / 'b.jsonl'}: has changed though its size and time have not" in refused.err
        assert [Path(path).name for (path,) in rows] == ["a.jsonl"]
    os.utime(tmp_path / "s" / "b.jsonl")
    both = [option for later in LATER for option in later]
    assert ingested(run, tmp_path / "s", *WEB, "--tokenizer", "cl100k_base", *both)["documents"] == 4 + left


def test_nothing_is_added_if_the_first_file_changed_unseen(run: Run, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "empty.jsonl").touch()
    for name in "ab":
        write_jsonl(tmp_path / "s" / f"{name}.jsonl", UNIQUE[:2], field=["1", "2"])
    ingested(run, tmp_path / "s", *WEB)
    catalog, counts = Path("tokaudit.duckdb"), "select path, ordinal, tokens from token_counts order by all"
    before = ask(catalog, counts)
    unseen(tmp_path / "s" / "a.jsonl", reversed_lines)
    for later in LATER:
        run("ingest", tmp_path / "s", *WEB, *later, code=3)

    assert (ask(catalog, counts), ask(catalog, "from labels")) == (before, [])


@pytest.mark.parametrize("commit_bytes", [1, 10**9])
def test_files_before_one_that_changed_unseen_are_added_and_grouped(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commit_bytes: int
) -> None:
    for name in "ab":
        write_jsonl(tmp_path / "s" / f"{name}.jsonl", UNIQUE[:3] if name == "a" else UNIQUE[3:])
    ingested(run, tmp_path / "s", *WEB)
    unseen(tmp_path / "s" / "b.jsonl", reversed_lines)
    write_jsonl(tmp_path / "s" / "aa.jsonl", UNIQUE[:3])
    write_jsonl(tmp_path / "s" / "c.jsonl", UNIQUE[:3])
    monkeypatch.setattr("tokaudit.catalog.buffer.COMMIT_BYTES", commit_bytes)
    options = (*WEB, "--tokenizer", "cl100k_base", "--tokenizer", "o200k_base")
    refused = run("ingest", tmp_path / "s", *options, code=3)
    said = run("supply", "--format", "json").json
    sql = "select path, count(*) as n from token_counts where tokenizer = 'o200k_base' group by path order by path"
    rows = run("query", sql, "--format", "json").json["rows"]

    assert "b.jsonl: has changed though" in refused.err
    counted = {Path(row["path"]).name for row in rows}
    assert {"a.jsonl", "aa.jsonl"} <= counted <= {"a.jsonl", "aa.jsonl", "c.jsonl"}
    assert (said["total"]["documents_unique"], said["complete"]) == (6, False)
    assert "was refused" in run("supply").err


def test_a_cut_file_that_reads_shorter_than_before_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    file = tmp_path / "s" / "x.jsonl.bz2"
    members = [bz2.compress(json.dumps({"text": each}).encode() + b"\n") for each in UNIQUE]
    file.write_bytes(b"".join(members)[:-20])
    options = (*WEB, "--on-bad-record", "skip", "--tokenizer")
    known = ingested(run, tmp_path / "s", *options, "cl100k_base", code=1)["documents"]
    middle = len(members[0] + members[1])
    unseen(file, lambda content: content[:middle] + b"?" * (len(content) - middle))
    refused = run("ingest", tmp_path / "s", *options, "o200k_base", code=3)
    os.utime(file)

    assert known == 5
    assert "can't be read as far as before" in refused.err
    assert ingested(run, tmp_path / "s", *options, "o200k_base", code=1)["documents"] == 2


def test_a_cut_archive_is_recounted_with_other_memory_and_workers(run: Run, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    lines = "".join(json.dumps({"text": text(seed)}) + "\n" for seed in range(1000))
    packed = gzip.compress(lines.encode())
    (tmp_path / "s" / "x.jsonl.gz").write_bytes(packed[: len(packed) * 7 // 10])
    options = (*WEB, "--on-bad-record", "skip", "--tokenizer")
    known = ingested(run, tmp_path / "s", *options, "cl100k_base", code=1)["documents"]
    again = ingested(run, tmp_path / "s", *options, "o200k_base", "--memory", "1MiB", "--workers", "3", code=1)

    assert 500 < known == again["documents"]
    assert again["tokens"]["o200k_base"] > 0


def test_nothing_is_added_to_a_document_that_was_left_out(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "s" / "a.jsonl", ["one", "o" * 5_000_000, "two"], field=["1", "2", "3"])
    ingested(run, tmp_path / "s", *WEB, "--on-bad-record", "skip", code=1)
    later = ("--tokenizer", "o200k_base", "--label", "l=field")
    ingested(run, tmp_path / "s", *WEB, "--on-bad-record", "skip", *later, code=1)

    orphans = "select count(*) from store.token_counts anti join store.documents using (document)"
    unlabelled = "select count(*) from store.labels anti join store.documents using (document)"
    assert ask(Path("tokaudit.duckdb"), orphans) == ask(Path("tokaudit.duckdb"), unlabelled) == [(0,)]
    assert ask(Path("tokaudit.duckdb"), "select count(*) from token_counts") == [(4,)]
