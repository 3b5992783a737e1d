"""Corpora in object stores, from the objects to the numbers."""

import gzip
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from made.crawls import Page, crawl, html
from made.epubs import book, part
from made.s3_server import Fault, S3Server, serving
from made.samples import Run, altered, ask, ingested, text

from tokaudit.catalog import ingesting as ingesting_module
from tokaudit.readers.paths import ranges as ranges_module

pytestmark = pytest.mark.slow

TEXTS = [text(seed) for seed in range(40)]
NEAR = [altered(one, 2) for one in TEXTS[:10]]


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    """One server for all tests; `s3` empties it."""
    with serving() as made:
        yield made


@pytest.fixture
def s3(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """An empty server, and no long waits before a further try."""
    monkeypatch.setenv("TOKAUDIT_REMOTE_PATIENCE", "0")
    monkeypatch.setattr("s3fs.S3FileSystem.retries", 1)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    server.reset()
    return server


def lines(texts: list[str]) -> bytes:
    return b"".join(json.dumps({"text": one}).encode() + b"\n" for one in texts)


def objects() -> dict[str, bytes]:
    """Fifty documents in the formats that corpora come in."""
    whole = io.BytesIO()
    pq.write_table(pa.table({"text": TEXTS[20:30]}), whole, row_group_size=3)
    return {
        "c/": b"",
        "c/a.jsonl": lines(TEXTS[:10]),
        "c/b/x.jsonl.gz": gzip.compress(lines(TEXTS[10:20])),
        "c/b/x.jsonl.zst": zstandard.ZstdCompressor().compress(lines(NEAR)),
        "c/b/x.parquet": whole.getvalue(),
        **{f"c/pages/{number} #{number}.txt": one.encode() for number, one in enumerate(TEXTS[30:])},
    }


def local(folder: Path) -> Path:
    """The same as files."""
    for key, data in objects().items():
        if not key.endswith("/"):
            (folder / key).parent.mkdir(parents=True, exist_ok=True)
            (folder / key).write_bytes(data)
    return folder / "c"


def duplicates(run: Run, catalog: str) -> list[tuple[Any, ...]]:
    """Duplicates by the path below the folder."""
    rows = run("--catalog", catalog, "duplicates", "--format", "json").json["rows"]
    names = ("ordinal", "kept_ordinal", "similarity", "kind")
    return sorted((row["path"].rpartition("/c/")[2], *(row[name] for name in names)) for row in rows)


@pytest.mark.parametrize("url", ["s3://corpora/c", "s3://corpora/c/**", "memory://corpora/c"])
def test_a_folder_of_objects_is_counted_like_one_of_files(run: Run, s3: S3Server, tmp_path: Path, url: str) -> None:
    s3.put(objects())
    for key, data in objects().items():
        if not key.endswith("/"):
            fsspec.filesystem("memory").pipe_file(f"/corpora/{key}", data)
    there = ingested(run, url, "--domain", "web", "--source", "c")
    here = ingested(run, local(tmp_path), "--domain", "web", "--source", "c", "--catalog", "files.duckdb")

    for found in (there, here):
        del found["seconds"]
    assert there == here
    assert (there["files"], there["documents"]) == (14, 50)
    assert duplicates(run, "tokaudit.duckdb") == duplicates(run, "files.duckdb")
    assert len(duplicates(run, "files.duckdb")) == 10


@pytest.mark.parametrize("url", ["s3://corpora/k", "memory://corpora/k"])
def test_crawls_pages_and_books_elsewhere_are_counted_and_shown(run: Run, s3: S3Server, url: str) -> None:
    found = {
        "k/a.warc.gz": crawl(
            [Page(html(one), f"http://example.com/{at}") for at, one in enumerate(TEXTS[:3])], gz=True
        ),
        "k/b.epub": book({"one.xhtml": part(TEXTS[3])}),
        "k/d.html.zst": zstandard.ZstdCompressor().compress(html(TEXTS[4])),
    }
    s3.put(found)
    for key, data in found.items():
        fsspec.filesystem("memory").pipe_file(f"/corpora/{key}", data)
    result = ingested(run, url, "--domain", "web", "--source", "c", "--label", "url=url")

    assert (result["files"], result["documents"], result["bad_records"]) == (3, 5, 0)
    assert run("show", "k/a.warc.gz", "2", "--format", "json").json["text"] == TEXTS[0]
    assert run("show", "k/b.epub", "0", "--format", "json").json["text"] == TEXTS[3]
    assert run("verify", "--format", "json").json["rows"] == []


def test_unchanged_objects_are_not_read_and_changed_ones_replace(run: Run, s3: S3Server) -> None:
    s3.put(objects())
    ingested(run, "s3://corpora/c", "--domain", "web")
    s3.asked.clear()
    assert ingested(run, "s3://corpora/c", "--domain", "web")["files_unchanged"] == 14
    assert s3.reads("c/") == []

    s3.put({"c/a.jsonl": lines(["other", "words"]), "c/new.txt": b"new"})
    found = ingested(run, "s3://corpora/c", "--domain", "web")
    assert (found["files"], found["files_unchanged"], found["documents"]) == (15, 13, 43)
    assert {each.path for each in s3.reads("c/")} == {"/corpora/c/a.jsonl", "/corpora/c/new.txt"}


NAMES = ["a.jsonl", "b/x.parquet", "pages/3 #3.txt"]
FAILING = [*((name, status) for name in NAMES for status in (403, 0)), ("pages/3 #3.txt", 500)]
"""Status 500 once: the client tries again for half a minute."""


@pytest.mark.parametrize(("name", "status"), FAILING)
def test_an_object_that_fails_is_one_bad_file_and_is_read_next_time(
    run: Run, s3: S3Server, name: str, status: int
) -> None:
    s3.put(objects())
    s3.faults = [Fault(name, status)]
    asked = ("s3://corpora/c", "--domain", "web")
    assert f"{name}: can't be read: " in run("ingest", *asked, code=3).err
    found = ingested(run, *asked, "--on-bad-record", "skip", code=1)
    rows = run("errors", "--format", "json").json["rows"]

    assert (found["bad_records"], found["documents"]) == (1, 49 if ".txt" in name else 40)
    assert [(row["path"], row["code"]) for row in rows] == [(f"s3://corpora/c/{name}", "unreadable")]
    s3.faults = []
    assert ingested(run, *asked)["documents"] == 50


def test_an_object_that_vanishes_after_the_listing_is_one_bad_file(
    run: Run, s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ingesting(*given: Any, **named: Any) -> Any:
        s3.client.delete_object(Bucket="corpora", Key="c/a.jsonl")
        return begun(*given, **named)

    begun = ingesting_module.ingesting
    monkeypatch.setattr("tokaudit.pipeline.ingest.ingesting", ingesting)
    s3.put(objects())
    found = ingested(run, "s3://corpora/c", "--domain", "web", "--on-bad-record", "skip", code=1)

    assert (found["documents"], found["bad_records"]) == (40, 1)
    assert ask(Path("tokaudit.duckdb"), "select code from bad_records") == [("unreadable",)]


def test_many_small_objects_do_not_wait_for_each_other(run: Run, s3: S3Server) -> None:
    s3.put({f"c/{number}.txt": f"page {number}".encode() for number in range(100)})
    s3.seconds = 0.1
    started = time.monotonic()
    found = ingested(run, "s3://corpora/c", "--domain", "web")

    assert found["documents"] == 100
    assert len(s3.reads("c/")) == 100  # each of them once
    assert time.monotonic() - started < 0.6 * 100 * s3.seconds


def test_a_large_object_is_counted_in_bounded_memory(run: Run, s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []

    def spied(self: Any, place: int, size: int) -> memoryview:
        data = read(self, place, size)
        held.append(self._held)
        return memoryview(data)

    ranges = ranges_module.Ranges
    read = ranges.read
    monkeypatch.setattr(ranges, "read", spied)
    monkeypatch.setattr(ranges_module, "_MOST", 1 << 20)
    monkeypatch.setattr(ranges_module, "_LARGEST", 1 << 18)
    monkeypatch.setattr(ranges_module, "_AHEAD", 1 << 19)
    s3.put({"big.jsonl": lines(TEXTS) * 200})
    assert ingested(run, "s3://corpora/big.jsonl", "--domain", "web")["documents"] == 8000
    assert (1 << 19) < max(held) <= (1 << 20) + (1 << 19)
