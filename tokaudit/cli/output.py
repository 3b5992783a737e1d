"""How commands write: data to stdout in the chosen format, everything else to stderr."""

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tokaudit.cli.session import Session
from tokaudit.core.errors import InputError
from tokaudit.core.new_files import check_new, write_whole
from tokaudit.core.units import format_bytes
from tokaudit.reports.formats import REPORTS
from tokaudit.reports.protocol import ForPeople, Report, Table

if TYPE_CHECKING:
    from tokaudit.audit.answer import Answer
    from tokaudit.core.rows import Row
    from tokaudit.planning.plan import Plan
    from tokaudit.supply.published.browse import CorpusDetails

_AS_PROGRAMS_DO: Final = ForPeople()


class ReaderLeft(Exception):  # noqa: N818 - it is not an error
    """The reader of the pipe behind stdout went away, as ``| head`` does: the program ends, and nothing is wrong."""


def emit(session: Session, table: Table, notes: Iterable[str] = (), *, after: Iterable[str] = ()) -> None:
    """Write a table to stdout; to stderr, notes before and after it and those that the format has no room for."""
    fields = table.document if isinstance(table.document, Mapping) else table.extra
    warnings = frozenset(fields.get("warnings", ()))
    _say(session, notes, warnings)
    _write_report(session, lambda report: report.rows(table, sys.stdout), warnings)
    _say(session, after, warnings)


def emit_answer(session: Session, answer: "Answer", people: ForPeople = _AS_PROGRAMS_DO) -> None:
    """Write an answer to stdout and its notes to stderr; JSON has them as ``warnings`` too, even with ``--quiet``."""
    extra = {**answer.extra, "warnings": list(answer.notes)}
    if answer.remarks:
        people = replace(people, notes=(*people.notes, *answer.remarks))
    emit(session, Table(answer.columns, answer.rows, extra, people=people), answer.notes)


def emit_plan(session: Session, plan: "Plan", files: Mapping[str, Path | None]) -> None:
    """Write a plan to files, and to stdout, whose reader may go away after a few lines.

    Args:
        session: of the command.
        plan: the plan.
        files: format -> the file that the option of that name asks for, or None.

    Raises:
        InputError: stdout or a file can't be written.
    """
    for name, file in files.items():
        if file is None:
            continue
        text = StringIO()
        REPORTS.get(name).plan(plan, text, details=True)
        write_whole(f"--{name}", file, text.getvalue())
    _write_report(session, lambda report: report.plan(plan, sys.stdout, details=session.verbose), plan.warnings)


def emit_chapter(session: Session, topic: str, text: str) -> None:
    """Write a chapter of the guide to stdout."""
    _write_report(session, lambda report: report.chapter(topic, text, sys.stdout))


def emit_document(session: Session, fields: "Row") -> None:
    """Write a document of the catalog to stdout."""
    _write_report(session, lambda report: report.document(fields, sys.stdout))


def emit_corpus(session: Session, found: "CorpusDetails") -> None:
    """Write all that is published about one corpus to stdout."""
    _write_report(session, lambda report: report.corpus(found, sys.stdout))


def emit_file(session: Session, file: Path, more: Mapping[str, Any], notes: Sequence[str] = ()) -> None:
    """Write to stdout which file was written, how long it is and what it says; to stderr, notes on its content."""
    row = {"file": str(file), "bytes": file.stat().st_size, **more}
    before = [more["says"]] if "says" in more else []
    people = ForPeople(columns=("file", "bytes"), words={"bytes": format_bytes}, before=before)
    emit(session, Table(tuple(row), [row], document={**row, "warnings": list(notes)}, people=people), notes)


def write_text(text: str) -> None:
    """Write text that is not data, such as a help page, to stdout.

    Raises:
        InputError: stdout can't be written.
    """
    with _writing():
        print(text, flush=True)


def flush() -> None:
    """Hand all that was written to the system.

    Raises:
        InputError: stdout can't be written.
    """
    with _writing():
        sys.stdout.flush()


def _write_report(session: Session, write: Callable[[Report], Sequence[str]], warnings: Collection[str] = ()) -> None:
    with _writing():
        report = REPORTS.get(session.format)
        notes = write(report.raw() if session.raw else report)
    _say(session, notes, warnings)


def _say(session: Session, notes: Iterable[str], warnings: Collection[str]) -> None:
    for note in notes:
        session.say(note, is_warning=note in warnings)


@contextmanager
def _writing() -> Iterator[None]:
    """Say that stdout can't be written, such as to a full disk.

    Raises:
        ReaderLeft: stdout is a pipe, and its reader went away.
        InputError: stdout can't be written for another reason.
    """
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderLeft from error
    except OSError as error:
        raise InputError(f"stdout: can't be written: {error.strerror or error}") from error


def write_new(session: Session, option: str, file: Path, text: str, *, force: bool) -> None:
    """Write a text to a file, whole or not at all.

    Raises:
        UsageError: it exists, and may not be overwritten, or is the catalog.
        InputError: it can't be written.
    """
    check_new({option: file}, session.catalog, force=force)
    write_whole(option, file, text)
