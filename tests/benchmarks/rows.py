"""Measures a catalog of many documents, with all rows in its file and with all rows in Parquet files next to it.

    python tests/benchmarks/rows.py [--documents 20000000] [--json FILE] [--folder DIR]

There are no texts: counts, keys and labels are made up, and written as an ingest writes them. A quarter of the
documents are exact copies of earlier ones, of any source. Each step is a process of its own. Figures are wall and CPU
seconds and peak memory, and the sizes of the files.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tokaudit.catalog import sources
from tokaudit.catalog.connection import write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.layout import parts_folder
from tokaudit.catalog.move_rows import move_rows
from tokaudit.catalog.writer import CatalogWriter
from tokaudit.core.batches import MeasuredBatch
from tokaudit.core.ordered_map import worker_threads
from tokaudit.core.types import Int64, UInt64
from tokaudit.dedup.regroup import regroup
from tokaudit.dedup.stored_sets import StoredSets
from tokaudit.dedup.verify import Verifier
from tokaudit.measure.fingerprints.minhash import BANDS, BINS
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.files import InputFile

FILE_DOCUMENTS: Final = 50_000
SOURCES: Final = {"crawl-a": "web", "crawl-b": "web", "novels": "books", "programs": "code"}
LANGUAGES: Final = pa.array(["en", "de", "fr", "ja", "und"])
COMMANDS: Final = (
    "supply",
    "supply --by source",
    "supply --by language",
    "overlap",
    "duplicates",
    "query length_bands",
    "query largest_documents",
    "export --kept kept.parquet --dropped dropped.parquet --force",
)


def mix(value: UInt64) -> UInt64:
    """Mix all bits of each value, one to one (fmix64 of MurmurHash3)."""
    value = (value ^ value >> np.uint64(33)) * np.uint64(0xFF51AFD7ED558CCD)
    value = (value ^ value >> np.uint64(33)) * np.uint64(0xC4CEB9FE1A85EC53)
    return value ^ value >> np.uint64(33)


def made_batch(first: int, documents: int) -> MeasuredBatch:
    """Made-up measurements of documents, by their numbers."""
    numbers = np.arange(first, first + documents, dtype=np.uint64)
    chance = mix(numbers + np.uint64(1))
    texts = np.where(chance % np.uint64(4) == 0, mix(chance) % np.maximum(numbers, np.uint64(1)), numbers)
    shape = mix(texts + np.uint64(7))
    size: Int64 = (200 + (shape % np.uint64(4000))).astype(np.int64) * (1 + 9 * (shape % np.uint64(13) == 0))
    return MeasuredBatch(
        ordinal=np.arange(documents),
        offset=pa.array(np.cumsum(size) - size + np.arange(documents) * 20),
        labels={"language": LANGUAGES.take(pa.array((mix(shape) % np.uint64(5)).astype(np.int64)))},
        bytes=size,
        words=np.zeros(documents, np.int64),  # without words, no text has near-duplicates
        keys=np.column_stack([mix(texts), mix(texts ^ np.uint64(1 << 63))]),
        tokens={"made-up": size // 4},
        bytes_repeated_inside=pa.array(np.where(shape % np.uint64(17) == 0, size // 9, 0)),
        signatures=np.zeros((documents, BINS), np.uint16),
        bands=np.zeros((documents, BANDS), np.uint32),
    )


def make(catalog: Path, documents: int) -> None:
    """Count made-up documents into a new catalog, and group them."""
    with exclusive_writer(catalog) as file:
        share = documents // len(SOURCES)
        for place, (source, domain) in enumerate(SOURCES.items()):
            settings = sources.SourceSettings(
                source, domain, "jsonl", TextFields(("text",)), "default", (), {"language": "language"}
            )
            with write_transaction(file) as connection:
                sources.register_source(connection, settings)
                name, number = sources.register_tokenizer(connection, "made-up", "0" * 64, "made up")
                ingest = sources.begin_ingest(connection, source, {})
            writer = CatalogWriter(file, source, ingest, {name: number}, ["language=language"])
            for first in range(place * share, (place + 1) * share, FILE_DOCUMENTS):
                batch = made_batch(first, min(FILE_DOCUMENTS, (place + 1) * share - first))
                path = f"/made-up/{source}/{first}.jsonl"
                writer.begin(InputFile(path, path[9:], int(batch.bytes.sum()), ""), f"{first:032x}", "jsonl", None)
                writer.add(batch, [len(batch.ordinal)])
            writer.flush()
            with write_transaction(file) as connection:
                sources.finish_ingest(connection, ingest)
        with StoredSets(file) as sets:
            regroup(file, Verifier(file, sets, worker_threads()), print)


def move(catalog: Path) -> None:
    """Move all rows of a catalog to Parquet files."""
    with exclusive_writer(catalog) as file:
        move_rows(file, 0, print)


def measured(arguments: list[str], folder: Path) -> dict[str, Any]:
    """Wall and CPU seconds and peak memory of a Python process."""
    began = time.monotonic()
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen([sys.executable, *arguments], cwd=folder, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{arguments}: exit status {status}")
    return {
        "seconds": round(time.monotonic() - began, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": usage.ru_maxrss // 1000,
    }


def sizes(catalog: Path) -> dict[str, int]:
    """Megabytes of the catalog's file and of the Parquet files by kind."""
    moved = {folder.name: folder for folder in parts_folder(catalog).glob("*") if folder.is_dir()}
    found = {name: sum(file.stat().st_size for file in folder.iterdir()) for name, folder in moved.items()}
    return {name: size // 10**6 for name, size in {"file": catalog.stat().st_size, **found}.items()}


def main() -> None:
    """Make both catalogs, and measure the commands on each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=20_000_000)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        name, catalog = given.step[0], Path(given.step[1])
        make(catalog, given.documents) if name == "make" else move(catalog)
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as temporary:
        folder = Path(temporary)
        here, moved = folder / "here.duckdb", folder / "moved.duckdb"
        step = [__file__, "--documents", str(given.documents), "--step"]
        figures: dict[str, Any] = {"make": measured([*step, "make", str(here)], folder)}
        shutil.copy(here, moved)
        figures["move"] = measured([*step, "move", str(moved)], folder)
        figures["megabytes"] = {"here": sizes(here), "moved": sizes(moved)}
        for command in COMMANDS:
            answers = []
            figures[command] = {}
            for catalog in (here, moved):
                arguments = ["-m", "tokaudit", "-q", "--catalog", str(catalog), "--json", *command.split()]
                figures[command][catalog.stem] = measured(arguments, folder)
                answers.append((folder / "out").read_bytes().replace(str(catalog).encode(), b""))
            figures[command]["same"] = answers[0] == answers[1]
            print(command, figures[command], flush=True)
    print(json.dumps(figures, indent=1))
    if given.json:
        given.json.write_text(json.dumps(figures))


if __name__ == "__main__":
    main()
