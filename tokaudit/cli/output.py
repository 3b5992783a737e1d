"""How commands write: data to stdout in the format asked for, everything else to stderr."""

import sys
from typing import TYPE_CHECKING

from tokaudit.cli.session import Session

if TYPE_CHECKING:
    from tokaudit.audit.answers import Answer


def say(session: Session, line: str) -> None:
    """A note on stderr, unless the user asked for quiet."""
    if not session.quiet:
        print(f"tokaudit: {line}", file=sys.stderr)


def emit(session: Session, answer: "Answer") -> None:
    """Write an answer to stdout, its notes to stderr; in JSON they are ``warnings``, too, whatever was silenced."""
    from tokaudit.reports.rows import write_rows

    for note in answer.notes:
        say(session, note)
    extra = {**answer.extra, "warnings": list(answer.notes)}
    write_rows(answer.rows, sys.stdout, session.format, columns=answer.columns, extra=extra)
