"""Runs other tools on the same text and vocabulary: datatrove, dolma and text-dedup.

Each is installed in its own environment, made once in the data folder, and runs as its documentation says, with two
processes. The text is in two files of equal size, because datatrove and dolma give each process whole files. An ingest
is compared with their counting and deduplication together; text-dedup does not count tokens.
"""

import json
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cases import Bench
from programs import TOKENIZER, Figures, Run, figures, ingest, run, spread

PEER_MEGABYTES: Final = 100
PROCESSES: Final = 2
REQUIREMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    # datatrove splits words with spaCy's blank English model. It is part of the package, so nothing is downloaded.
    "datatrove": ("datatrove[io,processing]==0.10.*", "spacy"),
    "dolma": ("dolma==1.2.*",),
    "text-dedup": ("text-dedup==0.4.*",),
}
_VOCABULARY: Final = """
from tokaudit.measure.tokenizers.protocol import DEFAULT
from tokaudit.measure.tokenizers.resolve import resolve
print(resolve(DEFAULT).load().decode())
"""
SAME_WORK: Final[Mapping[str, tuple[str, ...]]] = {
    "datatrove": ("datatrove tokens", "datatrove minhash"),
    "dolma": ("dolma tokens", "dolma dedupe"),
    "text-dedup": ("text-dedup minhash",),
}


def beside_peers(bench: Bench) -> Figures:
    """Run each peer once over 100 MB, and ingest as often as in other cases. A failing peer is reported and left out.

    A ratio is a peer's seconds divided by those of an ingest, or the MB/s of the ingest divided by the peer's.
    """
    corpus = bench.corpus("jsonl", PEER_MEGABYTES)
    pythons = {name: _environment(bench.data / "environments" / name, name) for name in REQUIREMENTS}
    work = bench.catalog.with_name("peers")
    shutil.rmtree(work, ignore_errors=True)
    _halve(corpus.lines, work / "documents")
    _write_vocabulary(work / "tokenizer.json")
    ours = [ingest(bench.catalog, corpus.path, corpus.domain) for _ in range(bench.runs)]
    told = ours[0].json
    text_mb, documents, tokens = told["bytes"] / 1e6, told["documents"], told["tokens"][TOKENIZER]
    runs: dict[str, list[Run]] = {"ingest": ours}
    for name, command in _commands(pythons, work).items():
        print(f"  {name} …", file=sys.stderr, flush=True)
        found = run(command, environment={"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}, may_fail=True)
        if found.code:
            print(f"  {name} failed with {found.code}: {command}", file=sys.stderr, flush=True)
        else:
            runs[name] = [found]
    shutil.rmtree(work)
    ratios = {}
    for peer, stages in SAME_WORK.items():
        if not runs.keys() >= set(stages):
            continue
        seconds = sum(runs[stage][0].seconds for stage in stages)
        ratios[f"{peer} to ingest"] = spread([seconds / one.seconds for one in ours])
        cpu_seconds = sum(runs[stage][0].cpu_seconds for stage in stages)
        ratios[f"{peer} to ingest, CPU"] = spread([cpu_seconds / one.cpu_seconds for one in ours])
    return {
        "text_mb": text_mb,
        "documents": documents,
        "tokens": tokens,
        "versions": {name: _version(python, name) for name, python in pythons.items()},
        "programs": {name: figures(some, text_mb, documents, tokens) for name, some in runs.items()},
        "ratios": ratios,
    }


def _environment(folder: Path, name: str) -> Path:
    """The Python of an environment with the peer installed; made if it is not there yet."""
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "uv"], check=True)
        # pip does not finish resolving dolma's dependencies; uv does.
        subprocess.run(
            [python, "-m", "uv", "pip", "install", "-q", "--python", python, *REQUIREMENTS[name]], check=True
        )
        done.touch()
    return python


def _version(python: Path, name: str) -> str:
    asked = f"from importlib.metadata import version; print(version({name!r}))"
    return subprocess.run([python, "-c", asked], check=True, capture_output=True, text=True).stdout.strip()


def _write_vocabulary(path: Path) -> None:
    """Write the default vocabulary with merges as text: the old `tokenizers` of dolma reads only this form."""
    vocabulary = run([sys.executable, "-c", _VOCABULARY]).json
    vocabulary["model"]["merges"] = [" ".join(pair) for pair in vocabulary["model"]["merges"]]
    path.write_text(json.dumps(vocabulary), encoding="utf-8")


def _halve(lines: Path, folder: Path) -> None:
    """Write the lines to two files, with an id and a source for each document, which the peers need."""
    folder.mkdir(parents=True)
    half = lines.stat().st_size / 2
    with lines.open("rb") as stream, (folder / "0.jsonl").open("w") as first, (folder / "1.jsonl").open("w") as second:
        held = 0
        for number, line in enumerate(stream):
            record = {"id": str(number), "source": "bench", "text": json.loads(line)["text"]}
            print(json.dumps(record), file=first if held < half else second)
            held += len(line)
    subprocess.run(["gzip", "-1", "-k", *map(str, folder.glob("*.jsonl"))], check=True)  # dolma reads only these


def _commands(pythons: Mapping[str, Path], work: Path) -> dict[str, list[str | Path]]:
    documents, tokenizer = work / "documents", work / "tokenizer.json"
    datatrove: list[str | Path] = [pythons["datatrove"], Path(__file__).with_name("peer_datatrove.py")]
    dolma: list[str | Path] = [pythons["dolma"].with_name("dolma")]
    return {
        "dolma tokens": [
            *dolma,
            "tokens",
            *("--documents", documents / "*.gz", "--destination", work / "dolma-tokens"),
            *("--tokenizer.name_or_path", tokenizer, "--dtype", "uint32", "--processes", str(PROCESSES)),
            *("--tokenizer.eos_token_id", "0"),
        ],
        "dolma dedupe": [
            *dolma,
            "dedupe",
            *("--documents", documents / "*.gz", "--dedupe.name", "paragraphs"),
            *("--dedupe.paragraphs.attribute_name", "duplicates", "--dedupe.skip_empty"),
            *("--bloom_filter.file", work / "bloom", "--bloom_filter.estimated_doc_count", "10000000"),
            *("--bloom_filter.desired_false_positive_rate", "0.001"),
            *("--no-bloom_filter.read_only", "--processes", str(PROCESSES)),
        ],
        "text-dedup minhash": [
            *(pythons["text-dedup"], "-m", "text_dedup.minhash"),
            *("--path", "json", "--data_files", documents / "*.jsonl", "--split", "train", "--column", "text"),
            *("--cache_dir", work / "cache", "--output", work / "text-dedup", "--num_proc", str(PROCESSES)),
            *("--b", "14", "--r", "8", "--ngram", "5"),
        ],
        "datatrove tokens": [*datatrove, "tokens", documents, work / "datatrove", tokenizer],
        "datatrove minhash": [*datatrove, "minhash", documents, work / "datatrove", tokenizer],
    }
