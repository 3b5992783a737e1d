"""An audit made anew from its file: every source is counted, then the supply is added up and the plans are made."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from shlex import quote
from typing import Any

from tokaudit.audit.answer import Answer
from tokaudit.audit.answers import supply
from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.ingesting import ForeignFileError
from tokaudit.catalog.sources import CountedOtherwiseError, source_names
from tokaudit.core.errors import CatalogError, InputError, TokauditError, UsageError
from tokaudit.core.name_matching import unknown_name
from tokaudit.core.progress import Notify, ProgressListener
from tokaudit.core.rows import Row
from tokaudit.pipeline.ingest import ingest
from tokaudit.pipeline.options import ingest_request, preview
from tokaudit.pipeline.result import IngestResult
from tokaudit.planning.audit_file.check import check_all
from tokaudit.planning.audit_file.options import Settings, ingest_options, plan_options
from tokaudit.planning.audit_file.read import AuditFile
from tokaudit.planning.fail_on import failure, parse_fail_on
from tokaudit.planning.make_plan import make_plan
from tokaudit.planning.plan import Plan


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a source, the supply or a plan could not be had, or why a plan fails.

    Attributes:
        message: the reason, with the place in the file.
        exit_code: exit code of this kind of error.
    """

    message: str
    exit_code: int


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What became of an audit.

    Attributes:
        domains: domain of each source, in the order of the file.
        sources: source -> result of its ingest, or why it was refused.
        supply: the supply by domain; None: there are no sources in the catalog.
        plans: plan -> the plan, or why it could not be made.
        failures: plan -> the verdict at which it fails; only plans that fail.
        saved: whether the plans were saved.
        warnings: sentences on the catalog and the file.
    """

    domains: dict[str, str]
    sources: dict[str, IngestResult | Refused]
    supply: Answer | Refused | None
    plans: dict[str, Plan | Refused]
    failures: dict[str, str]
    saved: bool
    warnings: tuple[str, ...]

    @property
    def refusals(self) -> list[Refused]:
        """All refusals, in the order in which they came."""
        return [
            each for each in (*self.sources.values(), self.supply, *self.plans.values()) if isinstance(each, Refused)
        ]

    def failed(self, file: AuditFile) -> list[Refused]:
        """The plans that fail, as ``tokaudit plan --fail-on`` says it, with the place in the file."""
        return [
            Refused(f"{file.toml.place('plans', name, 'fail_on')}: plan {name!r}: {why}", 1)
            for name, why in self.failures.items()
        ]

    @property
    def complete(self) -> bool:
        """Whether nothing was refused, and every source is counted in full."""
        results = self.sources.values()
        return not self.refusals and all(isinstance(each, IngestResult) and each.complete for each in results)

    @property
    def exit_code(self) -> int:
        """The code of the first refusal; 1 if a source is incomplete or a plan fails; else 0."""
        if self.refusals:
            return self.refusals[0].exit_code
        return int(not self.complete or bool(self.failures))

    def rows(self) -> list[Row]:
        """A row per source."""
        return [{"source": name, "domain": self.domains[name], **_numbers(each)} for name, each in self.sources.items()]

    def document(self) -> dict[str, Any]:
        """Everything as a JSON document. Two runs on the same files differ in ``seconds`` alone."""
        sources = [
            {"source": name, "domain": self.domains[name], "complete": False, "error": each.message}
            if isinstance(each, Refused)
            else {**each.document(), "error": None}
            for name, each in self.sources.items()
        ]
        plans = {
            name: {"error": each.message} if isinstance(each, Refused) else asdict(each)
            for name, each in self.plans.items()
        }
        added = {"rows": self.supply.rows, **self.supply.extra} if isinstance(self.supply, Answer) else None
        return {
            "sources": sources,
            "supply": added,
            "plans": plans,
            "failures": self.failures,
            "saved": self.saved,
            "complete": self.complete,
            "warnings": list(self.warnings),
        }

    def notes(self) -> Iterator[str]:
        """Sentences that the user must read, on each source and on the whole."""
        for name, each in self.sources.items():
            if isinstance(each, IngestResult):
                yield from (f"source {name}: {note}" for note in each.notes())
        if isinstance(self.supply, Answer):
            yield from self.supply.notes
        yield from self.warnings


def rebuild(
    catalog: Path, file: AuditFile, settings: Settings, listener: ProgressListener, only: Sequence[str] = ()
) -> Rebuilt:
    """Count every source of the file, add up the supply, make every plan and save it under its name.

    Files that have not changed are not read again. A source that is refused does not stop the others; then the plans
    are made on what is counted, and none is saved.

    Args:
        catalog: the catalog, made if it is not there.
        file: the sources and plans.
        settings: settings of all of them.
        listener: hears how far the work has come.
        only: sources and plans to go through; empty: all.

    Raises:
        UsageError: nothing can be done, because a name, a number or what goes together is wrong in the file.
        CatalogError: the catalog can't be read or written.
    """
    sources, plans = _chosen(file, only)
    check_all(file, settings, catalog)
    counted: dict[str, IngestResult | Refused] = {}
    for name in sources:
        listener.note(f"source {name}")
        try:
            request = ingest_request(ingest_options(file, name, settings), listener.note)
            counted[name] = ingest(catalog, request, listener)
        except CatalogError:
            raise  # no other source could be counted
        except TokauditError as error:
            counted[name] = _refused(file, "sources", name, error)
    listener.note("adding up the supply")
    known = _known_sources(catalog)
    found = _supply(catalog, settings.tokenizer) if known else None
    listener.note("planning")
    made: dict[str, Plan | Refused] = {}
    failures: dict[str, str] = {}
    whole = not any(isinstance(each, Refused) for each in counted.values())
    for name in plans:
        made[name] = planned = _planned(file, name, settings, catalog, save=whole)
        stops = parse_fail_on(file.plans[name].get("fail_on", ()))
        if isinstance(planned, Plan) and (why := failure(planned, stops)):
            failures[name] = why.removeprefix("--fail-on: ")
    domains = {name: file.sources[name]["domain"] for name in sources}
    warnings = tuple(_warnings(file, known, not_saved=bool(plans) and not whole))
    return Rebuilt(domains, counted, found, made, failures, whole, warnings)


def preview_all(
    file: AuditFile, settings: Settings, catalog: Path, notify: Notify, only: Sequence[str] = ()
) -> tuple[list[Row], list[Refused]]:
    """A row per file of every source, as `preview` has them, and which sources are refused; nothing is counted.

    Raises:
        UsageError: as for `rebuild`.
    """
    sources, _ = _chosen(file, only)
    check_all(file, settings, catalog)
    rows: list[Row] = []
    refused = []
    for name in sources:
        try:
            found, _ = preview(ingest_options(file, name, settings), notify)
        except TokauditError as error:
            refused.append(_refused(file, "sources", name, error))
        else:
            rows += [{"source": name, **row} for row in found]
    return rows, refused


def _chosen(file: AuditFile, only: Sequence[str]) -> tuple[list[str], list[str]]:
    """The sources and the plans to go through."""
    known = list(dict.fromkeys([*file.sources, *file.plans]))
    if not known:
        raise UsageError(f"{file.path}: has no table [sources.NAME] or [plans.NAME], so there is nothing to do")
    for name in only:
        if name not in known:
            raise UsageError(f"--only: {unknown_name('source or plan', name, known)}")
    sources, plans = ([name for name in names if not only or name in only] for names in (file.sources, file.plans))
    return sources, plans


def _refused(file: AuditFile, section: str, name: str, error: TokauditError) -> Refused:
    place = file.place_of(section, name, str(error))
    what = f"{place}: {section.removesuffix('s')} {name!r}"
    if isinstance(error, CountedOtherwiseError):
        remedy = f"change it back, or run `tokaudit forget {quote(name)}` and then `tokaudit run`"
        return Refused(f"{place}: {error.change}; {remedy}", error.exit_code)
    if isinstance(error, ForeignFileError):
        remedy = f"rename it to {error.owner}, or run `tokaudit forget {quote(error.owner)}` and then `tokaudit run`"
        return Refused(f"{what}: {error.fault}; {remedy}", error.exit_code)
    return Refused(f"{what}: {error}", error.exit_code)


def _known_sources(catalog: Path) -> list[str]:
    """The sources that the catalog has; none if there is no catalog."""
    if not catalog.is_file():
        return []
    with open_readonly(catalog) as connection:
        return source_names(connection)


def _supply(catalog: Path, tokenizer: str | None) -> Answer | Refused:
    try:
        return supply(catalog, "domain", tokenizer)
    except UsageError as error:  # nothing is counted, or not with this tokenizer
        return Refused(str(error), error.exit_code)


def _planned(file: AuditFile, name: str, settings: Settings, catalog: Path, *, save: bool) -> Plan | Refused:
    options = plan_options(file, name, settings)
    try:
        return make_plan(options, catalog, save=name if save else None, force=True).plan
    except (UsageError, InputError) as error:
        return _refused(file, "plans", name, error)


def _warnings(file: AuditFile, known: Sequence[str], *, not_saved: bool) -> Iterator[str]:
    for source in known:
        if source not in file.sources:
            yield (
                f"source {source!r} is in the catalog, but not in {file.path};"
                f" if it is no longer wanted, run `tokaudit forget {quote(source)}`"
            )
    if not_saved:
        yield "the plans were not saved, because a source was refused"


def _numbers(each: IngestResult | Refused) -> Row:
    """What the row of a source says of it."""
    names = ("files", "files_unchanged", "documents", "bytes", "bad_records", "complete")
    if isinstance(each, Refused):
        return {**dict.fromkeys(names), "complete": False}
    return {name: getattr(each, name) for name in names}
