"""A made-up registry in files like the shipped ones; tests of logic read it instead of those."""

import csv
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import pytest
from made.corpora import CORPORA, DEDUP, LINEAGE, T

from tokaudit.catalog.reference.accelerators import Accelerator
from tokaudit.catalog.reference.extractors import PublishedExtractor
from tokaudit.catalog.reference.known_runs import KnownRun
from tokaudit.catalog.reference.mixtures import Component
from tokaudit.catalog.reference.read import Status
from tokaudit.catalog.reference.repeats import RepeatedRun
from tokaudit.catalog.reference.stocks import Adjusted, Stock, TrainingSet
from tokaudit.catalog.reference.token_rates import TokenRate, TokenRates
from tokaudit.catalog.reference.yields import PublishedYield
from tokaudit.core.resources import shipped


def _rate(tokenizer: str, text: str, domain: str, size: float) -> TokenRate:
    return TokenRate(tokenizer, text, domain, size, None, None, "a paper")


RATES: Final = TokenRates(
    (
        # 1.2 and 1.1 tokens of Llama 2 per token of cl100k_base
        _rate("cl100k_base", "a page", "web", 4.8),
        _rate("llama2", "a page", "web", 4.0),
        _rate("gpt2", "a page", "web", 4.6),
        _rate("gpt_neox", "a page", "web", 4.6),
        _rate("o200k_base", "a page", "web", 4.9),
        _rate("unicode_words", "a page", "web", 5.2),
        _rate("cl100k_base", "another page", "web", 4.4),
        _rate("llama2", "another page", "web", 4.0),
        # 1.4 and 1.3 in code
        _rate("cl100k_base", "a program", "code", 4.2),
        _rate("llama2", "a program", "code", 3.0),
        _rate("cl100k_base", "another program", "code", 3.9),
        _rate("llama2", "another program", "code", 3.0),
        # novels can only be converted through a third tokenizer
        _rate("gpt_neox", "a novel", "books", 4.0),
        _rate("llama2", "a novel", "books", 3.5),
    ),
    {
        "SentencePiece 32k": "llama2",
        "SentencePiece 32k (one-epoch constants), GPT-2 (repetition constants)": "llama2",
        "GPT-2 BPE (50,257)": "gpt2",
        "EleutherAI/gpt-neox-20b": "gpt_neox",
        "Llama-2": "llama2",
        "GPT-2": "gpt2",
        "GPT-NeoX": "gpt_neox",
        "openai-community/gpt2": "gpt2",
        "words": "unicode_words",
    },
)


def _run(run: str, params: float, tokens: float, status: Status = "read", **known: Any) -> KnownRun:
    unknown = {"active_params": None, "params_counted": "total", "unique_tokens": None, "flops_published": None}
    source = "" if status == "recalled" else "a paper"
    return KnownRun(run=run, params=params, tokens=tokens, status=status, source=source, note="", **(unknown | known))


RUNS: Final = (
    _run("Early-175B", 175e9, 300e9, flops_published=3.14e23),
    _run("Even-70B", 70e9, 1.4e12, flops_published=5.76e23),
    _run("Part-280B", 280e9, 300e9, unique_tokens=2.35e12, flops_published=5.76e23),
    _run("Small-8B", 8e9, 15e12),
    _run("Talk-137B", 137e9, 168e9, flops_published=3.55e23),
    _run("Memory-175B", 175e9, 300e9, "recalled", unique_tokens=180e9, flops_published=4.3e23),
    _run("Bare-2.4B", 2.4e9, 1.1e12, "recalled", params_counted="non-embedding"),
    _run("Experts-671B", 671e9, 14.8e12, "second-hand", active_params=37e9),
)


def _component(mixture: str, component: str, domain: str, share: float, **known: Any) -> Component:
    unknown: dict[str, Any] = {"tokens_unique": None, "epochs": None, "run_tokens": None, "status": "read"}
    known = {"loose": False, "share": share, "source": "A paper, table 1"} | known
    return Component(mixture, component, domain, **(unknown | known))


MIXTURES: Final = (
    _component("llama3", "General", "web", 0.8),
    _component("llama3", "Code", "code", 0.2),
    _component("feed1", "Crawl", "web", 0.67),
    _component("feed1", "Pages", "web", 0.15),
    _component("feed1", "Code", "code", 0.1),
    _component("feed1", "Books", "books", 0.08),
    # printed shares that sum to 1.01, and an epoch that does not follow from them
    _component("rounded", "Crawl", "web", 0.6, tokens_unique=4e11, epochs=0.44, run_tokens=3e11),
    _component("rounded", "Books", "books", 0.41, tokens_unique=3e10, epochs=4.1, run_tokens=3e11),
    # the default for published corpora, with a component that is wider than its domain
    _component("llama3", "Knowledge", "web", 0.5),
    _component("llama3", "Mathematics and reasoning", "math", 0.25, loose=True),
    _component("llama3", "Code", "code", 0.17),
    _component("llama3", "Many languages", "multilingual-web", 0.08),
    _component("heard-of", "Crawl", "web", 1.0, status="second-hand"),
)

