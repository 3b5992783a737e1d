"""How comparisons of catalogs and of plans are written."""

from typing import TYPE_CHECKING

from tokaudit.cli.output import emit_answer
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople

if TYPE_CHECKING:
    from tokaudit.audit.answer import Answer


def emit_catalogs(session: Session, answer: "Answer") -> None:
    """Write a comparison of two catalogs; people first see the change in unique tokens and its largest cause."""
    from tokaudit.audit.diff_words import SHOWN, changed_by, rows_shown, signed
    from tokaudit.reports.units_words import tokens_of

    by = answer.columns[0]
    people = ForPeople(
        (by, *SHOWN),
        rows_shown(answer),
        words=dict.fromkeys(("documents_seen", "tokens_seen", "tokens_unique"), signed),
        prose=("cause",),
        keep=(by, "cause", "tokens_unique"),
        before=[changed_by(answer)],
        after=[tokens_of(answer.extra["tokenizer"])],
    )
    emit_answer(session, answer, people)


def emit_plans(session: Session, answer: "Answer") -> None:
    """Write a comparison of two plans; people first see both verdicts, and what differs in the question."""
    from tokaudit.planning.diff_plan_words import (
        SHOWN,
        answers_changed,
        domains_shown,
        settings_changed,
        signed_count,
        verdict_changed,
    )

    people = ForPeople(
        SHOWN,
        domains_shown(answer),
        words=dict.fromkeys(("need", "by run", "by share"), signed_count),
        keep=("domain", "need", "unique tokens", "epochs"),
        before=[verdict_changed(answer), *filter(None, [settings_changed(answer)])],
        after=[*filter(None, [answers_changed(answer)])],
    )
    emit_answer(session, answer, people)
