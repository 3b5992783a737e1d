"""Compares the speed of `tokaudit ingest` with the floor and with other tools: whole processes in turn, in one run.

    python tests/benchmarks/ingest.py [--case NAME]... [--megabytes 500] [--runs 3] [--corpus FOLDER] [--data FOLDER]
                                      [--peers] [--json FILE]

Cases: jsonl, zst, parquet, small, huge, empty, borderline and versions against the floor (`floor.py`), which always
reads the same text as uncompressed JSON lines; tree against one file of JSON lines; scaling, tokenizers, fixed, memory
and estimate. `--peers` also installs datatrove, dolma and text-dedup, each in its own environment, and runs them on
100 MB. If floor and ingest do not count the same documents, bytes and tokens, the benchmark stops. On a loaded machine
seconds mean little: look at the ratios, their spread, and the CPU seconds.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from cases import CASES, Bench
from peers import beside_peers
from programs import Figures, drop, ingest, machine
from table import show


def main() -> None:
    """Measure the chosen cases, print their figures, and write them as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    known = ", ".join(CASES)
    parser.add_argument("--case", action="append", choices=CASES, metavar="NAME", help=f"one of {known} [default: all]")
    parser.add_argument("--megabytes", type=float, default=500, help="size of corpora that can have any [default: 500]")
    parser.add_argument("--runs", type=int, default=3, help="how often each program runs [default: 3]")
    parser.add_argument("--corpus", type=Path, help="folder of text [default: files of this Python installation]")
    parser.add_argument("--data", type=Path, help="folder where corpora are kept [default: a temporary folder]")
    parser.add_argument("--peers", action="store_true", help="also run datatrove, dolma and text-dedup")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        data = (options.data or Path(temporary)).absolute()
        bench = Bench(data, options.corpus, Path(temporary) / "bench.duckdb", options.megabytes, options.runs)
        tiny = bench.corpus("tiny")
        ingest(bench.catalog, tiny.path, tiny.domain)  # builds the vocabulary, loads packages into the page cache
        done: Figures = {**machine(), "megabytes": options.megabytes, "runs": options.runs, "cases": {}}
        print(f"{done['processor']}, {done['machine']}, vectors of {done['vector_bits']} bits")
        chosen = options.case or ([] if options.peers else list(CASES))
        cases = {name: CASES[name] for name in chosen} | ({"peers": beside_peers} if options.peers else {})
        for name, case in cases.items():
            print(f"{name} …", file=sys.stderr, flush=True)
            done["cases"][name] = case(bench)
            drop(bench.catalog)
            show(name, done["cases"][name])
            if options.json:
                options.json.write_text(json.dumps(done, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
