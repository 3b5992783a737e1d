"""Text from a pipe, from the pipe to the numbers."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made.piped import pipe
from made.samples import Run, altered, ask, ingested, text, write_jsonl

TEXTS = [text(seed) for seed in range(6)]
ASKED = ("-", "--domain", "web", "--source", "feed", "--reader", "jsonl")


def lines(texts: list[str]) -> bytes:
    return b"".join(json.dumps({"text": one}).encode() + b"\n" for one in texts)


def test_stdin_is_counted_like_a_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, lines([*TEXTS, TEXTS[0]]))
    piped = ingested(run, *ASKED)
    filed = ingested(
        run, write_jsonl(tmp_path / "x.jsonl", [*TEXTS, TEXTS[0]]), "--domain", "web", "--catalog", "other.duckdb"
    )

    same = ("domain", "files", "files_unchanged", "documents", "bytes", "tokens", "bad_records", "complete", "warnings")
    assert {name: piped[name] for name in same} == {name: filed[name] for name in same}
    assert piped["source"] == "feed"
    assert ask(Path("tokaudit.duckdb"), "select path, below, size from store.files") == [
        ("stdin:feed", "stdin", len(lines([*TEXTS, TEXTS[0]])))
    ]
    assert run("supply", "--format", "json").json["total"]["documents_unique"] == 6


def test_the_same_bytes_again_change_nothing_and_others_replace(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, lines(TEXTS))
    ingested(run, *ASKED)
    pipe(monkeypatch, lines(TEXTS))
    again = run("ingest", *ASKED)
    assert "nothing to do" in again.err

    pipe(monkeypatch, lines(TEXTS[:2]))
    assert "stdin:feed: replaced what was counted under this name before" in run("ingest", *ASKED).err
    assert ask(Path("tokaudit.duckdb"), "select count(*) from documents") == [(2,)]
    pipe(monkeypatch, b"")
    emptied = ingested(run, *ASKED)
    assert (emptied["documents"], emptied["warnings"][0]) == (0, "stdin:feed: no bytes came")


def test_another_tokenizer_is_counted_from_the_same_bytes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for tokenizer in ("cl100k_base", "o200k_base"):
        pipe(monkeypatch, lines(TEXTS))
        found = ingested(run, *ASKED, "--tokenizer", tokenizer)
        assert (found["documents"], list(found["tokens"]), found["warnings"]) == (6, [tokenizer], [])


@pytest.mark.slow
def test_near_pairs_are_verified_while_the_bytes_are_spooled(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No set is kept while texts are counted, so that every text of a pair must be read again.
    monkeypatch.setattr("tokaudit.dedup.likes_met.LikesMet.meet", lambda *_: None)
    ingested(run, write_jsonl(tmp_path / "x.jsonl", TEXTS), "--domain", "web", "--source", "files")
    pipe(monkeypatch, lines([altered(one, 2) for one in TEXTS]))
    ingested(run, *ASKED)
    pairs = run("duplicates", "--format", "json").json["rows"]

    assert [pair["similarity"] for pair in pairs] == [pytest.approx(106 / 126)] * 6
    assert {how for (how,) in ask(Path("tokaudit.duckdb"), "select how from pairs")} == {"reread"}


@pytest.mark.slow
def test_near_pairs_with_a_pipe_that_is_gone_are_estimated(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokaudit.dedup.likes_met.LikesMet.meet", lambda *_: None)
    pipe(monkeypatch, lines(TEXTS))
    ingested(run, *ASKED)
    near = write_jsonl(tmp_path / "x.jsonl", [altered(one, 1) for one in TEXTS])
    ingested(run, near, "--domain", "web", "--source", "files")

    assert {how for (how,) in ask(Path("tokaudit.duckdb"), "select how from pairs")} == {"estimate_file_gone"}
    also = write_jsonl(tmp_path / "y.jsonl", ["more"])
    result = ingested(run, also, "--domain", "web", "--source", "feed", "--reader", "jsonl")
    assert result["files_gone"] == 0


def test_parquet_comes_through_a_pipe_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = io.BytesIO()
    pq.write_table(pa.table({"text": TEXTS}), whole, row_group_size=2)
    pipe(monkeypatch, whole.getvalue())
    found = ingested(run, "-", "--domain", "web", "--source", "s", "--reader", "parquet")
    assert (found["documents"], found["bytes"]) == (6, sum(map(len, TEXTS)))


@pytest.mark.slow
def test_arrow_comes_through_a_pipe_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, table = io.BytesIO(), pa.table({"text": TEXTS})
    with pa.ipc.new_file(whole, table.schema) as writer:
        writer.write_table(table)
    pipe(monkeypatch, whole.getvalue())
    found = ingested(run, "-", "--domain", "web", "--source", "s", "--reader", "arrow")
    assert (found["documents"], found["bytes"]) == (6, sum(map(len, TEXTS)))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("-", "--source", "s"), "name it with --reader (arrow, csv, epub, html, json, jsonl, "),
        (("-", "--reader", "jsonl"), "name its source with --source"),
        (("-", "x.jsonl", "--source", "s", "--reader", "jsonl"), "name no other PATH with it"),
        (("-", "--source", "s", "--reader", "hub"), "--reader hub can't read stdin"),
        (("-", "--source", "s", "--reader", "none"), "unknown reader 'none'"),
    ],
)
def test_what_stdin_has_no_name_for_is_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], words: str
) -> None:
    pipe(monkeypatch, lines(TEXTS))
    assert words in run("ingest", *given, "--domain", "web", code=2).err
    assert list(Path.cwd().iterdir()) == []


def test_stdin_can_not_be_estimated(run: Run) -> None:
    assert "stdin can be read only once" in run("estimate", "-", "--domain", "web", code=2).err


def test_a_file_called_minus_is_named_by_its_folder(run: Run) -> None:
    Path("-").write_bytes(lines(TEXTS))
    assert ingested(run, "./-", "--domain", "web", "--reader", "jsonl")["documents"] == 6


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="other systems have other signals")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_an_end_in_the_middle_leaves_no_bytes_behind(tmp_path: Path, sent: signal.Signals) -> None:
    spools, catalog = tmp_path / "spools", tmp_path / "c.duckdb"
    spools.mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "tokaudit", "--catalog", str(catalog), "ingest", *ASKED],
        env={**os.environ, "TMPDIR": str(spools)},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(lines(TEXTS) * 100)
        process.stdin.flush()
        for _ in range(100):
            held = [str(each.resolve()) for each in Path(f"/proc/{process.pid}/fd").glob("*")]
            if any(str(spools) in each for each in held):
                break
            time.sleep(0.05)
        process.send_signal(sent)
        _, said = process.communicate()
    assert process.returncode == (130 if sent == signal.SIGINT else -9)
    assert sent == signal.SIGKILL or b"interrupted" in said
    assert list(spools.iterdir()) == []
