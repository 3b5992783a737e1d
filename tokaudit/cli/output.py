"""How commands write: data to stdout in the format asked for, everything else to stderr."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tokaudit.cli.session import Session
from tokaudit.core.errors import InputError, UsageError
from tokaudit.reports.formats import REPORTS
from tokaudit.reports.protocol import ForPeople, Report, Table

if TYPE_CHECKING:
    from tokaudit.audit.answers import Answer
    from tokaudit.planning.plan import Plan
    from tokaudit.supply.published.browse import CorpusDetails

_AS_PROGRAMS_DO: Final = ForPeople()


def emit(session: Session, table: Table, notes: Iterable[str] = (), *, after: Iterable[str] = ()) -> None:
    """Write a table to stdout; to stderr notes before and after it, and what the format leaves to be told beside it."""
    for note in notes:
        session.say(note)
    _write_report(session, lambda report: report.rows(table, sys.stdout))
    for note in after:
        session.say(note)


def emit_answer(session: Session, answer: "Answer", people: ForPeople = _AS_PROGRAMS_DO) -> None:
    """Write an answer to stdout, its notes to stderr; in JSON they are ``warnings``, too, whatever was silenced."""
    extra = {**answer.extra, "warnings": list(answer.notes)}
    emit(session, Table(answer.columns, answer.rows, extra, people=people), answer.notes)


def emit_plan(session: Session, plan: "Plan", files: Mapping[str, Path | None]) -> None:
    """Write a plan to stdout, and to files.

    Args:
        session: of the command.
        plan: the plan.
        files: format -> the file that the option of its name asks for; None: for none.

    Raises:
        InputError: a file can't be written.
    """
    _write_report(session, lambda report: report.plan(plan, sys.stdout, details=session.verbose))
    for name, file in files.items():
        if file is None:
            continue
        try:
            with file.open("w", encoding="utf-8") as stream:
                REPORTS.get(name).plan(plan, stream, details=True)
        except OSError as error:
            raise InputError(f"--{name}: {file} can't be written: {error.strerror or error}") from error


def emit_chapter(session: Session, topic: str, text: str) -> None:
    """Write a chapter of the guide to stdout."""
    _write_report(session, lambda report: report.chapter(topic, text, sys.stdout))


def emit_corpus(session: Session, found: "CorpusDetails") -> None:
    """Write all that is published of one corpus to stdout."""
    _write_report(session, lambda report: report.corpus(found, sys.stdout))


def _write_report(session: Session, write: Callable[[Report], Sequence[str]]) -> None:
    for note in write(REPORTS.get(session.format)):
        session.say(note)


def check_new(option: str, file: Path | None, *, force: bool) -> None:
    """Nothing, if a file to be written is not there yet or may be overwritten.

    Raises:
        UsageError: it is there.
    """
    if file and file.exists() and not force:
        raise UsageError(f"{option}: {file} is there already; --force overwrites it")
