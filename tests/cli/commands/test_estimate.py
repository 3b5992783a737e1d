"""``tokaudit estimate``: an ingest takes what was estimated."""

from pathlib import Path
from typing import Any

import pytest
from made.crawls import Page, crawl, html
from made.samples import Run, text, write_jsonl

from tokaudit.pipeline.estimate import sampling


def said(run: Run, *arguments: object, code: int = 0) -> dict[str, Any]:
    result = run("estimate", *arguments, "--format", "json", "-q", code=code).json
    rows = result["rows"]
    assert result["complete"] == (code == 0)
    assert all(list(row) == ["quantity", "value", "low", "high", "basis"] for row in rows)
    return {row["quantity"]: row for row in rows}


@pytest.mark.slow
def test_small_input_is_read_whole_and_exact(run: Run) -> None:
    path = write_jsonl(Path("given") / "a.jsonl", [text(seed) for seed in range(5)] + ["", "é"])
    found = said(run, path, "--domain", "web")
    assert [entry.name for entry in Path.cwd().iterdir()] == ["given"]
    counted = run("ingest", path, "--domain", "web", "--format", "json").json

    assert found["stored_bytes"]["value"] == path.stat().st_size
    for name, value in {
        "files": 1,
        "bytes": counted["bytes"],
        "documents": 7,
        "tokens cl100k_base": counted["tokens"]["cl100k_base"],
    }.items():
        assert {found[name]["value"], found[name]["low"], found[name]["high"]} == {value}
        assert found[name]["basis"]
    for name in ("seconds", "memory_bytes", "catalog_bytes", "grouping_memory_bytes", "grouping_disk_bytes"):
        assert found[name]["value"] > 0
        assert found[name]["low"] is None


@pytest.mark.slow
def test_large_input_is_sampled_and_has_bounds(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "SAMPLE_BYTES", 2_000_000)
    path = write_jsonl(Path("a.jsonl"), [text(seed, 40 + seed % 200) for seed in range(5_000)])
    found = said(run, path, "--domain", "web")
    counted = run("ingest", path, "--domain", "web", "--format", "json").json

    for name, value in {
        "bytes": counted["bytes"],
        "documents": counted["documents"],
        "tokens cl100k_base": counted["tokens"]["cl100k_base"],
    }.items():
        assert value / 1.2 < found[name]["value"] < value * 1.2
        assert found[name]["low"] < found[name]["value"] < found[name]["high"]


def test_the_estimate_includes_cleaning(run: Run) -> None:
    Path("book.txt").write_text(f"*** START OF THE PROJECT GUTENBERG EBOOK X ***\n{text(1)}")

    assert said(run, "book.txt", "--domain", "books")["bytes"]["value"] == len(text(1))
    whole = said(run, "book.txt", "--domain", "books", "--clean", "none")["bytes"]["value"]
    assert whole == Path("book.txt").stat().st_size


@pytest.mark.parametrize("content", ["", '{"text": ""}\n'])
def test_input_without_text_has_no_tokens(run: Run, content: str) -> None:
    Path("a.jsonl").write_text(content)
    found = said(run, "a.jsonl", "--domain", "web")

    assert (found["bytes"]["value"], found["tokens cl100k_base"]["value"]) == (0, 0)
    assert found["documents"]["value"] == found["documents"]["high"] == bool(content)


def test_bad_records_are_reported_and_not_refused(run: Run) -> None:
    Path("a.jsonl").write_text('{"text": "one"}\n{"text": 1}\nnothing\n')
    found = said(run, "a.jsonl", "--domain", "web", code=1)

    assert found["documents"]["value"] == 1
    assert "2 records in them can't be read" in found["documents"]["basis"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nowhere", "--domain", "web"], 3, "nowhere: no such file"),
        (["a.txt"], 2, "--domain"),
        (["a.txt", "--domain", "web", "--reader", "xml"], 2, "known: "),
        (["a.txt", "--domain", "web", "--tokenizer", "none"], 2, "unknown tokenizer 'none'"),
        (["a.txt", "--domain", "web", "--memory", "much"], 2, "--memory"),
        ([".", "--domain", "code"], 2, "nothing to count"),
    ],
)
def test_what_ingest_would_refuse_is_refused(run: Run, arguments: list[str], code: int, message: str) -> None:
    Path("a.txt").write_text("text")
    if arguments[0] == ".":
        Path("a.txt").write_bytes(b"\0")

    assert message in run("estimate", *arguments, code=code).err


def test_files_that_an_ingest_would_leave_out_are_summed_up(run: Run) -> None:
    write_jsonl(Path("c/a.jsonl"), ["one"])
    Path("c/.hidden.jsonl").write_text("{}")
    hidden = run("estimate", "c", "--domain", "web")
    Path("c/scan.pdf").write_bytes(b"%PDF-1.7")
    both = run("estimate", "c", "--domain", "web", "--format", "json", code=1)

    assert "1 file, 2 B left out: 1 hidden (`tokaudit ingest` with --dry-run lists them)" in hidden.err
    assert [(row["rule"], row["suffix"], row["files"], row["bytes"]) for row in both.json["left_out"]] == [
        ("hidden", ".jsonl", 1, 2),
        ("unclaimed", ".pdf", 1, 8),
    ]


@pytest.mark.slow
def test_a_crawl_says_what_each_pipeline_would_leave_of_it(run: Run) -> None:
    folder = Path("crawl")
    folder.mkdir()
    pages = [Page(html(text(number)), f"http://example.org/{number}") for number in range(3)]
    for name in ("a.warc.gz", "b.warc.gz"):
        (folder / name).write_bytes(crawl(pages, gz=True))
    found = said(run, folder, "--domain", "web")
    assert found["documents by DCLM"]["high"] == round(2 * 2_050_000 / 3_000)
    assert found["tokens by FineWeb-Edu"]["high"] == round(2 * 817e6 / 3_000)
    assert found["tokens by FineWeb-Edu"]["low"] < 1_000  # two files of some kilobytes
    assert found["tokens by FineWeb-Edu"]["value"] is None
    assert "tokens by raw HTML" not in found
    heard = run("estimate", folder, "--domain", "web").err
    assert "2 WARC files: published pipelines would leave" in heard


@pytest.mark.slow
def test_what_is_no_crawl_has_no_pipelines(run: Run) -> None:
    path = write_jsonl(Path("given") / "a.jsonl", [text(1)])
    assert not [name for name in said(run, path, "--domain", "web") if " by " in name]
