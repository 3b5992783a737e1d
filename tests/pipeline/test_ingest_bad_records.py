"""Input that can't be read, through the whole path: nothing is dropped silently."""

import gzip
import json
import lzma
import random
from pathlib import Path

import pytest
from made.samples import Run, ingested, text, write_jsonl

UNIQUE = [text(seed) for seed in range(8)]


@pytest.mark.slow
def test_a_bad_record_ends_the_ingest_without_a_trace_of_its_file(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "c" / "a.jsonl", UNIQUE[:2])
    bad = write_jsonl(tmp_path / "c" / "b.jsonl", UNIQUE[2:4])
    bad.write_text(bad.read_text() + '{"text": \n')
    write_jsonl(tmp_path / "c" / "z.jsonl", UNIQUE[4:5])
    refused = run("ingest", tmp_path / "c", "--domain", "web", code=3)
    paths = run("query", "select path from files order by path", "--format", "json").json["rows"]

    assert f"{bad}:3" in refused.err
    assert "--on-bad-record skip" in refused.err
    assert [row["path"] for row in paths] == [str(tmp_path / "c" / "a.jsonl")]
    assert run("supply", "--format", "json").json["total"]["documents_seen"] == 2
    assert run("errors", "--format", "json").json["rows"] == []


@pytest.mark.slow
def test_a_skipped_bad_record_is_a_row_and_exit_code_1(run: Run, tmp_path: Path) -> None:
    bad = write_jsonl(tmp_path / "c" / "b.jsonl", UNIQUE[:2])
    bad.write_text('{"text": null}\n' + bad.read_text() + "nonsense\n")
    result = ingested(run, tmp_path / "c", "--domain", "web", "--on-bad-record", "skip", code=1)
    supply = run("supply", "--format", "json")

    assert (result["documents"], result["bad_records"], result["complete"]) == (2, 2, False)
    rows = run("errors", "--format", "json").json["rows"]
    assert [(row["ordinal"], row["code"]) for row in rows] == [(0, "null_text"), (3, "malformed")]
    assert all(row["path"] == str(bad) and row["source"] == "c" and row["why"] for row in rows)
    assert supply.json["total"]["bad_records"] == 2
    assert supply.json["complete"] is False
    assert "2 bad records" in supply.err
    assert ingested(run, tmp_path / "c", "--domain", "web", code=1)["files_unchanged"] == 1


@pytest.mark.slow
def test_skip_keeps_the_whole_records_of_a_truncated_archive(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    chance = random.Random(0)
    texts = [chance.randbytes(5500).hex(" ", 3) for _ in range(800)]  # enough for several blocks of 4 MiB
    whole = gzip.compress("".join(json.dumps({"text": t}) + "\n" for t in texts).encode())
    (tmp_path / "c" / "x.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    assert "x.jsonl.gz" in run("ingest", tmp_path / "c", "--domain", "web", code=3).err
    result = ingested(run, tmp_path / "c", "--domain", "web", "--on-bad-record", "skip", code=1)

    assert 100 < result["documents"] < 800
    assert [row["code"] for row in run("errors", "--format", "json").json["rows"]] == ["cut"]
    assert run("query", "select state from files", "--format", "json").json["rows"] == [{"state": "partial"}]


@pytest.mark.slow
def test_a_refused_file_makes_the_supply_incomplete_until_it_is_fixed(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "c" / "a.jsonl", UNIQUE[:2])
    (tmp_path / "c" / "b.jsonl").write_text("nonsense\n")
    run("ingest", tmp_path / "c", "--domain", "web", code=3)
    refused = run("supply", "--format", "json")
    write_jsonl(tmp_path / "c" / "b.jsonl", UNIQUE[2:3])
    ingested(run, tmp_path / "c", "--domain", "web")

    assert refused.json["complete"] is False
    assert "'c'" in refused.err
    assert run("supply", "--format", "json").json["complete"] is True


@pytest.mark.slow
def test_another_tokenizer_counts_the_whole_records_of_a_truncated_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    lines = "".join(json.dumps({"text": t}) + "\n" for t in UNIQUE)
    (tmp_path / "c" / "x.jsonl.xz").write_bytes(lzma.compress(lines.encode())[:-40])
    options = ["--domain", "web", "--on-bad-record", "skip"]
    ingested(run, tmp_path / "c", *options, code=1)
    before = run("supply", "--format", "json").json
    again = ingested(run, tmp_path / "c", *options, "--tokenizer", "o200k_base", code=1)

    assert run("supply", "--format", "json").json == before
    assert (
        run("supply", "--tokenizer", "o200k_base", "--format", "json").json["total"]["documents_seen"]
        == (before["total"]["documents_seen"])
    )
    assert again["bad_records"] == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "content", ['{"text": "a", "x": NaN}\n{"text": "b"}\n', '[{"text": "a"}, {"text": "b"}]', '{\n"text": "a\\nb"\n}']
)
def test_a_json_file_counts_whatever_kind_of_json_it_is(run: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    counted = run("ingest", tmp_path / "x.json", "--domain", "web", "--format", "json").json

    assert (counted["documents"], counted["bytes"]) == ((1, 3) if "\\n" in content else (2, 2))


@pytest.mark.slow
@pytest.mark.parametrize("content", ['[{"text": "a"}', '[["text"]]', '{\n"text": "a"\n', '{"text": NaN}\n'])
def test_a_json_file_that_is_cut_or_has_no_records_is_refused(run: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)

    assert "x.json" in run("ingest", tmp_path / "x.json", "--domain", "web", code=3).err


@pytest.mark.slow
def test_a_source_with_nothing_counted_may_be_counted_another_way(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "x.jsonl").write_text('{"words": "words"}\n')
    assert "--text-field" in run("ingest", tmp_path / "c", "--domain", "web", code=3).err

    assert run("status", "--format", "json").json["rows"] == []
    assert ingested(run, tmp_path / "c", "--domain", "books", "--text-field", "words")["documents"] == 1


@pytest.mark.slow
def test_empty_files_and_empty_texts_are_not_errors(run: Run, tmp_path: Path) -> None:
    write_jsonl(tmp_path / "c" / "a.jsonl", ["", "", "   ", "!!!"])
    (tmp_path / "c" / "b.jsonl").write_bytes(b"")
    result = ingested(run, tmp_path / "c", "--domain", "web")
    total = run("supply", "--format", "json").json["total"]

    assert (result["files"], result["documents"], result["complete"]) == (2, 4, True)
    assert (total["documents_seen"], total["documents_unique_exact"], total["documents_unique"]) == (4, 3, 3)


def test_a_missing_path_is_one_line_and_exit_code_3(run: Run, tmp_path: Path) -> None:
    missing = run("ingest", tmp_path / "nothing", "--domain", "web", code=3)

    assert missing.err.splitlines()[-1] == f"tokaudit: {tmp_path / 'nothing'}: no such file or folder"
    assert missing.out == ""
