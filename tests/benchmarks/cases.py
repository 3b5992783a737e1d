"""The benchmark cases: each makes its corpora, runs whole processes, and returns figures for the report."""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from programs import CORPORA, FLOOR, TOKENIZER, Figures, Run, drop, figures, ingest, run, spread, stored, tokaudit

import tokaudit as package

BESIDE_FLOOR: Final = ("jsonl", "zst", "parquet", "small", "huge", "empty", "borderline", "versions")
"""Kinds of corpora that the floor counts, too."""
ESTIMATED: Final = ("jsonl", "zst", "parquet", "small", "huge", "empty", "borderline", "tree", "tiny")
"""Kinds of corpora that are estimated before they are ingested."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus on disk.

    Attributes:
        path: the PATH for `tokaudit ingest`.
        lines: the same text as uncompressed JSON lines.
        domain: the value of `--domain`.
    """

    path: Path
    lines: Path
    domain: str


@dataclass(frozen=True, slots=True)
class Bench:
    """Settings that every case uses.

    Attributes:
        data: folder where corpora are kept.
        source: folder whose files are the text; None for the files of this Python installation.
        catalog: path for a catalog; nothing is there before or after a case.
        megabytes: megabytes of text in corpora that can have any size.
        runs: how often each program runs.
    """

    data: Path
    source: Path | None
    catalog: Path
    megabytes: float
    runs: int

    def corpus(self, kind: str, megabytes: float = 0) -> Corpus:
        """A corpus of a kind (see `corpora.py`), made if it is not there yet."""
        words: list[str | Path] = [
            sys.executable,
            CORPORA,
            kind,
            str(megabytes),
            self.data,
            *([self.source] if self.source else []),
        ]
        made = run(words).json
        return Corpus(Path(made["path"]), Path(made["lines"]), made["domain"])


def beside_floor(kind: str) -> Callable[[Bench], Figures]:
    """A case that runs floor and ingest in turn over the same text. The floor always reads uncompressed JSON lines."""

    def case(bench: Bench) -> Figures:
        corpus = bench.corpus(kind, bench.megabytes)
        floors, ingests = [], []
        for _ in range(bench.runs):
            floors.append(run([sys.executable, FLOOR, corpus.lines]))
            ingests.append(ingest(bench.catalog, corpus.path, corpus.domain))
        documents, size, tokens = map(int, floors[0].printed.split())
        _check(ingests[0], documents, size, tokens)
        return _compared({"floor": floors, "ingest": ingests}, size / 1e6, documents, tokens)

    return case


def tree(bench: Bench) -> Figures:
    """A source tree of many small files, against the same text in one file of JSON lines."""
    corpus = bench.corpus("tree", bench.megabytes)
    trees, lines = [], []
    for _ in range(bench.runs):
        lines.append(ingest(bench.catalog, corpus.lines, "web"))
        trees.append(ingest(bench.catalog, corpus.path, corpus.domain))
    told = lines[0].json
    _check(trees[0], told["documents"], told["bytes"], told["tokens"][TOKENIZER])
    measured = {"jsonl": lines, "tree": trees}
    return _compared(measured, told["bytes"] / 1e6, told["documents"], told["tokens"][TOKENIZER])


def scaling(bench: Bench) -> Figures:
    """One worker against two, on four times the text, in MB/s. The time for a tiny corpus (start-up) is subtracted."""
    corpus, tiny = bench.corpus("jsonl", 4 * bench.megabytes), bench.corpus("tiny")
    rates: dict[str, list[float]] = {"1": [], "2": []}
    peaks = dict.fromkeys(rates, 0.0)
    for _ in range(bench.runs):
        for workers, found in rates.items():
            start = ingest(bench.catalog, tiny.path, "web", "--workers", workers)
            whole = ingest(bench.catalog, corpus.path, "web", "--workers", workers)
            text_mb = (whole.json["bytes"] - start.json["bytes"]) / 1e6
            found.append(text_mb / (whole.seconds - start.seconds))
            peaks[workers] = max(peaks[workers], whole.peak_mib)
    return {
        "text_mb": text_mb,
        "mb_per_s": rates,
        "peak_mib": peaks,
        "ratio": spread([two / one for one, two in zip(rates["1"], rates["2"], strict=True)]),
    }


