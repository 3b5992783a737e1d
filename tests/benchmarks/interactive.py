"""Measures the commands that people wait for on a catalog of a million documents: seconds by the clock, and of CPU.

    python tests/benchmarks/interactive.py [--catalog FILE] [--documents 1000000] [--repeat 3] [--only NAME]

Without --catalog, a corpus is written and counted first: 20 sources in four domains, two labels, a tenth of the
documents duplicates. Each command is a process of its own. The medians are printed; on a busy machine, CPU says more.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from programs import run

from tokaudit.catalog.queries import shipped_queries

SOURCES: Final = 20
DOMAINS: Final = ("web", "books", "code", "papers")
MOST: Final = 1.0
"""Seconds that an interactive command may take."""
MOST_OF_PAGES: Final = 3.0
"""Seconds that a page may take."""

COMMANDS: Final = {
    "help": ["--help"],
    "guide": ["guide"],
    "status": ["status"],
    "supply": ["supply"],
    "supply by source": ["supply", "--by", "source"],
    "supply by label": ["supply", "--by", "language"],
    "supply by two labels": ["supply", "--by", "language,q"],
    "supply where": ["supply", "--where", "language = 'en' and q > 3"],
    "supply where, by label": ["supply", "--by", "q", "--where", "language = 'en'"],
    "overlap": ["overlap"],
    "overlap by source": ["overlap", "--by", "source"],
    "duplicates": ["duplicates"],
    "errors": ["errors"],
    "plan": ["plan", "--flops", "1e20", "--supply", "measured"],
    "plan where": ["plan", "--flops", "1e20", "--supply", "measured", "--where", "language = 'en'"],
    "runs": ["runs"],
    "laws": ["laws"],
    "ceilings": ["ceilings"],
    "report": ["report", "counted.html", "--force"],
    "report of a plan": ["report", "plan.html", "--flops", "1e20", "--force"],
    "plan as a page": ["plan", "--flops", "1e20", "--supply", "measured", "--html", "page.html", "--force"],
    "export (not interactive)": ["export", "--kept", "kept.parquet", "--dropped", "dropped.parquet", "--force"],
}


def write_corpus(folder: Path, documents: int) -> list[tuple[Path, str]]:
    """Write the files, each a source; returns them with their domains."""
    chance = random.Random(1)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 9))) for _ in range(20_000)]
    known: list[str] = []
    written = []
    for number in range(SOURCES):
        file = folder / f"s{number}.jsonl"
        with file.open("w", encoding="utf-8") as stream:
            for _ in range(documents // SOURCES):
                text = next_text(chance, words, known)
                labels = {"language": chance.choice(["en", "de", "fr"]), "q": chance.randint(0, 5)}
                stream.write(json.dumps({"text": text, **labels}) + "\n")
        written.append((file, DOMAINS[number % len(DOMAINS)]))
    return written


def next_text(chance: random.Random, words: list[str], known: list[str]) -> str:
    """A text: an earlier one (8 %), one with a word changed (2 %), or a new one."""
    kind = chance.random()
    if known and kind < 0.08:
        return chance.choice(known)
    if known and kind < 0.1:
        changed = chance.choice(known).split()
        changed[chance.randrange(len(changed))] = chance.choice(words)
        return " ".join(changed)
    text = " ".join(chance.choices(words, k=chance.randint(25, 60)))
    if len(known) < 50_000 and chance.random() < 0.2:
        known.append(text)
    return text


def make_catalog(folder: Path, documents: int) -> Path:
    """Write the corpus and count it."""
    catalog = folder / "million.duckdb"
    for file, domain in write_corpus(folder, documents):
        labels = ["--label", "language=language", "--label", "q=q"]
        asked = ["ingest", str(file), "--domain", domain, "--source", file.stem, *labels, "--format", "json"]
        run([*program(), "--catalog", str(catalog), "-q", *asked], folder=folder)
    return catalog


def program() -> list[str]:
    """The command line of tokaudit."""
    return [sys.executable, "-m", "tokaudit"]


def commands(catalog: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield what is measured: a name and the command line."""
    yield "import tokaudit", [sys.executable, "-c", "import tokaudit"]
    tokaudit = [*program(), "--catalog", str(catalog), "-q"]
    for name, arguments in COMMANDS.items():
        yield name, [*tokaudit, *arguments]
    yield "show", [*tokaudit, "show", "s0.jsonl", "5"]
    for name in shipped_queries():
        yield f"query {name}", [*tokaudit, "query", name, "--max-rows", "100"]


def measure(catalog: Path, folder: Path, repeat: int, only: str) -> dict[str, dict[str, float]]:
    """Name -> the medians of its seconds by the clock and of CPU."""
    found = {}
    for name, command in commands(catalog):
        if only in name:
            runs = [run(command, folder=folder) for _ in range(repeat)]
            wall = statistics.median(each.seconds for each in runs)
            cpu = statistics.median(each.cpu_seconds for each in runs)
            found[name] = {"seconds": wall, "cpu_seconds": cpu}
            most = MOST_OF_PAGES if any(each.endswith(".html") for each in command) else MOST
            slow = f"  more than {most:.0f} s" if wall > most and "not interactive" not in name else ""
            print(f"{name:32}{wall:9.2f}{cpu:9.2f}{slow}", flush=True)
    return found


def main() -> None:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--catalog", type=Path, help="a catalog with the labels language and q [default: a new one]")
    parser.add_argument("--documents", type=int, default=1_000_000, help="of a new catalog [default: %(default)s]")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each command [default: %(default)s]")
    parser.add_argument("--only", default="", help="measure only what has this in its name")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        catalog = options.catalog or make_catalog(Path(folder), options.documents)
        print(f"{'command':32}{'seconds':>9}{'CPU':>9}")
        found = measure(catalog.absolute(), Path(folder), options.repeat, options.only)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
