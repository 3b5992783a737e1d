"""``tokaudit schema``: the views of a catalog, their columns, keys and comments."""

from typing import TYPE_CHECKING, Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.completion import complete_views
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople, Table

if TYPE_CHECKING:
    from tokaudit.catalog.model import View

_COLUMNS: Final = ("view", "kind", "column", "type", "key", "refers_to", "comment")


@click.command(
    "schema",
    cls=Command,
    group="Inspect",
    examples=(
        "tokaudit schema",
        "tokaudit schema documents",
    ),
    surplus="schema: shows one view at a time; without a name, it shows all",
)
@click.argument("view", required=False, shell_complete=complete_views)
@click.pass_obj
def command(session: Session, view: str | None) -> None:
    """Show the views that SQL reads: their columns, keys and comments.

    Without VIEW, all are shown, and your own views too. Without a catalog, the views are those of a new one.
    """
    from tokaudit.catalog.model import model_of

    catalog = session.catalog if session.catalog.exists() else None
    if catalog is None:
        session.say(f"{session.catalog}: no catalog found; these are the views of a new one")
    views = model_of(catalog, view)
    rows = [
        {
            "view": each.name,
            "kind": each.kind,
            "column": column.name,
            "type": column.type,
            "key": column.is_key,
            "refers_to": column.refers_to,
            "comment": column.comment,
        }
        for each in views
        for column in each.columns
    ]
    described = [{"view": each.name, "kind": each.kind, "comment": each.comment} for each in views]
    people = ForPeople(sections=[_section(each) for each in views])
    emit(session, Table(_COLUMNS, rows, {"views": described, "warnings": []}, people=people))


def _section(view: "View") -> tuple[str, Table]:
    """A view as people see it: its name and kind, what a row is, the columns, and how it is joined."""
    from tokaudit.catalog.model import KINDS

    rows = [{"column": each.name, "type": each.type, "comment": each.comment} for each in view.columns]
    key = [each.name for each in view.columns if each.is_key]
    joins = [f"{each.name} → {each.refers_to}" for each in view.columns if each.refers_to]
    lines = [f"key: {', '.join(key)}"] * bool(key) + joins
    people = ForPeople(
        prose=("comment",),
        keep=("column", "type", "comment"),
        before=[view.comment] if view.comment else [],
        after=[tuple(lines)] if lines else [],
    )
    return f"{view.name} ({KINDS[view.kind]})", Table(("column", "type", "comment"), rows, people=people)


COMMAND: Final = command