def tokenizers(bench: Bench) -> Figures:
    """Several tokenizers in one pass against one, and a second tokenizer added to a counted corpus."""
    corpus = bench.corpus("jsonl", bench.megabytes)
    passes: Mapping[str, tuple[str, ...]] = {
        "one": ("cl100k_base",),
        "another": ("o200k_base",),
        "two": ("cl100k_base", "o200k_base"),
        "three": ("cl100k_base", "o200k_base", "qwen3"),
    }
    runs: dict[str, list[Run]] = {name: [] for name in (*passes, "added")}
    for _ in range(bench.runs):
        for name, given in passes.items():
            options = [word for tokenizer in given for word in ("--tokenizer", tokenizer)]
            runs[name].append(ingest(bench.catalog, corpus.path, "web", *options))
            if name == "one":
                again = ("ingest", corpus.path, "--domain", "web", "--tokenizer", "o200k_base")
                runs["added"].append(tokaudit(bench.catalog, *again))
    told = runs["one"][0].json
    for name in ("added", "two", "three"):
        assert runs[name][0].json["tokens"]["o200k_base"] == runs["another"][0].json["tokens"]["o200k_base"]
    measured = {
        name: figures(some, told["bytes"] / 1e6, told["documents"], told["tokens"][TOKENIZER])
        for name, some in runs.items()
    }
    ratios = {
        f"{name}_to_one": spread([a.seconds / b.seconds for a, b in zip(some, runs["one"], strict=True)])
        for name, some in runs.items()
        if name != "one"
    }
    return {"text_mb": told["bytes"] / 1e6, "documents": told["documents"], "programs": measured, "ratios": ratios}


def fixed(bench: Bench) -> Figures:
    """Fixed costs: help, queries of a large catalog, and one small file into a new or a large catalog."""
    large = bench.corpus("numbered")
    tiny = bench.corpus("tiny")
    documents = ingest(bench.catalog, large.path, "web").json["documents"]
    extra = bench.catalog.with_name("fixed.duckdb")
    measured: dict[str, list[Run]] = {}
    for _ in range(bench.runs):
        for name, found in {
            "help": run([sys.executable, "-m", "tokaudit", "--help"]),
            "supply": tokaudit(bench.catalog, "supply"),
            "plan": tokaudit(bench.catalog, "plan", "--flops", "1e20"),
            "query": tokaudit(bench.catalog, "query", "supply", "-p", "by=domain", "-p", f"tokenizer={TOKENIZER}"),
            "tiny ingest": ingest(extra, tiny.path, "web"),
            "tiny ingest into the large catalog": _ingest_into_copy(bench.catalog, extra, tiny),
        }.items():
            measured.setdefault(name, []).append(found)
    measured["tiny ingest, read-only install"] = [_read_only_install(extra, tiny)]
    drop(extra)
    return {
        "documents": documents,
        "programs": {
            name: {"seconds": [found.seconds for found in some], "peak_mib": max(found.peak_mib for found in some)}
            for name, some in measured.items()
        },
    }


def _ingest_into_copy(catalog: Path, copy: Path, corpus: Corpus) -> Run:
    """Ingest into a copy of a catalog; the catalog itself is not changed."""
    drop(copy)
    shutil.copyfile(catalog, copy)
    shutil.copytree(f"{catalog}.parts", f"{copy}.parts")
    return tokaudit(copy, "ingest", corpus.path, "--domain", corpus.domain)


