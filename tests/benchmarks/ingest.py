"""How fast `tokaudit ingest` is beside the floor and beside its peers: whole processes in turn, in one run.

    python tests/benchmarks/ingest.py [--case NAME]... [--megabytes 500] [--runs 3] [--corpus FOLDER] [--data FOLDER]
                                      [--peers] [--json FILE]

Cases: jsonl, zst, parquet, small, huge, empty, borderline and versions beside the floor (`floor.py`), which always
reads the same text as uncompressed JSON lines; tree beside one file of JSON lines; scaling, tokenizers, fixed, memory
and estimate. `--peers` also installs datatrove, dolma and text-dedup, each in an environment of its own, and runs them
on 100 MB. Programs that are compared must count the same documents, bytes and tokens, or nothing is said. Seconds of a
loaded machine mean little: look at the ratios, their spread, and the CPU seconds.
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
    """Measure the cases asked for, print them, write them as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    known = ", ".join(CASES)
    parser.add_argument("--case", action="append", choices=CASES, metavar="NAME", help=f"one of {known} [default: all]")
    parser.add_argument("--megabytes", type=float, default=500, help="text of a corpus whose size is free")
    parser.add_argument("--runs", type=int, default=3, help="how often each program runs")
    parser.add_argument("--corpus", type=Path, help="folder of text [default: what this Python brings along]")
    parser.add_argument("--data", type=Path, help="folder where corpora are kept [default: a temporary one]")
    parser.add_argument("--peers", action="store_true", help="also run the peers")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        data = (options.data or Path(temporary)).absolute()
        bench = Bench(data, options.corpus, Path(temporary) / "bench.duckdb", options.megabytes, options.runs)
        tiny = bench.corpus("tiny")
        ingest(bench.catalog, tiny.path, tiny.domain)  # vocabulary built, packages in memory
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
