"""Compares reading over a line with what the line could carry, with a server on this machine.

    python tests/benchmarks/remote.py [--megabytes 200] [--shards 100] [--delay 0.1] [--rate 20] [--link 100]
                                      [--ingest] [--data FOLDER]

Each answer comes after the delay. A connection carries `--rate` MB/s, and all together `--link` MB/s. Every corpus is
read as objects of S3 and from the web. Only its bytes are read, so that the line is the limit and not the processor;
the share is of the link. `--ingest` counts it, too, next to the same files on this machine: the share is then of the
slower of the link and of the ingest from here.
"""

import argparse
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
from programs import ingest, machine

sys.path.insert(0, str(Path(__file__).parents[1]))

from made.rough_server import Line, rough_server

from tokaudit.pipeline.changes import FileTask
from tokaudit.pipeline.fetching import fetched_ahead
from tokaudit.readers.detect import detect
from tokaudit.readers.paths.listing import expand

SERVE = "--serve"


def make(folder: Path, megabytes: float, shards: int) -> None:
    """Write JSON lines as one file, as shards, and compressed, and the same texts as Parquet."""
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 10))) for _ in range(20_000)]
    texts, size = [], 0
    while size < megabytes * 1e6:
        texts.append(" ".join(chance.choices(words, k=chance.randint(200, 1200))))
        size += len(texts[-1])
    lines = [json.dumps({"text": each}).encode() + b"\n" for each in texts]
    for name in ("jsonl", "shards", "gz", "parquet"):
        (folder / name).mkdir(parents=True)
    (folder / "jsonl" / "a.jsonl").write_bytes(b"".join(lines))
    (folder / "gz" / "a.jsonl.gz").write_bytes(gzip.compress(b"".join(lines), 1))
    pq.write_table(pa.table({"text": texts}), folder / "parquet" / "a.parquet", row_group_size=2000)
    for number in range(shards):
        (folder / "shards" / f"{number:04}.jsonl").write_bytes(b"".join(lines[number::shards]))


def serve(folder: Path, line: Line) -> None:
    """Serve the files of a folder until stdin ends. A process of its own takes no time from the reader's."""
    with rough_server() as made:
        for file in folder.rglob("*.*"):
            made.objects[f"/corpora/{file.relative_to(folder)}"] = file.read_bytes()
        made.line = line
        print(made.port, flush=True)
        sys.stdin.read()


def urls(port: int, folder: Path, name: str, scheme: str) -> list[str]:
    """The addresses of a corpus: the folder of an object store, or each file on the web."""
    if scheme == "s3":
        return [f"s3://corpora/{name}"]
    return [f"http://127.0.0.1:{port}/corpora/{name}/{quote(file.name)}" for file in sorted((folder / name).iterdir())]


def read(names: list[str]) -> int:
    """Read all bytes one file after the other, as an ingest does, and return how many there are."""
    tasks = [FileTask(file, detect(file), None, {}) for file in expand(names)[0]]
    return sum(len(block) for _, file in fetched_ahead(tasks) for block in file.blocks())


def compare(folder: Path, port: int, link: float, *, count: bool) -> None:
    """Read each corpus, and print the rate and its share of the possible one."""
    for name in ("jsonl", "shards", "gz", "parquet"):
        size = sum(file.stat().st_size for file in (folder / name).iterdir())
        possible = size / 1e6 / link
        if count:
            here = ingest(folder / "c.duckdb", folder / name, "web")
            possible = max(possible, here.seconds)
        for scheme in ("s3", "http"):
            named = urls(port, folder, name, scheme)
            if count:
                there = ingest(folder / "c.duckdb", named[0], "web", "--source", name, *named[1:])
                assert there.json["tokens"] == here.json["tokens"], (there.json, here.json)
                seconds, peak = there.seconds, f", peak {there.peak_mib:.0f} MiB"
            else:
                started = time.perf_counter()
                assert read(named) == size
                seconds, peak = time.perf_counter() - started, ""
            rate = size / 1e6 / seconds
            share = f"{possible / seconds:.0%} of the possible{peak}"
            print(f"{name:8} {scheme:5} {size / 1e6:6.0f} MB {seconds:6.1f} s {rate:6.1f} MB/s, {share}", flush=True)


def main() -> None:
    """Make the corpora, serve them and compare."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--megabytes", type=float, default=200)
    options.add_argument("--shards", type=int, default=100)
    options.add_argument("--delay", type=float, default=0.1, help="seconds before each answer")
    options.add_argument("--rate", type=float, default=20, help="MB/s of a connection")
    options.add_argument("--link", type=float, default=100, help="MB/s of all connections")
    options.add_argument("--ingest", action="store_true", help="count the text, too")
    options.add_argument("--data", type=Path, help="folder where the corpora are kept [default: a temporary folder]")
    options.add_argument(SERVE, type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.serve:
        serve(given.serve, Line((given.delay, given.delay), given.rate * 1e6, given.link * 1e6))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.data or Path(temporary)
        if not (folder / "jsonl").exists():
            make(folder, given.megabytes, given.shards)
        print(
            machine()["processor"], f"delay {given.delay} s, {given.rate} MB/s per connection, link {given.link} MB/s"
        )
        line = [f"--{name}={getattr(given, name)}" for name in ("delay", "rate", "link")]
        command = [sys.executable, __file__, SERVE, str(folder), *line]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdin is not None
            assert server.stdout is not None
            port = int(server.stdout.readline())
            os.environ |= {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_EC2_METADATA_DISABLED": "true"}
            os.environ |= {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
            compare(folder, port, given.link, count=given.ingest)
            server.stdin.close()


if __name__ == "__main__":
    main()
