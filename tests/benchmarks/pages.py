"""Compares the speed of `tokaudit ingest` on HTML pages with the extractor alone, in as many processes.

    python tests/benchmarks/pages.py FOLDER [--data FOLDER] [--pages 2000] [--runs 3]

FOLDER contains HTML files. From those with text, that many pages are made, each with the words of its text in an order
of its own, as a folder and as a tar archive. The extractor alone reads the files, decodes them and extracts their main
content, and does nothing with it. Both run in turn, as whole processes; the ratio is that of their least seconds, as
other programs on the machine only add to them.
"""

import argparse
import multiprocessing
import random
import re
import shutil
import sys
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from programs import TOKENIZER, Run, ingest, machine, run

_TAG = re.compile(rb"(<script.*?</script>|<style.*?</style>|<!--.*?-->|<[^>]*>)", re.DOTALL | re.IGNORECASE)
_WORD = re.compile(rb"[A-Za-z]{2,}")
ALONE = "--alone"


def shuffled(page: bytes, seed: int) -> bytes:
    """The page with the words of its text in another order."""
    parts = _TAG.split(page)
    words = [word for text in parts[::2] for word in _WORD.findall(text)]
    random.Random(seed).shuffle(words)
    rest = iter(words)
    parts[::2] = [_WORD.sub(lambda _: next(rest), text) for text in parts[::2]]
    return b"".join(parts)


def with_text(folder: Path) -> Iterator[bytes]:
    """The pages of a folder that have main content."""
    for file in sorted(folder.rglob("*.html")):
        if file.is_file() and extracted(file):
            yield file.read_bytes()


def extracted(file: Path) -> int:
    """The characters of the main content of a page."""
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415 - loaded where it is used
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding  # noqa: PLC0415

    data = file.read_bytes()
    return len(extract_plain_text(bytes_to_str(data, detect_encoding(data) or "utf-8"), main_content=True).strip())


def alone(folder: Path, processes: int) -> None:
    """Extract all pages of a folder in some processes, and print how many have text."""
    files = sorted(folder.iterdir())
    if processes == 1:
        lengths: Sequence[int] = [extracted(file) for file in files]
    else:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            lengths = pool.map(extracted, files, chunksize=20)
    print(sum(length > 0 for length in lengths))


def make(source: Path, data: Path, count: int) -> int:
    """Write the pages as a folder and as an archive, and return their bytes."""
    pages = list(with_text(source))
    (data / "pages").mkdir(parents=True)
    for number in range(count):
        (data / "pages" / f"{number:06}.html").write_bytes(shuffled(pages[number % len(pages)], number))
    with tarfile.open(data / "pages.tar", "w") as archive:
        archive.add(data / "pages", "pages")
    return sum(file.stat().st_size for file in (data / "pages").iterdir())


def compare(data: Path, size: int, runs: int) -> None:
    """Run and print the extractor alone and tokaudit, with one and two processes."""
    for processes in (1, 2):
        found: dict[str, list[Run]] = {"alone": [], "pages": [], "pages.tar": []}
        for _ in range(runs):
            found["alone"].append(run([sys.executable, __file__, data / "pages", ALONE, str(processes)]))
            for kind in ("pages", "pages.tar"):
                done = ingest(data / "c.duckdb", data / kind, "web", "--workers", str(processes))
                assert done.json["documents"] == int(found["alone"][-1].printed), done.json
                found[kind].append(done)
        base = min(each.seconds for each in found["alone"])
        for kind, each in found.items():
            seconds = min(one.seconds for one in each)
            tokens = 0 if kind == "alone" else each[0].json["tokens"][TOKENIZER]
            print(
                f"{processes} x {kind:10} {seconds:6.2f} s {size / 1e6 / seconds:6.1f} MB/s of HTML, ratio"
                f" {base / seconds:4.2f}, CPU {each[0].cpu_seconds:5.1f} s, peak {each[0].peak_mib:4.0f} MiB,"
                f" {tokens:,} tokens"
            )


def main() -> None:
    """Make the pages and compare."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--data", type=Path, default=Path("/tmp/pages"))  # noqa: S108 - a default for one machine
    options.add_argument("--pages", type=int, default=2_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument(ALONE, type=int, default=0, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.alone:
        alone(given.folder, given.alone)
        return
    shutil.rmtree(given.data, ignore_errors=True)
    size = make(given.folder, given.data, given.pages)
    print(machine()["processor"], f"{given.pages:,} pages, {size / 1e6:.0f} MB")
    compare(given.data, size, given.runs)
    shutil.rmtree(given.data)


if __name__ == "__main__":
    main()
