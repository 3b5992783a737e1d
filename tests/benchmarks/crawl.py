"""Compares `tokaudit ingest` on a crawl with FastWARC and resiliparse alone, in as many processes, and shows its time.

    python tests/benchmarks/crawl.py FOLDER... [--data FOLDER] [--megabytes 250] [--runs 3]

The folders contain HTML files. From those with text, a crawl like those of Common Crawl is made, compressed record by
record: each page has the words of its text in an order of its own, and the records of its request and its metadata. A
fifth of the responses are pictures and other files; some are redirections and errors. The libraries alone read the
crawl, decode the pages and extract their main content, and do nothing with it. Each of several processes reads its own
share of the file. Both run in turn, as whole processes; a ratio is that of their least seconds.

tokaudit also tokenizes, fingerprints and writes. It extracts in as many processes as it has workers, and one more reads
and measures: so each number of workers is compared with as many processes, and with one more, or two on two cores. On a
loaded machine seconds of the clock mean little: look at those of the processor.
"""

import argparse
import ctypes
import json
import multiprocessing
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from made.crawls import Page, info, packed, page_record, records
from pages import shuffled, with_text
from programs import Run, ingest, machine, run

ALONE = "--alone"
_SET_CHILD_SUBREAPER = 36
_LARGEST = 1_000_000
_OTHERS = ("image/jpeg", "application/pdf", "text/css", "application/json", "image/png")
_SHARES = ((0.70, "page"), (0.90, "other"), (0.95, "redirection"), (1.01, "error"))


