"""Measures regrouping: of a catalog of made-up fingerprints, of one of twice the size, and after a small addition.

    python tests/benchmarks/regroup.py [--documents 10000000] [--once] [--json FILE] [--folder DIR]

There are no texts. Keys and signatures are made up, so that only comparing and grouping are measured. A twentieth of
the documents are exact duplicates. A fifth of the texts are near-duplicates of templates whose popularity follows a
power law. Up to 0.3 of their 128 values are changed, so that pairs have similarities of 0.5 to 1 and share bands like
real ones. The files do not exist, so borderline pairs are decided by their estimates. Each step is a process of its
own. Figures are wall and CPU seconds and peak memory.

A copy of the catalog is compared by the stages `shared` and `pairs` in processes of their own, as on a cluster. The
step `driver` takes their results; `growth` is that of its peak memory.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tokaudit.catalog import sources
from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.layout import parts_folder
from tokaudit.catalog.writer import CatalogWriter
from tokaudit.core.batches import MeasuredBatch
from tokaudit.core.ordered_map import worker_threads
from tokaudit.core.types import Int64, UInt16, UInt64
from tokaudit.dedup.regroup import regroup
from tokaudit.dedup.stored_sets import StoredSets
from tokaudit.dedup.verify import Verifier
from tokaudit.measure.fingerprints.minhash import BINS, band_keys
from tokaudit.pipeline.group_rank import group_rank
from tokaudit.pipeline.groups import update_groups
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.files import InputFile

TEXT_BYTES: Final = 2_000
"""Bytes that each document claims to have: a commit of 64 MB contains 32,000 documents."""
FILE_DOCUMENTS: Final = 10_000
SMALL_FILE_DOCUMENTS: Final = 1_000
COPIES: Final = np.uint64(20)  # one in this many documents is an exact duplicate
NEAR: Final = np.uint64(5)  # one in this many texts is near a template
MEMBERS: Final = 5  # near-duplicates per template, on average
MOST_CHANGED: Final = 0.3
STAGES: Final = ("shared", "pairs")
SOURCES: Final = {"web-a": "web", "web-b": "web", "code": "code"}
UNIT: Final = 2.0**-53


def mix(value: UInt64) -> UInt64:
    """Mix all bits of each value, one to one (fmix64 of MurmurHash3)."""
    value = (value ^ value >> np.uint64(33)) * np.uint64(0xFF51AFD7ED558CCD)
    value = (value ^ value >> np.uint64(33)) * np.uint64(0xC4CEB9FE1A85EC53)
    return value ^ value >> np.uint64(33)


def made_texts(documents: Int64) -> tuple[Int64, UInt64]:
    """The number of each document's text (an earlier document's if it is an exact duplicate), and its key."""
    number = documents.astype(np.uint64)
    chance = mix(number ^ np.uint64(0xC0FFEE))
    copies = (chance % COPIES == 0) & (number > 0)
    text = np.where(copies, (chance >> np.uint64(8)) % np.maximum(number, 1), number)
    keys = [mix(np.uint64(2) * text + np.uint64(half)) for half in (1, 2)]
    return text.astype(np.int64), np.column_stack(keys)


def made_signatures(texts: Int64, templates: int) -> UInt16:
    """The signature of each text: that of a template with some values changed, or one unlike all others."""
    text = texts.astype(np.uint64)
    chance = mix(text ^ np.uint64(0xDECADE))
    place = (mix(chance) >> np.uint64(11)) * UNIT
    template = (place * place * templates).astype(np.uint64) + np.uint64(1 << 50)
    changed = ((mix(chance + np.uint64(1)) >> np.uint64(11)) * UNIT * MOST_CHANGED * 2.0**32).astype(np.uint64)
    columns = np.arange(BINS, dtype=np.uint64)
    own = mix((text << np.uint64(7))[:, None] + columns + np.uint64(1 << 40))
    near = (chance % NEAR == 0)[:, None] & ((own & np.uint64(0xFFFFFFFF)) >= changed[:, None])
    values = np.where(near, mix((template << np.uint64(7))[:, None] + columns), own)
    return (values >> np.uint64(32)).astype(np.uint16)


def batches(begin: int, end: int, templates: int) -> Iterator[MeasuredBatch]:
    """Documents from `begin` up to `end`, one batch per file."""
    for first in range(begin, end, FILE_DOCUMENTS):
        documents = np.arange(first, min(first + FILE_DOCUMENTS, end))
        texts, keys = made_texts(documents)
        signatures = made_signatures(texts, templates)
        ordinal = documents - first
        size = np.full(len(documents), TEXT_BYTES)
        offset = pa.array(ordinal * TEXT_BYTES)
        tokens, not_measured = {"made": size // 4}, pa.nulls(len(documents), pa.int64())
        bands = band_keys(signatures)
        yield MeasuredBatch(ordinal, offset, {}, size, size // 6, keys, tokens, not_measured, signatures, bands)


def add(catalog: Path, source: str, begin: int, end: int, templates: int) -> None:
    """Write documents from `begin` up to `end` into the catalog as files of one source, without regrouping."""
    settings = sources.SourceSettings(source, SOURCES[source], "jsonl", TextFields(), "none", (), {})
    with exclusive_writer(catalog):
        with write_transaction(catalog) as connection:
            sources.register_source(connection, settings)
            name, tokenizer = sources.register_tokenizer(connection, "made", "0" * 64, "none")
            ingest = sources.begin_ingest(connection, source, {})
        writer = CatalogWriter(catalog, source, ingest, {name: tokenizer})
        for place, batch in enumerate(batches(begin, end, templates)):
            below = f"{begin + place * FILE_DOCUMENTS:012d}.jsonl"
            file = InputFile(f"/made/{source}/{below}", below, TEXT_BYTES * len(batch.ordinal), "")
            writer.begin(file, "", "jsonl", None)
            writer.add(batch, [len(batch.ordinal)])
        writer.flush()


def step(name: str, catalog: Path, documents: int) -> None:
    """Do one step, in a process of its own; print notes with the seconds since its start."""
    started = time.perf_counter()

    def note(what: str) -> None:
        print(f"{time.perf_counter() - started:8.2f} {what}", file=sys.stderr, flush=True)

    templates = max(1, documents // int(NEAR) // MEMBERS)
    if name == "make":
        edges = np.linspace(0, documents, len(SOURCES) + 1).astype(int).tolist()
        for source, begin, end in zip(SOURCES, edges, edges[1:], strict=False):
            add(catalog, source, begin, end, templates)
    elif name == "more":
        add(catalog, "code", documents, documents + SMALL_FILE_DOCUMENTS, templates)
    elif name in STAGES:
        group_rank(catalog, name, (0, 1), None, worker_threads(), note)
    elif name == "driver":
        with exclusive_writer(catalog):
            update_groups(catalog, worker_threads(), note)
    else:
        with exclusive_writer(catalog), StoredSets(catalog) as sets:
            regroup(catalog, Verifier(catalog, sets, worker_threads()), note)
    note(name)


def timed(name: str, catalog: Path, documents: int) -> dict[str, float]:
    """Run a step as a process; returns its seconds and memory."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, __file__, "--step", name, str(catalog), str(documents)])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"the step {name} failed with {process.returncode}")
    return {
        "seconds": round(time.perf_counter() - started, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mib": round(usage.ru_maxrss / 1024),
    }


def measure(folder: Path, documents: int) -> dict[str, Any]:
    """Figures for making a catalog, regrouping it, adding a small file, and regrouping again."""
    catalog = folder / f"{documents}.duckdb"
    figures: dict[str, Any] = {"documents": documents}
    elsewhere = folder / f"{documents}-elsewhere.duckdb"
    steps = {"make": "make", **{name: name for name in (*STAGES, "driver")}}
    steps |= {"regroup": "regroup", "more": "more", "regroup_more": "regroup"}
    for name, what in steps.items():
        if name == STAGES[0]:
            shutil.copy(catalog, elsewhere)
            shutil.copytree(parts_folder(catalog), parts_folder(elsewhere), copy_function=os.link)
        figures[name] = timed(what, elsewhere if name in (*STAGES, "driver") else catalog, documents)
        print(name, figures[name], flush=True)
    with open_readonly(catalog) as connection:
        for table in ("similarities", "uncounted"):
            (figures[table],) = connection.execute(f"select count(*) from store.{table}").fetchall()[0]  # noqa: S608
    return figures


def main() -> None:
    """Make catalogs, measure, and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=10_000_000)
    parser.add_argument("--once", action="store_true", help="leave out the catalog of twice the size")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--folder", type=Path, help="keep the catalogs in this folder [default: a temporary folder]")
    parser.add_argument("--step", nargs=3, metavar=("NAME", "CATALOG", "DOCUMENTS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        step(options.step[0], Path(options.step[1]), int(options.step[2]))
        return
    folder = options.folder or Path(tempfile.mkdtemp())
    try:
        figures = [measure(folder, options.documents * times) for times in ([1] if options.once else [1, 2])]
    finally:
        if options.folder is None:
            shutil.rmtree(folder)
    report: dict[str, Any] = {"runs": figures}
    if not options.once:
        report["growth"] = round(figures[1]["driver"]["peak_mib"] / figures[0]["driver"]["peak_mib"], 2)
        report["doubling"] = round(figures[1]["regroup"]["seconds"] / figures[0]["regroup"]["seconds"], 2)
    print(json.dumps(report, indent=2))
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
