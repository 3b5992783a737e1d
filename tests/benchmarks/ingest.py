"""How fast `tokaudit ingest` is beside the floor: whole processes in turn, in one run, on text that Python has.

    python tests/benchmarks/ingest.py [--megabytes 300] [--runs 3] [--json FILE]

The corpus is this Python's library files, repeated with a quarter of their words altered, so that documents
are long and short, and none is a duplicate by chance. Both programs must count the same tokens.
"""

import argparse
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LONGEST = 200_000
"""Characters of a document; longer files are cut."""


def library_texts() -> list[str]:
    """Python's own library files, in order of name."""
    files = sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py"))
    texts = [file.read_bytes()[:LONGEST].decode(errors="ignore") for file in files if "site-packages" not in file.parts]
    return [text for text in texts if text.strip()]


def altered_forever(texts: list[str]) -> Iterator[str]:
    """The texts again and again, each time with other words in a quarter of the places."""
    chance = random.Random(0)
    while True:
        for text in texts:
            words = text.split(" ")
            for _ in range(max(1, len(words) // 4)):
                words[chance.randrange(len(words))] = f"w{chance.getrandbits(24):x}"
            yield " ".join(words)


def make_corpus(path: Path, megabytes: float) -> None:
    """Write JSON lines with so much text."""
    held = 0
    with path.open("w", encoding="utf-8") as stream:
        for text in altered_forever(library_texts()):
            stream.write(json.dumps({"text": text}) + "\n")
            held += len(text)
            if held >= megabytes * 1e6:
                return


def timed(command: list[str]) -> tuple[str, float, float]:
    """What the command printed, its seconds and its peak memory in MiB."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} failed with {process.returncode}")
    return printed, seconds, usage.ru_maxrss / 1024


def measure(corpus: Path, runs: int) -> dict[str, Any]:
    """Seconds and memory of both programs, in turn, after one run that fills caches."""
    floor, ingest = [], []
    peak = 0.0
    for run in range(runs + 1):
        printed, seconds, _ = timed([sys.executable, str(Path(__file__).with_name("floor.py")), str(corpus)])
        documents, size, tokens = map(int, printed.split())
        catalog = corpus.with_name("catalog.duckdb")
        command = [sys.executable, "-m", "tokaudit", "-q", "--catalog", str(catalog), "--format", "json"]
        printed, ingest_seconds, memory = timed([*command, "ingest", str(corpus), "--domain", "web"])
        result = json.loads(printed)
        assert (result["documents"], result["bytes"]) == (documents, size)
        assert result["tokens"]["cl100k_base"] == tokens
        catalog.unlink()
        shutil.rmtree(catalog.with_name(catalog.name + ".parts"))
        if run:
            floor.append(seconds)
            ingest.append(ingest_seconds)
            peak = max(peak, memory)
    ratios = [ours / least for ours, least in zip(ingest, floor, strict=True)]
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "text_mb": size / 1e6,
        "documents": documents,
        "tokens": tokens,
        "floor_mb_per_s": size / 1e6 / statistics.median(floor),
        "ingest_mb_per_s": size / 1e6 / statistics.median(ingest),
        "ingest_tokens_per_s": tokens / statistics.median(ingest),
        "ingest_peak_mib": peak,
        "ratio_median": statistics.median(ratios),
        "ratio_least": min(ratios),
        "ratio_most": max(ratios),
    }


def main() -> None:
    """Make the corpus, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--megabytes", type=float, default=300)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.jsonl"
        make_corpus(corpus, options.megabytes)
        figures = measure(corpus, options.runs)
    for name, value in figures.items():
        print(f"{name:20} {value:,.2f}" if isinstance(value, float) else f"{name:20} {value}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
