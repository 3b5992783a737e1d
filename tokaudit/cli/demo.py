"""The real thing on text that any machine with Python has: its libraries as code, its documentation as prose."""

import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from tokaudit.audit.answers import Answer, supply
from tokaudit.catalog.reference.token_rates import token_rates
from tokaudit.laws.find import find_law, voting_laws
from tokaudit.measure.tokenizers.protocol import DEFAULT
from tokaudit.measure.tokenizers.resolve import load_counter, resolve
from tokaudit.pipeline.ingest import IngestRequest, ingest
from tokaudit.pipeline.request import IngestOptions, settings_of, worker_threads
from tokaudit.pipeline.select import Selected
from tokaudit.pipeline.watcher import ProgressListener
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import Plan
from tokaudit.planning.planner import make_plan
from tokaudit.readers.files import InputFile, expand
from tokaudit.supply.resolve import find_supply

LAW: Final = "besiroglu2024"
SMALL_RUN: Final = 1e20
"""FLOPs of the run that is planned on what lies on this machine."""
LARGE_RUN: Final = 1e25
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
    ingests: tuple[dict[str, Any], ...]
    supply: Answer
    plans: tuple[Plan, ...]


def demo(catalog: Path, listener: ProgressListener) -> Demo:
    """Count what Python brings along into the catalog, then plan two runs."""
    folders = tuple(dict.fromkeys(Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")))
    files, _ = expand([str(folder) for folder in folders])
    counter = load_counter(resolve(DEFAULT))
    results = []
    for domain, belongs in (("code", _is_code), ("docs", _is_documentation)):
        request = IngestRequest(
            selected=[Selected(file, "text") for file in _some(files, belongs, _MOST_BYTES[domain])],
            left_out=(),
            counters=(counter,),
            settings=settings_of(IngestOptions(paths=(), domain=domain, source=_SOURCES[domain], reader="text")),
            skip_bad=True,  # Python's own tests hold files that are broken on purpose
            workers=worker_threads(),
            note={"paths": [str(folder) for folder in folders], "demo": True},
        )
        results.append(ingest(catalog, request, listener))
    law, draws = find_law(LAW, catalog)
    planned = partial(make_plan, LAW, law, others=voting_laws(), rates=token_rates(), draws=draws)
    plans = tuple(
        planned(budget_for(law, flops=flops), find_supply(text, catalog, None, law.metadata.tokenizer))
        for flops, text in ((SMALL_RUN, "measured"), (LARGE_RUN, TRILLIONS))
    )
    return Demo(folders, tuple(results), supply(catalog, "domain", None), plans)


def _some(files: Iterable[InputFile], belongs: Callable[[InputFile], bool], most: int) -> list[InputFile]:
    """Files that belong, in order, up to so many bytes."""
    chosen, held = [], 0
    for file in files:
        if belongs(file) and held + file.size <= most:
            chosen.append(replace(file, named=True))
            held += file.size
    return chosen


def _is_code(file: InputFile) -> bool:
    return file.name.endswith(".py")


def _is_documentation(file: InputFile) -> bool:
    return file.name == "METADATA" or file.name.endswith((".md", ".rst", ".txt"))