def _read_only_install(catalog: Path, corpus: Corpus) -> Run:
    """Ingest with a copy of the package that can't be written to, for a user without a home folder.

    A file in place of each `__pycache__` folder stops everyone from writing there, including root.
    """
    installed = Path(package.__file__).parent
    copy = catalog.with_name("read-only")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(installed, copy / "tokaudit", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("catalog", "queries"):
        data = installed / "_data" / name if (installed / "_data").is_dir() else installed.parent / name
        shutil.copytree(data, copy / "tokaudit" / "_data" / name, dirs_exist_ok=True)
    for folder in {file.parent for file in (copy / "tokaudit").rglob("*.py")}:
        (folder / "__pycache__").write_bytes(b"")
    nowhere = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "TOKAUDIT_CACHE"), "/dev/null/nowhere")
    places = os.pathsep.join([str(copy), *filter(None, [os.environ.get("PYTHONPATH")])])
    drop(catalog)
    given = ("ingest", corpus.path, "--domain", corpus.domain)
    found = tokaudit(catalog, *given, environment={**nowhere, "PYTHONPATH": places})
    shutil.rmtree(copy)
    return found


def memory(bench: Bench) -> Figures:
    """Peak memory: on a corpus, on one ten times as large, on huge and empty documents, and on random words."""
    peaks = {}
    for name, corpus in {
        f"{bench.megabytes:g} MB": bench.corpus("jsonl", bench.megabytes),
        f"{10 * bench.megabytes:g} MB": bench.corpus("jsonl", 10 * bench.megabytes),
        f"{3 * bench.megabytes:g} MB of random letters": bench.corpus("letters", 3 * bench.megabytes),
        "huge documents": bench.corpus("huge"),
        "empty documents": bench.corpus("empty"),
    }.items():
        found = ingest(bench.catalog, corpus.path, corpus.domain)
        peaks[name] = {"seconds": [found.seconds], "peak_mib": found.peak_mib}
    return {"programs": peaks}


def estimate(bench: Bench) -> Figures:
    """The factor by which `tokaudit estimate` is off from the ingest that follows, in either direction."""
    factors = {}
    for kind in ESTIMATED:
        print(f"  {kind} …", file=sys.stderr, flush=True)
        corpus = bench.corpus(kind, bench.megabytes)
        before = tokaudit(bench.catalog, "estimate", corpus.path, "--domain", corpus.domain)
        said = {row["quantity"]: row["value"] for row in before.json["rows"]}
        after = ingest(bench.catalog, corpus.path, corpus.domain)
        happened = {
            "bytes": after.json["bytes"],
            "documents": after.json["documents"],
            f"tokens {TOKENIZER}": after.json["tokens"][TOKENIZER],
            "seconds": after.seconds,
            "memory_bytes": after.peak_mib * 2**20,
            "catalog_bytes": stored(bench.catalog),
        }
        factors[kind] = {
            "estimate_seconds": before.seconds,
            "cpu_seconds": after.cpu_seconds,
            **{name: _factor(said[name], value) for name, value in happened.items()},
            "said": {name: said[name] for name in happened},
            "happened": happened,
        }
    return {"factors": factors}


def _factor(said: float, happened: float) -> float:
    if said == happened:
        return 1.0
    return max(said / happened, happened / said) if said and happened else float("inf")


def _check(found: Run, documents: int, size: int, tokens: int) -> None:
    """Stop if two programs count differently, because they can't be compared."""
    told = found.json
    counted = (told["documents"], told["bytes"], told["tokens"][TOKENIZER])
    if counted != (documents, size, tokens):
        sys.exit(f"documents, bytes and tokens differ: {counted} and {(documents, size, tokens)}")


def _compared(runs: Mapping[str, list[Run]], text_mb: float, documents: int, tokens: int) -> Figures:
    """Figures of two programs, and the seconds of the second as a multiple of the first one's."""
    first, second = runs.values()
    return {
        "text_mb": text_mb,
        "documents": documents,
        "tokens": tokens,
        "programs": {name: figures(some, text_mb, documents, tokens) for name, some in runs.items()},
        "ratio": spread([b.seconds / a.seconds for a, b in zip(first, second, strict=True)]),
        "ratio_cpu": spread([b.cpu_seconds / a.cpu_seconds for a, b in zip(first, second, strict=True)]),
    }


CASES: Final[Mapping[str, Callable[[Bench], Figures]]] = {
    **{kind: beside_floor(kind) for kind in BESIDE_FLOOR},
    "tree": tree,
    "scaling": scaling,
    "tokenizers": tokenizers,
    "fixed": fixed,
    "memory": memory,
    "estimate": estimate,
}
