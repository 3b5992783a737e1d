"""Files at URLs: which ones are found, and how they are read."""

import functools
import gzip
import http.server
import io
import json
import os
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from fsspec.spec import AbstractBufferedFile, AbstractFileSystem
from made.s3_server import Fault, S3Server, serving

from tokaudit.core.errors import InputError, MissingPackageError
from tokaudit.readers.detect import detect
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.paths.listing import expand
from tokaudit.readers.paths.ranges import fetch_patiently
from tokaudit.readers.paths.remote import find_remote
from tokaudit.readers.reread import read_ordinals

pytestmark = pytest.mark.slow

ODD = "d/sp ace #1?x%20[1]é&+.txt"
TEXTS = [f"number {number} " + "word " * 50 for number in range(3000)]
LINES = b"".join(json.dumps({"text": one}).encode() + b"\n" for one in TEXTS)


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    """One server for all tests; `s3` empties it."""
    with serving() as made:
        yield made


@pytest.fixture
def s3(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """An empty server, and no long waits before a further try."""
    monkeypatch.setenv("TOKAUDIT_REMOTE_PATIENCE", "0.5s")
    server.reset()
    return server


def table(rows: int, groups: int) -> bytes:
    whole = io.BytesIO()
    noise = [os.urandom(500).hex() for _ in range(rows)]
    columns = {"text": noise, "other": noise[::-1], "label": noise}
    pq.write_table(pa.table(columns), whole, row_group_size=rows // groups, compression="none", use_dictionary=False)
    return whole.getvalue()


def only(url: str) -> InputFile:
    (file,) = expand([url])[0]
    return file


def belows(url: str) -> list[str]:
    return [file.below for file in expand([url])[0]]


def fetched(s3: S3Server, part: str) -> int:
    """Bytes that were asked for of objects with a name like this."""
    ends = [each.range.removeprefix("bytes=").split("-") for each in s3.reads(part)]
    return sum(int(end) - int(begin) + 1 for begin, end in ends)


def test_markers_of_folders_are_no_files(s3: S3Server) -> None:
    s3.put({"d/": b"", "d/sub/": b"", "d/hadoop_$folder$": b"", "d/sub/a.txt": b"a", "d/empty.txt": b"", ODD: b"odd"})

    for url in ("s3://corpora/d", "s3://corpora/d/", "s3a://corpora/d"):
        assert belows(url) == ["empty.txt", ODD.removeprefix("d/"), "sub/a.txt"]
    assert belows("s3://corpora") == ["d/empty.txt", ODD, "d/sub/a.txt"]
    assert belows("s3://corpora/**") == ["d/empty.txt", ODD, "d/sub/a.txt"]


def test_a_folder_that_is_an_empty_object_as_well_is_a_folder(s3: S3Server) -> None:
    s3.put({"d": b"", "d/a.txt": b"a"})
    assert belows("s3://corpora/d/") == ["a.txt"]


def test_globs_match_below_and_names_with_marks_are_names(s3: S3Server) -> None:
    s3.put({"d/a.txt": b"a", "d/sub/b.txt": b"b", "d/sub/c.md": b"c", ODD: b"odd"})

    assert belows("s3://corpora/d/*.txt") == ["a.txt", ODD.removeprefix("d/")]
    assert belows("s3://corpora/d/**/*.txt") == ["a.txt", ODD.removeprefix("d/"), "sub/b.txt"]
    odd = only(f"s3://corpora/{ODD}")
    assert (odd.path, odd.named, odd.open().read()) == (f"s3://corpora/{ODD}", True, b"odd")


def test_a_listing_is_not_remembered(s3: S3Server) -> None:
    s3.put({"d/a.txt": b"a"})
    before = only("s3://corpora/d")
    s3.put({"d/a.txt": b"other", "d/b.txt": b"b"})
    changed, new = expand(["s3://corpora/d"])[0]

    assert (before.size, changed.size, new.below) == (1, 5, "b.txt")
    assert before.modified != changed.modified
    assert changed.modified.startswith("ETag=")


@pytest.mark.parametrize("url", ["s3://none", "s3://corpora/none", "s3://", "s3://*", "s3://corpora/none*"])
def test_nothing_at_an_address_is_an_error_that_names_it(s3: S3Server, url: str) -> None:
    s3.put({"x": b""})
    with pytest.raises(InputError) as refused:
        expand([url])
    assert str(refused.value).startswith(f"{url}: ")


def test_missing_rights_say_what_to_do(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    s3.faults = [Fault("", 403)]
    with pytest.raises(InputError, match=r"no right to read it .*; log in with the tool of the service, or"):
        expand(["s3://corpora/d"])
    s3.faults = []
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    with pytest.raises(InputError, match=r"Unable to locate credentials\); log in"):
        expand(["s3://corpora/d"])
    fsspec.get_filesystem_class("s3").clear_instance_cache()


def test_a_missing_package_is_named_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr("fsspec.core.get_filesystem_class", missing)
    with pytest.raises(MissingPackageError, match=r"run pip install 'fsspec\[s3\]'"):
        expand(["s3://corpora/d"])


@pytest.mark.parametrize(
    ("name", "reader", "pack"),
    [
        ("a.jsonl", "jsonl", bytes),
        ("a.jsonl.gz", "jsonl", gzip.compress),
        ("a.jsonl.zst", "jsonl", zstandard.ZstdCompressor().compress),
        ("a.txt", "text", bytes),
    ],
)
@pytest.mark.parametrize("where", ["s3://corpora/", "memory://place/"])
def test_objects_are_read_like_files(
    s3: S3Server, seen: Callable[..., Any], tmp_path: Path, where: str, name: str, reader: str, pack: Any
) -> None:
    (tmp_path / name).write_bytes(pack(LINES))
    with fsspec.open(where + name, "wb") as stream:
        stream.write(pack(LINES))
    s3.asked.clear()
    there, here = seen(only(where + name), reader), seen(only(str(tmp_path / name)), reader)

    assert (there.texts, there.offsets, there.bad) == (here.texts, here.offsets, [])
    if "s3" in where:
        assert fetched(s3, name) == len(pack(LINES))


def test_looking_at_a_head_fetches_no_more(s3: S3Server) -> None:
    s3.put({"nameless": LINES * 20})
    file = only("s3://corpora/nameless")

    assert detect(file) == "jsonl"
    assert READERS.get("jsonl").is_checked(file) is False
    assert fetched(s3, "nameless") <= 2 * (1 << 18)


def test_row_groups_that_are_not_wanted_are_not_fetched(s3: S3Server) -> None:
    data = table(20_000, 10)
    s3.put({"a.parquet": data})
    file = only("s3://corpora/a.parquet")
    reader = READERS.get("parquet")
    wanted = np.array([15_000, 15_001])
    texts = [one for batch in read_ordinals(reader, file, ReadOptions(), wanted) for one in batch.text.to_pylist()]

    assert texts == pq.read_table(io.BytesIO(data))["text"].to_pylist()[15_000:15_002]
    assert fetched(s3, "a.parquet") < len(data) / 5


def test_columns_are_fetched_once_however_they_take_turns(s3: S3Server, seen: Callable[..., Any]) -> None:
    data = table(20_000, 2)
    s3.put({"a.parquet": data})
    found = seen(only("s3://corpora/a.parquet"), "parquet", labels={"other": "other", "label": "label"})

    assert found.texts == pq.read_table(io.BytesIO(data))["text"].to_pylist()
    assert fetched(s3, "a.parquet") < 1.05 * len(data)


@pytest.mark.parametrize(
    "fault",
    [Fault("a.jsonl", 500, times=2), Fault("a.jsonl", 503, times=2), Fault("a.jsonl", 0, times=1, after=1)],
)
def test_faults_that_pass_change_nothing(s3: S3Server, seen: Callable[..., Any], fault: Fault) -> None:
    s3.put({"a.jsonl": LINES})
    s3.faults = [fault]

    assert seen(only("s3://corpora/a.jsonl"), "jsonl").texts == TEXTS
    assert not fault.times


@pytest.mark.parametrize("status", [403, 0])
@pytest.mark.parametrize("after", [0, 1])
@pytest.mark.parametrize("reader", ["jsonl", "parquet", "text"])
def test_faults_that_stay_make_a_file_unreadable(
    s3: S3Server, seen: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, reader: str, status: int, after: int
) -> None:
    monkeypatch.setattr("s3fs.S3FileSystem.retries", 1)
    name = f"a.{reader}"
    s3.put({name: table(3000, 1) if reader == "parquet" else LINES})
    s3.faults = [Fault(name, status, after=after)]
    found = seen(only(f"s3://corpora/{name}"), reader)

    assert found.refused == "unreadable"
    assert found.texts == TEXTS[: len(found.texts)] or reader != "jsonl"


def test_an_object_that_goes_or_changes_is_unreadable(s3: S3Server, seen: Callable[..., Any]) -> None:
    s3.put({"d/a.jsonl": LINES, "d/b.jsonl": LINES})
    one, other = expand(["s3://corpora/d"])[0]
    s3.client.delete_object(Bucket="corpora", Key="d/a.jsonl")
    s3.put({"d/b.jsonl": LINES.replace(b"number", b"NUMBER")})

    assert seen(one, "jsonl").bad[0].why == "can't be read: not found"
    assert seen(other, "jsonl").bad[0].why == "can't be read: it has changed since it was found"


@pytest.mark.parametrize("url", ["zip://in::{}", "zip://in/*::{}", "zip://::{}", "simplecache::zip://in::{}"])
@pytest.mark.parametrize("where", ["s3://corpora/z.zip", "z.zip", "memory://z.zip"])
def test_members_of_archives_have_addresses_that_lead_to_them(
    s3: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, where: str
) -> None:
    monkeypatch.chdir(tmp_path)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/", b"")
        archive.writestr("in/a b.jsonl", LINES)
    s3.put({"z.zip": whole.getvalue()})
    Path("z.zip").write_bytes(whole.getvalue())
    fsspec.filesystem("memory").pipe_file("/z.zip", whole.getvalue())
    file = only(url.format(where))
    monkeypatch.chdir("/")

    assert file.path == f"zip://in/a b.jsonl::{tmp_path / where if '://' not in where else where}"
    assert (file.name, file.size, file.modified[:4]) == ("a b.jsonl", len(LINES), "CRC=")
    assert InputFile(file.path, "", file.size, "").open().read() == LINES


class Pages(http.server.SimpleHTTPRequestHandler):
    """Serves objects, in the ways that servers of the web have."""

    objects: ClassVar[dict[str, bytes]] = {}
    ways: ClassVar[set[str]] = set()
    asked: ClassVar[list[str]] = []

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def do_HEAD(self) -> None:
        """Answer, unless it is one of the servers that only know GET."""
        if "no HEAD" in self.ways:
            self.send_error(403)
        else:
            self._answer()

    def do_GET(self) -> None:
        """Answer."""
        self.asked.append(self.path)
        self._answer(body=True)

    def _answer(self, *, body: bool = False) -> None:
        path = self.path.partition("?")[0]
        data = self.objects.get(path)
        if path.endswith("/"):
            data = "".join(f'<a href="{name[1:]}">x</a>' for name in self.objects).encode()
        if data is None or "down" in self.ways:
            self.send_error(503 if "down" in self.ways else 404)
            return
        size, part = len(data), self.headers.get("Range")
        if part and "ranges" in self.ways:
            begin, end = part.removeprefix("bytes=").split("-")
            data = data[int(begin) : int(end) + 1]
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {begin}-{end}/{size}")
        else:
            self.send_response(200)
        if "no length" not in self.ways:
            self.send_header("Content-Length", str(len(data)))
        if "encoded" in self.ways:
            self.send_header("Content-Encoding", "gzip")
        if "no tag" not in self.ways:
            self.send_header("ETag", f'"{hash(self.objects.get(path, b""))}"')
        self.send_header("Content-Type", "text/html")  # so that nothing is known of the content
        self.end_headers()
        if body:
            self.wfile.write(data)


@pytest.fixture
def web() -> Iterator[str]:
    """The address of a server of `Pages`."""
    pytest.importorskip("aiohttp")
    Pages.objects, Pages.ways, Pages.asked = {}, set(), []

    class Quiet(http.server.ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Nothing: readers break off what they have enough of."""

    made = Quiet(("127.0.0.1", 0), functools.partial(Pages))
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.mark.parametrize("ways", [(), ("ranges",), ("no HEAD",), ("no HEAD", "ranges"), ("no length",), ("encoded",)])
@pytest.mark.parametrize("query", ["", "?X-Amz-Signature=a/b&x=1"])
def test_addresses_of_the_web_are_read_whatever_the_server_can(
    web: str, seen: Callable[..., Any], ways: tuple[str, ...], query: str
) -> None:
    Pages.objects, Pages.ways = {"/a.jsonl.gz": gzip.compress(LINES, 1)}, set(ways)
    file = only(f"{web}/a.jsonl.gz{query}")

    assert (file.below, file.name, detect(file)) == ("a.jsonl.gz", "a.jsonl.gz", "jsonl")
    assert file.path == f"{web}/a.jsonl.gz{query}"
    assert file.modified.startswith("ETag=")
    assert seen(file, "jsonl").texts == TEXTS


def test_a_server_without_ranges_is_read_from_start_to_end(web: str, seen: Callable[..., Any]) -> None:
    data = table(3000, 1)
    Pages.objects = {"/a.jsonl": LINES * 3, "/a.parquet": data}

    assert seen(only(f"{web}/a.jsonl"), "jsonl").texts == TEXTS * 3
    bad = seen(only(f"{web}/a.parquet"), "parquet").bad[0]
    assert (bad.code, "sends whole files only" in bad.why) == ("unreadable", True)
    Pages.ways = {"ranges"}
    assert len(seen(only(f"{web}/a.parquet"), "parquet").texts) == 3000


def test_a_page_is_a_file_and_with_a_slash_a_list_of_files(web: str) -> None:
    Pages.objects = {"/a.jsonl": LINES, "/b.html": b'<a href="/a.jsonl">x</a>'}

    assert only(f"{web}/b.html").open().read() == Pages.objects["/b.html"]
    assert [(file.below, file.size) for file in expand([f"{web}/"])[0]] == [("a.jsonl", len(LINES)), ("b.html", 24)]
    assert belows(f"{web}/*.jsonl") == ["a.jsonl"]


def test_a_server_that_is_down_is_not_a_file_that_is_missing(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Pages.objects = {"/a.jsonl": LINES}
    with pytest.raises(InputError, match=r"none\.jsonl: not found"):
        expand([f"{web}/none.jsonl"])
    monkeypatch.setenv("TOKAUDIT_REMOTE_PATIENCE", "0")
    Pages.ways = {"down"}
    with pytest.raises(InputError, match="503"):
        expand([f"{web}/a.jsonl"])
    with pytest.raises(InputError, match=r"127\.0\.0\.1"):
        expand(["http://127.0.0.1:1/a.jsonl"])


class Plodding(AbstractFileSystem):  # type: ignore[misc] # fsspec has no types
    """A file system that does one thing at a time, needs its host in the URL, and knows nothing of times."""

    protocol = "plod"
    cachable = False
    busy = False

    def __init__(self, host: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.host = host

    @staticmethod
    def _get_kwargs_from_urls(path: str) -> dict[str, str]:
        return {"host": path.partition("://")[2].partition("/")[0]}

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return "/" + path.partition("://")[2].partition("/")[2].rstrip("/") if "://" in path else path.rstrip("/")

    def ls(self, path: str, detail: bool = True, **_: Any) -> Any:
        """The two files of the host."""
        if self.host != "host":
            raise OSError("no host")
        found = [{"name": f"/d/{name}.jsonl", "size": len(LINES), "type": "file"} for name in "ab"]
        found = found if path == "/d" else [each for each in found if each["name"] == path]
        if not found and path != "":
            raise FileNotFoundError(path)
        return found if detail else [each["name"] for each in found]

    def _open(self, path: str, mode: str = "rb", **kwargs: Any) -> Any:
        return PloddingFile(self, path, mode, **kwargs)


class PloddingFile(AbstractBufferedFile):  # type: ignore[misc] # fsspec has no types
    """A file whose ranges can't be fetched at once."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        assert not self.fs.busy
        self.fs.busy = True
        try:
            return LINES[start:end]
        finally:
            self.fs.busy = False


def test_other_file_systems_keep_their_host_and_do_one_thing_at_a_time(seen: Callable[..., Any]) -> None:
    fsspec.register_implementation("plod", Plodding, clobber=True)
    files = expand(["plod://host/d"])[0]

    assert [(file.path, file.below) for file in files] == [
        ("plod://host/d/a.jsonl", "a.jsonl"),
        ("plod://host/d/b.jsonl", "b.jsonl"),
    ]
    assert seen(files[0], "jsonl").texts == TEXTS
    assert [file.url for file in find_remote("plod://host/d/*.jsonl")] == [file.path for file in files]


def test_a_range_that_comes_short_is_fetched_again_and_then_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKAUDIT_REMOTE_PATIENCE", "0.01s")
    given = iter([b"x", b"xy", b"xyz"])
    assert fetch_patiently(lambda *_: next(given), 0, 3) == b"xyz"
    with pytest.raises(EOFError, match="the server gives 1 of the 3 bytes from byte 2 on"):
        fetch_patiently(lambda *_: b"x", 2, 5)
