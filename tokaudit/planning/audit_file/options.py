"""From ``tokaudit.toml`` to the options of each ingest and plan, as their commands would get them."""

from dataclasses import dataclass
from typing import Any, Final

from tokaudit.core.rows_in_catalog import ROWS_IN_CATALOG
from tokaudit.core.units import parse_size
from tokaudit.pipeline.engines import LOCAL
from tokaudit.pipeline.options import IngestOptions
from tokaudit.planning.audit_file.read import AuditFile
from tokaudit.planning.defaults import DEFAULT_LAW
from tokaudit.planning.options import PlanOptions

_BUDGET: Final = ("flops", "params", "tokens", "gpus", "days", "mfu")
_SAME: Final = (
    *("gpu", "mixture", "supply", "where", "max_epochs", "params_total", "inference_tokens", "price_gpu_hour", "add"),
)
"""Options of a plan that have the same name and form in both."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings that hold where the table of a source or plan does not say otherwise.

    Attributes:
        tokenizers: tokenizers to count with; empty: the default one.
        exclude: what is left out of every source, next to what the source itself leaves out.
        workers: number of threads; None: one per core.
        memory: memory for the text being counted, with its unit.
        rows_in_catalog: rows of each kind that stay in the catalog's file.
        on_bad_record: ``stop`` or ``skip``.
        tokenizer: tokenizer of the supply; None: the catalog's first.
        law: name of the scaling law.
        mfu: share of the hardware's peak, for plans with hardware; None: the default one.
        engine, ray_address, work: as in `EngineChoice`.
    """

    tokenizers: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    workers: int | None = None
    memory: str = "1GiB"
    rows_in_catalog: int = ROWS_IN_CATALOG
    on_bad_record: str = "stop"
    tokenizer: str | None = None
    law: str = DEFAULT_LAW
    mfu: str | None = None
    engine: str = LOCAL.name
    ray_address: str | None = None
    work: str | None = None


def ingest_options(file: AuditFile, source: str, settings: Settings) -> IngestOptions:
    """The options with which a source of the file is counted."""
    said = file.sources[source]
    return IngestOptions(
        paths=said["paths"],
        domain=said["domain"],
        source=source,
        text_fields=said.get("text_field", ()),
        tokenizers=said.get("tokenizers", settings.tokenizers),
        include=said.get("include", ()),
        exclude=tuple(dict.fromkeys((*settings.exclude, *said.get("exclude", ())))),
        labels=said.get("label"),
        skip_bad=said.get("on_bad_record", settings.on_bad_record) == "skip",
        workers=settings.workers,
        memory=parse_size(settings.memory, "--memory"),
        rows_in_catalog=settings.rows_in_catalog,
        limits=said.get("limit", ()),
        engine=settings.engine,
        ray_address=settings.ray_address,
        work=settings.work,
        **_said(said, "reader", "clean", "language", "repeat_length"),
    )


def plan_options(file: AuditFile, plan: str, settings: Settings) -> PlanOptions:
    """The options with which a plan of the file is made.

    Without a supply it is the measured one if the file has sources: it must never be another because one was refused.
    """
    said = file.plans[plan]
    budget = _said(said, *_BUDGET)
    if settings.mfu is not None and ("gpu" in said or "price_gpu_hour" in said):
        budget = {"mfu": settings.mfu, **budget}
    return PlanOptions(
        budget=budget,
        law=said.get("law", settings.law),
        tokenizer=said.get("tokenizer", settings.tokenizer),
        stages=said.get("stage", ()),
        **{
            **({"supply": "measured"} if file.sources else {}),
            **_said(said, *_SAME, "count_synthetic"),
        },
    )


def _said(table: Any, *keys: str) -> dict[str, Any]:
    """What a table says of these keys."""
    return {key: table[key] for key in keys if key in table}
