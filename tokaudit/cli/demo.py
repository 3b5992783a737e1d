"""The real thing on text that any machine with Python has: its libraries as code, its documentation as prose."""

import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from tokaudit.audit.answers import Answer, supply
from tokaudit.core.progress import ProgressListener
from tokaudit.pipeline.ingest import ingest
from tokaudit.pipeline.options import IngestOptions, ingest_request
from tokaudit.pipeline.result import IngestResult
from tokaudit.pipeline.select import Selected
from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.planning.plan import Plan
from tokaudit.planning.planner import plan
from tokaudit.readers.detect import FALLBACK, reader_by_name
from tokaudit.readers.files import InputFile

SMALL_RUN: Final = "1e20"
"""FLOPs of the run that is planned on what lies on this machine."""
LARGE_RUN: Final = "1e25"
TRILLIONS: Final = "web=2T,books=30B,code=400B"

_MOST_BYTES: Final = {"code": 50_000_000, "docs": 10_000_000}
_SOURCES: Final = {"code": "python-libraries", "docs": "python-documentation"}


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo did.

    Attributes:
        folders: where the text was found.
        ingests: the result of each ingest.
        supply: what the catalog then says.
        plans: a small run on that supply, and a large one on a supply of trillions.
    """

    folders: tuple[Path, ...]
    ingests: tuple[IngestResult, ...]
    supply: Answer
    plans: tuple[Plan, ...]


def demo(catalog: Path, listener: ProgressListener) -> Demo:
    """Count what Python brings along into the catalog, then plan two runs."""
    folders = tuple(dict.fromkeys(Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")))
    results = []
    for domain, belongs in (("code", _is_code), ("docs", _is_documentation)):
        options = IngestOptions(
            paths=tuple(map(str, folders)),
            domain=domain,
            source=_SOURCES[domain],
            reader=FALLBACK,
            skip_bad=True,  # Python's own tests hold files that are broken on purpose
        )
        keep = partial(_first, belongs=belongs, most=_MOST_BYTES[domain])
        results.append(ingest(catalog, ingest_request(options, listener.note, keep), listener))
    plans = tuple(
        plan(plan_request(PlanOptions(budget={"flops": flops}, supply=supply_text), catalog))
        for flops, supply_text in ((SMALL_RUN, "measured"), (LARGE_RUN, TRILLIONS))
    )
    return Demo(folders, tuple(results), supply(catalog, "domain", None), plans)


def what_was_counted(done: Demo) -> str:
    """What was counted, in one sentence."""
    seen = sum(result.bytes for result in done.ingests) / 1e6
    seconds = sum(result.seconds for result in done.ingests)
    places = " and ".join(str(folder) for folder in done.folders)
    return f"Counted {seen:,.1f} MB of text in {seconds:.1f} s: code and documentation below {places}."


def what_it_says(done: Demo, catalog: Path) -> list[str | Plan]:
    """The plans, each below a heading, and what to try next."""
    small, large = done.plans
    return [
        f"== A run of {SMALL_RUN} FLOPs on this supply ==",
        small,
        f"== A run of {LARGE_RUN} FLOPs on a supply of trillions ({TRILLIONS}) ==",
        large,
        "\n".join(
            [
                f"The catalog is {catalog.absolute()}. Look into it:",
                f"  tokaudit --catalog {catalog} supply --by language",
                f"  tokaudit --catalog {catalog} duplicates --limit 10",
                f"  tokaudit --catalog {catalog} query --list",
            ]
        ),
    ]


def document(done: Demo, catalog: Path) -> dict[str, Any]:
    """All of it as one JSON document."""
    return {
        "catalog": str(catalog.absolute()),
        "ingests": [result.document() for result in done.ingests],
        "supply": {"rows": done.supply.rows, **done.supply.extra},
        "plans": [asdict(made) for made in done.plans],
    }


def _first(found: Sequence[Selected], belongs: Callable[[InputFile], bool], most: int) -> list[Selected]:
    """Files that belong, in order, up to so many bytes."""
    chosen, held = [], 0
    for each in found:
        if belongs(each.file) and held + each.file.size <= most:
            chosen.append(each)
            held += each.file.size
    return chosen


def _is_code(file: InputFile) -> bool:
    return file.name.endswith(".py")


def _is_documentation(file: InputFile) -> bool:
    return file.name == "METADATA" or reader_by_name(file.name) == FALLBACK
