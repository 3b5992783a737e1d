"""Files that share a batch are taken or refused one by one; counting begins when tokenizers are loaded."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pytest
from made.samples import Run, Words, text, write_jsonl

from tokaudit.core.types import Int64
from tokaudit.ingesters.domains import ingester_of
from tokaudit.pipeline.ingest import ingest
from tokaudit.pipeline.options import IngestOptions, source_settings
from tokaudit.pipeline.request import IngestRequest
from tokaudit.pipeline.select import Selection, select


def paths(run: Run, sql: str) -> list[str]:
    """Names of the files that a query returns."""
    return [Path(row["path"]).name for row in run("query", sql, "--format", "json").json["rows"]]


COUNTED = "select path from files where documents = 1 order by path"


@pytest.mark.slow
@pytest.mark.parametrize("memory", ["1GiB", "1MB"])
def test_files_before_a_refused_one_are_in_and_those_after_it_are_not(run: Run, tmp_path: Path, memory: str) -> None:
    for name in "abcde":
        (tmp_path / f"{name}.txt").write_bytes(b"caf\xe9" if name in "cd" else name.encode() * 40_000)
    refused = run("ingest", tmp_path, "--domain", "web", "--memory", memory, code=3)

    assert f"{tmp_path / 'c.txt'}: is not valid UTF-8" in refused.err
    assert paths(run, COUNTED) == ["a.txt", "b.txt"]
    assert run("query", "select count(*) as n from documents", "--format", "json").json["rows"] == [{"n": 2}]


@pytest.mark.slow
def test_the_first_of_several_faulty_files_is_named(run: Run, tmp_path: Path) -> None:
    for name, origin in {"a": "natural", "b": "strange", "c": "natural"}.items():
        write_jsonl(tmp_path / f"{name}.jsonl", ["text"], how=[origin])
    with (tmp_path / "c.jsonl").open("a") as end:
        end.write("no JSON\n")
    options = ("--domain", "web", "--label", "origin=how")
    first = run("ingest", tmp_path, *options, code=3)
    write_jsonl(tmp_path / "b.jsonl", ["text"], how=["synthetic"])
    second = run("ingest", tmp_path, *options, code=3)

    assert f"{tmp_path / 'b.jsonl'}: 'strange' is not a value" in first.err
    assert f"{tmp_path / 'c.jsonl'}:2: " in second.err
    assert paths(run, COUNTED) == ["a.jsonl", "b.jsonl"]


@pytest.mark.slow
def test_recounted_files_before_a_broken_one_are_in(run: Run, tmp_path: Path) -> None:
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
def test_a_bad_record_of_one_file_does_not_affect_the_others(run: Run, tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.py").write_bytes(b"\xff\xfe" if name == "b" else b"x = 1\n")
    run("ingest", tmp_path, "--domain", "code", "--on-bad-record", "skip", code=1)
    states = run("query", "select bad_records, state from files order by path", "--format", "json").json["rows"]

    assert paths(run, COUNTED) == ["a.py", "c.py"]
    assert [(row["bad_records"], row["state"]) for row in states] == [(0, "counted"), (1, "partial"), (0, "counted")]
    labels = run(
        "query", "select path, value from labels where name = 'language' order by path", "--format", "json"
    ).json["rows"]
    assert [row["value"] for row in labels] == ["python", "python"]


class Heard:
    """A listener that writes down what it hears."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.work = self.done = self.later = 0.0

    def total(self, stored_bytes: int, work: float) -> None:
        """Counting begins."""
        self.said.append(f"counting {stored_bytes}")
        self.work = work

    def note(self, text: str) -> None:
        """A phase begins."""
        self.said.append(text)

    def remark(self, text: str) -> None:
        """Something stays on the screen."""
        self.said.append(text)

    def advance(self, work: float, later: float, text_bytes: int, documents: int, tokens: int) -> None:
        """Work is done."""
        self.said.append(f"{documents} documents, {text_bytes} bytes, {tokens} tokens")
        self.done += work
        self.later += later

    @contextmanager
    def working(self, path: str, detail: str) -> Iterator[None]:
        """A file is worked on."""
        self.said.append(f"{Path(path).name}{detail}")
        yield


class Slow(Words):
    """Loads when it first counts."""

    fallback_reason = "it is only for tests"  # type: ignore[assignment] # as of a reference

    def __init__(self, heard: Heard) -> None:
        super().__init__()
        self.heard = heard
        self.loading = threading.Lock()
        self.loaded = False

    def count(self, text: pa.LargeStringArray) -> Int64:
        """Words."""
        with self.loading:
            if not self.loaded:
                self.heard.said.append("loaded")
            self.loaded = True
        return super().count(text)


def hear(folder: Path, catalog: Path, memory: int = 2**30) -> Heard:
    """What a listener hears of an ingest of a folder."""
    heard = Heard()
    options = IngestOptions(paths=(str(folder),), domain="web")
    selected, left_out = select(Selection(options.paths), ingester_of("web"))
    request = IngestRequest(selected, left_out, [Slow(heard)], source_settings(options), skip_bad=True, memory=memory)
    ingest(catalog, request, heard)
    return heard


@pytest.mark.slow
def test_counting_and_the_naming_of_files_begin_when_tokenizers_are_loaded(tmp_path: Path) -> None:
    file = write_jsonl(tmp_path / "c" / "a.jsonl", ["one two", "three"])
    said = [line.partition(", ")[0] for line in hear(tmp_path / "c", tmp_path / "x.duckdb").said]

    assert said == [
        "tokenizer words is counted by the reference",
        "opening the catalog",
        "comparing files with the catalog",
        "checking the catalog",
        "reading the first files",
        "loaded",
        f"counting {file.stat().st_size}",
        "a.jsonl from record 0",
        "2 documents",
        "looking for near-duplicates",
        "grouping duplicates",
        "adding up the totals",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("memory", [2**30, 1])
def test_the_work_that_is_done_adds_up_to_the_total(
    memory: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokaudit.pipeline.batch_size._LEAST_BYTES", 1_000)
    write_jsonl(tmp_path / "c" / "a.jsonl", [text(seed) for seed in range(20)])
    write_jsonl(tmp_path / "c" / "b.jsonl", [])
    (tmp_path / "c" / "c.jsonl").write_text("not JSON\n")
    (tmp_path / "c" / "d.txt").write_text("text")
    heard = hear(tmp_path / "c", tmp_path / "x.duckdb", memory=memory)

    assert heard.done == pytest.approx(heard.work)
    assert heard.later == pytest.approx(100 * 21)


@pytest.mark.slow
def test_an_ingest_with_nothing_to_count_loads_no_tokenizer(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "c" / "a.jsonl", ["one two", "three"])
    hear(tmp_path / "c", tmp_path / "x.duckdb")
    said = hear(tmp_path / "c", tmp_path / "x.duckdb").said

    assert said[1:] == [
        "opening the catalog",
        "comparing files with the catalog",
        "adding up the totals",
    ]
