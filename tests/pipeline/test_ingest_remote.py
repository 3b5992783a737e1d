"""Corpora in object stores, from the objects to the numbers."""

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from made.crawls import Page, crawl, html
from made.epubs import book, part
from made.rough_server import Line, RoughServer, rough_server
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


@pytest.fixture
def rough(monkeypatch: pytest.MonkeyPatch) -> Iterator[RoughServer]:
    """A server with the objects, as S3 and as a server of the web; ranges are small enough to be several per file."""
    with rough_server() as made:
        named = {"AWS_ENDPOINT_URL": made.url, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        for name, value in (named | {"AWS_EC2_METADATA_DISABLED": "true"}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(ranges_module, "_FIRST", 1 << 13)
        monkeypatch.setattr(ranges_module, "_LARGEST", 1 << 14)
        fsspec.get_filesystem_class("s3").clear_instance_cache()
        made.objects = {f"/corpora/{key}": data for key, data in objects().items() if not key.endswith("/")}
        made.objects["/corpora/c/k.warc.gz"] = crawl([Page(html(text(99)), "http://example.com/")], gz=True)
        yield made
        fsspec.get_filesystem_class("s3").clear_instance_cache()


ROUGH = {
    "slow": Line(delay=(0.0, 0.05), rate=4e6),
    "cut": Line(cut=0.2),
    "busy": Line(statuses={429: 0.1, 500: 0.1, 503: 0.1}),
    "told to wait": Line(statuses={429: 0.1}, retry_after="1"),
    "reset": Line(reset=0.2),
    "other ranges": Line(shifted=0.2),
    "short": Line(short=0.2),
}


@pytest.mark.parametrize("line", ROUGH.values(), ids=ROUGH)
@pytest.mark.parametrize("scheme", ["s3", "http"])
def test_a_rough_line_changes_no_number(run: Run, rough: RoughServer, tmp_path: Path, line: Line, scheme: str) -> None:
    rough.line = line
    for name, data in rough.objects.items():
        (tmp_path / name[1:]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name[1:]).write_bytes(data)
    urls = ["s3://corpora/c"] if scheme == "s3" else [f"{rough.url}{quote(name)}" for name in rough.objects]
    there = ingested(run, *urls, "--domain", "web", "--source", "c")
    here = ingested(run, tmp_path / "corpora/c", "--domain", "web", "--source", "c", "--catalog", "files.duckdb")

    for found in (there, here):
        del found["seconds"], found["left_out"]  # these have paths as examples
    assert there == here
    assert there["documents"] == 51


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_shard_that_fails_for_good_is_listed_and_retried(
    run: Run, rough: RoughServer, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setenv("TOKAUDIT_REMOTE_PATIENCE", "0.5s")
    rough.dead = {"/corpora/c/b/x.parquet": status}
    found = ingested(run, "s3://corpora/c", "--domain", "web", "--on-bad-record", "skip", code=1)
    (row,) = run("errors", "--format", "json").json["rows"]

    assert (found["documents"], found["bad_records"]) == (41, 1)
    assert (row["path"], row["code"], row["ordinal"]) == ("s3://corpora/c/b/x.parquet", "unreadable", None)
    assert ("tries in" in row["why"]) == (status == 500)
    rough.dead = {}
    assert run("retry", "--format", "json").json["complete"]
    assert run("errors", "--format", "json").json["rows"] == []
    assert ask(Path("tokaudit.duckdb"), "select count(*) from documents") == [(51,)]


def test_a_large_shard_that_fails_in_the_middle_is_partial_and_then_whole(
    run: Run, rough: RoughServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKAUDIT_REMOTE_PATIENCE", "0")
    monkeypatch.setattr("tokaudit.readers.files.FETCHED_BYTES", 1 << 16)
    rough.objects = {"/corpora/c/a.jsonl": lines(TEXTS) * 20}
    rough.line = Line(cut=0.15)
    url = f"{rough.url}/corpora/c/a.jsonl"
    found = ingested(run, url, "--domain", "web", "--on-bad-record", "skip", code=1)

    assert (found["bad_records"], found["complete"]) == (1, False)
    assert found["documents"] < 800
    rough.line = Line()
    assert ingested(run, url, "--domain", "web")["documents"] == 800


@pytest.mark.parametrize("scheme", ["s3", "http"])
def test_another_version_behind_an_address_is_never_mixed_in(
    run: Run, rough: RoughServer, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setattr("tokaudit.readers.files.FETCHED_BYTES", 1 << 16)
    name = "/corpora/c/a.jsonl"
    rough.objects = {name: lines(TEXTS) * 20}
    rough.line = Line(changed_after=5)
    url = f"{rough.url}{name}" if scheme == "http" else f"s3:/{name}"
    ingested(run, url, "--domain", "web", "--on-bad-record", "skip", code=1)

    (row,) = run("errors", "--format", "json").json["rows"]
    assert (row["code"], "it has changed since it was found" in row["why"]) == ("unreadable", True)


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


def test_many_small_objects_do_not_wait_for_each_other(run: Run, rough: RoughServer) -> None:
    rough.objects = {f"/corpora/c/{number}.txt": f"page {number}".encode() for number in range(100)}
    rough.line = Line(delay=(0.2, 0.2))
    assert ingested(run, "s3://corpora/c", "--domain", "web")["documents"] == 100
    assert sum(bool(request.range) for request in rough.asked) == 100  # each of them once
    assert rough.most_at_once >= 8


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