ACCELERATORS: Final = (
    Accelerator("H100 SXM", 989.0, "read", "a data sheet"),  # the default of the program
    Accelerator("Alpha 40/80GB", 312.0, "read", "a data sheet"),
    Accelerator("Beta long", 800.0, "read", "a data sheet"),
    Accelerator("Beta short", 400.0, "read", "a data sheet"),
    Accelerator("Gamma v5", 275.0, "recalled", ""),
    Accelerator("Gamma v5p", 459.0, "second-hand", "a list"),
)


def _stock(stock: str, domain: str, adjusted: Adjusted, value: float, *interval: float, unit: str = "tokens") -> Stock:
    low, high, level = interval or (None, None, None)
    return Stock(stock, domain, adjusted, value, low, high, level, unit, 2024, "a count", "read", "a paper", "")


STOCKS: Final = (
    _stock("all pages", "web", "raw", 510e12, 130e12, 2100e12, 0.95),
    _stock("good pages", "web", "quality", 100e12, 22e12, 490e12, 0.95),
    _stock("good pages, repeated", "web", "repetition", 320e12, 65e12, 1700e12, 0.95),
    _stock("good pages, repeated, by another count", "web", "repetition", 300e12),
    _stock("public programs", "code", "raw", 0.78e12),
    _stock("every book", "books", "raw", 21e12),
    _stock("articles", "encyclopedia", "raw", 60e6, unit="articles"),
)

TRAINING_SETS: Final = tuple(
    TrainingSet(run, year, tokens, natural, None, "read", "a paper", "")
    for run, year, tokens, natural in (
        *(("Set-2023", 2023, 3 * T, 3 * T), ("Set-2024", 2024, 18 * T, None), ("Less-2024", 2024, 12 * T, 12 * T)),
        *(("Set-2025", 2025, 36 * T, None), ("Set-2026", 2026, 32 * T, None)),
    )
)

REPEATED_RUNS: Final = tuple(
    RepeatedRun(params, tokens, tokens / epochs, 1, loss)
    for params, tokens, epochs, loss in (
        *((1e9, 4e10, 1, 3.0), (1e9, 4e10, 2, 3.003), (1e9, 4e10, 4, 3.03), (1e9, 4e10, 40, 3.9)),
        *((2e9, 4e10, 1, 2.8), (2e9, 4e10, 2, 2.807), (2e9, 4e10, 5, 2.828), (2e9, 4e10, 50, 3.22)),
        *((4e9, 8e10, 1, 2.5), (4e9, 8e10, 2, 2.501), (4e9, 8e10, 4, 2.52), (4e9, 8e10, 16, 2.6)),
    )
)

EXTRACTORS: Final = (
    PublishedExtractor("Crawl", "", "trafilatura", "read", "a paper", ""),
    PublishedExtractor("Jam v1", "Crawl", "WET", "second-hand", "another paper", ""),
    PublishedExtractor("Pages", "", "WET", "read", "a program", ""),
)

YIELDS: Final = (
    # WET is 2 to 2.5 times resiliparse, trafilatura 0.75 to 0.9
    PublishedYield("resiliparse", "some pages", 2_000, 400, None, "read", "a table", ""),
    PublishedYield("WET", "some pages", 4_000, 1_000, None, "read", "a table", ""),
    PublishedYield("trafilatura", "some pages", 1_800, None, None, "read", "a table", ""),
    PublishedYield("resiliparse", "other pages", None, None, 4e9, "read", "another table", ""),
    PublishedYield("trafilatura", "other pages", None, None, 3e9, "read", "another table", ""),
)

_FILES: Final[Mapping[str, Sequence[Any]]] = {
    "published_corpora": CORPORA,
    "published_lineage": LINEAGE,
    "published_dedup": DEDUP,
    "token_rates": RATES.rows,
    "published_extractors": EXTRACTORS,
    "published_yields": YIELDS,
    "known_runs": RUNS,
    "mixtures": MIXTURES,
    "accelerators": ACCELERATORS,
    "stocks": STOCKS,
    "training_sets": TRAINING_SETS,
    "repeats_measured": REPEATED_RUNS,
}


def write_reference(folder: Path, **more: Sequence[Any]) -> Path:
    """Write the made-up files into a folder, with further rows in the files named; forecasts are the shipped ones."""
    place = folder / "reference"
    place.mkdir()
    for file in (shipped("catalog") / "reference").glob("forecast_*.csv"):
        shutil.copy(file, place)
    for name, rows in _FILES.items():
        _write(place / f"{name}.csv", [asdict(each) for each in (*rows, *more.get(name, ()))])
    names = {**RATES.names, "Nobody's BPE": None}  # a tokenizer without a published rate
    _write(place / "token_names.csv", [{"name": name, "known_as": known} for name, known in names.items()])
    return folder


def _write(file: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: object) -> object:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def read_instead(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Make the program read the files of `write_reference` instead of the shipped ones."""
    for reader in ("read", "tables"):
        patch.setattr(f"tokaudit.catalog.reference.{reader}.shipped", lambda _: folder)