def response(kind: str, pages: Sequence[bytes], number: int) -> Page:
    """One response of a crawl."""
    chance = random.Random(number)
    url = f"https://site{number % 997}.example/{number}/"
    media = chance.choice(("text/html", "text/html; charset=utf-8", "text/html; charset=UTF-8"))
    if kind == "redirection":
        return Page(b"<html><body>Moved</body></html>", url, media, 301, [("Location", f"{url}new")])
    page = shuffled(pages[number % len(pages)], number)
    if kind == "other":
        return Page(chance.randbytes(len(page) // 2), url, chance.choice(_OTHERS))
    http = [("Date", "Sat, 18 May 2024 01:58:10 GMT"), ("Server", "nginx"), ("Cache-Control", "max-age=600")]
    return Page(page, url, media, 200 if kind == "page" else 404, [*http, ("X-Crawl-Content-Encoding", "gzip")])


def make(folders: Sequence[Path], file: Path, size: int) -> dict[str, int]:
    """Write a crawl of so many uncompressed bytes, and return its figures."""
    pages = [page for folder in folders for page in with_text(folder) if len(page) <= _LARGEST]
    found = {"bytes": len(info()), "pages": 0, "page_bytes": 0, "half": 0, "records": 1}
    chance = random.Random(1)
    with file.open("wb") as target:
        target.write(packed([info()]))
        number = 0
        while found["bytes"] < size:
            share = chance.random()
            kind = next(name for most, name in _SHARES if share < most)
            page = response(kind, pages, number)
            parts = [one for one in records([page]) if b"WARC-Type: revisit" not in one[:100]][1:]
            assert page_record(page) in parts
            target.write(packed(parts))
            found["bytes"] += sum(map(len, parts))
            found["records"] += len(parts)
            found["pages"] += kind == "page"
            found["page_bytes"] += len(page.body) if kind == "page" else 0
            if not found["half"] and found["bytes"] * 2 > size:
                found["half"] = target.tell()
            number += 1
    return found


def known(folders: Sequence[Path], file: Path, size: int) -> dict[str, int]:
    """The figures of the crawl, which is made if the folder of data does not have it yet."""
    about = file.with_suffix(".json")
    if not about.exists():
        about.write_text(json.dumps(make(folders, file, size)), encoding="utf-8")
    figures: dict[str, int] = json.loads(about.read_text(encoding="utf-8"))
    return figures


def extracted(file: Path) -> int:
    """The number of pages with text in a crawl, by the libraries alone."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415 - loaded where it is used
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding  # noqa: PLC0415

    found = 0
    for record in ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=True, fsspec_args=False):
        if record.http_headers.status_code != 200 or record.http_content_type != "text/html":
            continue
        page = record.reader.read()
        html = bytes_to_str(page, record.http_charset or detect_encoding(page) or "utf-8")
        found += bool(extract_plain_text(html, main_content=True).strip())
    return found


def alone(files: Sequence[Path]) -> None:
    """Read a crawl in as many processes as it has files, and print how many pages have text."""
    if len(files) == 1:
        print(extracted(files[0]))
        return
    with multiprocessing.get_context("fork").Pool(len(files)) as pool:
        print(sum(pool.map(extracted, files, chunksize=1)))


def halves(file: Path, middle: int) -> list[Path]:
    """The crawl as two files, of which the second begins with the record at a place."""
    data = file.read_bytes()
    parts = [file.with_name(f"half{number}.warc.gz") for number in (1, 2)]
    parts[0].write_bytes(data[:middle])
    parts[1].write_bytes(data[middle:])
    return parts


@dataclass(frozen=True, slots=True)
class Timed:
    """One run: the seconds of the clock, and those of the processor in all its processes."""

    run: Run
    cpu: float


def timed(work: Callable[[], Run]) -> Timed:
    """Run a program. The processes that it leaves to end alone, as those that extract, are waited for, too."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = work()
    with suppress(ChildProcessError):
        while True:
            os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Timed(done, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def show(name: str, runs: Sequence[Timed], size: int, bases: Sequence[Sequence[Timed]]) -> None:
    """Print a line: the least seconds, as other programs on the machine only add to them, and ratios to others."""
    seconds = min(each.run.seconds for each in runs)
    cpu = min(each.cpu for each in runs)
    ratios = " ".join(f"{min(each.run.seconds for each in base) / seconds:5.2f}" for base in bases)
    busy = f"{cpu / seconds:4.2f} cores"
    print(
        f"  {name:26} {seconds:6.2f} s {size / 1e6 / seconds:6.1f} MB/s  CPU {cpu:5.1f} s, {busy}  {ratios}", flush=True
    )


def compare(data: Path, file: Path, figures: dict[str, int], runs: int) -> None:
    """Run and print the libraries alone and tokaudit."""
    found: dict[tuple[str, int], list[Timed]] = {}
    parts = halves(file, figures["half"])
    for _ in range(runs):
        for processes in (1, 2):
            libraries: list[str | Path] = [sys.executable, __file__, ALONE, *([file] if processes == 1 else parts)]
            one = timed(lambda: run(libraries))  # noqa: B023 - called at once
            found.setdefault(("alone", processes), []).append(one)
            two = timed(lambda: ingest(data / "c.duckdb", file, "web", "--workers", str(processes)))  # noqa: B023
            counted, pages = two.run.json["documents"], int(one.run.printed)
            assert abs(counted - pages) <= figures["pages"] / 100, (counted, pages)
            found.setdefault(("tokaudit", processes), []).append(two)
    size = figures["bytes"]
    show("libraries, 1 process", found["alone", 1], size, ())
    show("libraries, 2 processes", found["alone", 2], size, ())
    print("  ratio to the libraries in as many processes as extract; in as many as there are, at most 2")
    for workers in (1, 2):
        bases = [found["alone", workers], found["alone", 2]]
        show(f"tokaudit, {workers} worker{'s'[: workers - 1]}", found["tokaudit", workers], size, bases)


def seconds_of(work: Callable[[], Any]) -> tuple[float, Any]:
    """The CPU seconds that some work takes, and its result."""
    begin = time.process_time()
    result = work()
    return time.process_time() - begin, result


def stages(data: Path, file: Path) -> Iterator[tuple[str, float]]:
    """Yield what tokaudit does, and the CPU seconds it takes, each in one thread."""
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415 - this process must stay small before

    from tokaudit.core.batches import PageBatch  # noqa: PLC0415
    from tokaudit.core.extraction import Extraction  # noqa: PLC0415
    from tokaudit.core.page_kind import PageKind  # noqa: PLC0415
    from tokaudit.readers.files import InputFile  # noqa: PLC0415
    from tokaudit.readers.formats.warc import READER  # noqa: PLC0415
    from tokaudit.readers.options import ReadOptions  # noqa: PLC0415
    from tokaudit.readers.pages.charsets import decoded  # noqa: PLC0415
    from tokaudit.readers.pages.extracted import extract_all  # noqa: PLC0415
    from tokaudit.readers.pages.page_text import page_text  # noqa: PLC0415
    from tokaudit.readers.unpack.streams import open_stream  # noqa: PLC0415

    def unpack() -> None:
        with open_stream(stored) as stream:
            while stream.read(1 << 18):
                pass

    stored = InputFile(str(file), file.name, file.stat().st_size, "")
    whole = Extraction(main_content=True)
    inflate, _ = seconds_of(unpack)
    yield "inflate", inflate
    read, found = seconds_of(lambda: list(READER.read(stored, ReadOptions(extraction=whole))))
    yield "records, HTTP, batches", read - inflate
    batches = [one for one in found if isinstance(one, PageBatch)]
    pages = [pair for one in batches for pair in zip(one.pages.to_pylist(), one.charset.to_pylist(), strict=True)]
    decode, texts = seconds_of(lambda: [decoded(page, name) for page, name in pages])
    yield "character sets", decode
    raw, _ = seconds_of(lambda: [extract_plain_text(text, main_content=True) for text in texts])
    yield "resiliparse", raw
    del texts
    ours, texts = seconds_of(lambda: [page_text(PageKind.HTML, page, name, whole) for page, name in pages])
    yield "repairs, and extraction of more lists", ours - raw - decode
    pages.clear()
    there, _ = seconds_of(lambda: extract_all(batches))
    yield "pipes to another process, on this side", there
    lines = data / "texts.jsonl"
    with lines.open("w", encoding="utf-8") as target:
        target.writelines(json.dumps({"text": text}) + "\n" for text in texts)
    (data / "one.jsonl").write_text('{"text": "one"}\n', encoding="utf-8")
    start = ingest(data / "c.duckdb", data / "one.jsonl", "web", "--workers", "1").cpu_seconds
    yield "start and end of the program", start
    yield "measuring and writing", ingest(data / "c.duckdb", lines, "web", "--workers", "1").cpu_seconds - start


def main() -> None:
    """Make the crawl and compare."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folders", type=Path, nargs="+")
    options.add_argument("--data", type=Path, default=Path("/tmp/crawl"))  # noqa: S108 - a default for one machine
    options.add_argument("--megabytes", type=float, default=250)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument(ALONE, action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.alone:
        alone(given.folders)
        return
    given.data.mkdir(parents=True, exist_ok=True)
    file = given.data / "crawl.warc.gz"
    figures = known(given.folders, file, int(given.megabytes * 1e6))
    print(machine()["processor"], figures)
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1)  # processes whose parent has ended become those of this one
    compare(given.data, file, figures, given.runs)
    for name, seconds in stages(given.data, file):
        print(f"  {name:42} {seconds:6.2f} s CPU", flush=True)


if __name__ == "__main__":
    main()
