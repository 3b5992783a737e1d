"""The whole path on text that any machine with Python has: its libraries as code, its documentation as prose."""

import os
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from shlex import quote
from typing import Any, Final

from tokaudit.audit.answer import Answer
from tokaudit.audit.answers import supply
from tokaudit.core.progress import ProgressListener
from tokaudit.pipeline.ingest import ingest
from tokaudit.pipeline.options import IngestOptions, ingest_request
from tokaudit.pipeline.result import IngestResult
from tokaudit.pipeline.selected import Selected
from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.planning.plan import Plan
from tokaudit.planning.planner import plan
from tokaudit.readers.detect import FALLBACK, reader_by_name
from tokaudit.readers.files import InputFile
from tokaudit.readers.paths.listing import expand
from tokaudit.readers.paths.rules import VCS_FOLDERS
from tokaudit.reports.plan_verdict import verdict
from tokaudit.reports.units_words import tokens_of

SMALL_RUN: Final = "1e20"
"""FLOPs of the run that is planned on the supply of this machine."""
LARGE_RUN: Final = "1e25"
TRILLIONS: Final = "web=2T,books=30B,code=400B"

_MOST_BYTES: Final = {"code": 10_000_000, "docs": 3_000_000}
"""What is counted of each folder, so that the demo answers in seconds however many libraries are installed."""
_SOURCES: Final = {"code": "python-libraries", "docs": "python-documentation"}
_FOLDERS: Final = ("stdlib", "purelib")
_NEXT: Final = (f"plan --flops {SMALL_RUN}", "supply --by language", "duplicates --limit 10", "query --list")
_INSTALLED: Final = frozenset({"site-packages", "dist-packages"})
"""Inside the standard library's folder; those that belong to this Python are a folder of their own."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo did.

    Attributes:
        folders: where the text was found.
        limited: whether there was more text in a folder than is counted of it.
        ingests: the result of each ingest.
        supply: the supply that the catalog then has.
        plans: a small run on that supply, and a large one on a supply of trillions of tokens.
    """

    folders: tuple[Path, ...]
    limited: bool
    ingests: tuple[IngestResult, ...]
    supply: Answer
    plans: tuple[Plan, ...]


def demo(catalog: Path, listener: ProgressListener) -> Demo:
    """Count text that comes with Python into the catalog, then plan two runs."""
    listener.note("looking for Python's libraries and documentation")
    named = dict.fromkeys(Path(sysconfig.get_path(name)) for name in _FOLDERS)
    folders = tuple(folder for folder in named if folder.is_dir())  # some systems name one that they do not create
    chosen: dict[str, list[Selected]] = {domain: [] for domain in _MOST_BYTES}
    limited = False
    for folder in folders:
        found, more = _first_files(folder)
        limited = limited or more
        for domain, first in found.items():
            chosen[domain] += [Selected(file, FALLBACK) for file in first]
    results = []
    for domain, files in chosen.items():
        if files:
            options = IngestOptions(
                paths=tuple(map(str, folders)),
                domain=domain,
                source=_SOURCES[domain],
                reader=FALLBACK,
                skip_bad=True,  # Python's own tests have files that are broken on purpose
            )
            results.append(ingest(catalog, ingest_request(options, listener.note, files), listener))
    listener.note("planning two runs")
    plans = tuple(
        plan(plan_request(PlanOptions(budget={"flops": flops}, supply=supply_text), catalog))
        for flops, supply_text in ((SMALL_RUN, "measured"), (LARGE_RUN, TRILLIONS))
    )
    return Demo(folders, limited, tuple(results), supply(catalog, "domain", None), plans)


def what_was_counted(done: Demo) -> str:
    """Sentences that say what was counted and what was left out."""
    seen = sum(result.bytes for result in done.ingests) / 1e6
    seconds = sum(result.seconds for result in done.ingests)
    places = " and ".join(str(folder) for folder in done.folders)
    counted = f"Counted {seen:,.1f} MB of text in {seconds:.1f} s: code and documentation in {places}."
    if all(result.files == result.files_unchanged for result in done.ingests):
        counted = f"The catalog has counted these {seen:,.1f} MB of text before: code and documentation in {places}."
    if not done.limited:
        return counted
    code, docs = (f"{most / 1e6:.0f} MB" for most in _MOST_BYTES.values())
    return f"{counted} The rest is left out: the demo counts at most {code} of code and {docs} of prose per folder."


def what_it_says(done: Demo, catalog: Path) -> list[str]:
    """The verdicts of the plans, each under a heading, and what to try next."""
    small, large = done.plans
    return [
        tokens_of(done.supply.extra["tokenizer"]),
        f"== A run of {SMALL_RUN} FLOPs on this supply ==",
        verdict(small),
        f"== A run of {LARGE_RUN} FLOPs on a supply of trillions ({TRILLIONS}) ==",
        verdict(large),
        "\n".join(
            [
                f"The catalog is {catalog.absolute()}. Explore it:",
                *(f"  tokaudit --catalog {quote(str(catalog))} {command}" for command in _NEXT),
                f"  tokaudit plan --flops {LARGE_RUN} --supply {TRILLIONS}",
            ]
        ),
    ]


def document(done: Demo, catalog: Path) -> dict[str, Any]:
    """The whole result as one JSON document."""
    return {
        "catalog": str(catalog.absolute()),
        "ingests": [result.document() for result in done.ingests],
        "supply": {"rows": done.supply.rows, **done.supply.extra},
        "plans": [asdict(made) for made in done.plans],
    }


def _first_files(folder: Path) -> tuple[dict[str, list[InputFile]], bool]:
    """The first files of each domain in a folder, in order, up to `_MOST_BYTES`; and whether there are more.

    No more of the folder is listed than that takes.
    """
    chosen: dict[str, list[InputFile]] = {domain: [] for domain in _MOST_BYTES}
    left = dict(_MOST_BYTES)
    full: set[str] = set()
    for file in _files_in(folder):
        for domain, belongs in _BELONGS.items():
            if domain in full or not belongs(file):
                continue
            if file.size > left[domain]:
                full.add(domain)
            else:
                chosen[domain].append(file)
                left[domain] -= file.size
        if len(full) == len(chosen):
            break
    return chosen, bool(full)


def _files_in(folder: Path) -> Iterator[InputFile]:
    """The files in a folder, in order; what is in it is listed one entry at a time."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        passed_over = entry.name in _INSTALLED or entry.name in VCS_FOLDERS
        if passed_over or entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
            continue
        above = f"{entry.name}/" if entry.is_dir() else ""
        for file in expand([entry.path])[0]:
            yield replace(file, below=above + file.below, named=False)


def _is_code(file: InputFile) -> bool:
    return file.name.endswith(".py")


def _is_documentation(file: InputFile) -> bool:
    return file.name == "METADATA" or reader_by_name(file.name) == FALLBACK


_BELONGS: Final[dict[str, Callable[[InputFile], bool]]] = {"code": _is_code, "docs": _is_documentation}
