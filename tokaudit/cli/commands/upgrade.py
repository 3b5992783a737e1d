"""``tokaudit upgrade``: rewrite a catalog as new ones are written."""

from typing import TYPE_CHECKING, Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.cli.wait_option import wait_option
from tokaudit.core.units import format_bytes, parse_duration
from tokaudit.reports.protocol import ForPeople, Table

if TYPE_CHECKING:
    from tokaudit.catalog.upgrade import Upgrade


@click.command(
    "upgrade",
    cls=Command,
    group="Manage",
    examples=("tokaudit upgrade", "tokaudit upgrade --json"),
)
@wait_option
@click.pass_obj
def command(session: Session, wait: str) -> None:
    """Rewrite the catalog as new ones are written.

    It gets this tokaudit's schema, views and published facts, and a storage version that DuckDB 1.2 and later open.
    Your own tables and views stay. It is safe to interrupt. While it runs, the disk holds the catalog twice.
    """
    seconds = parse_duration(wait, "--wait")
    from tokaudit.catalog.patience import patient
    from tokaudit.catalog.upgrade import upgrade

    with patient(seconds, session.say):
        done = upgrade(session.catalog)
    old, new = done.before, done.after
    session.say(_words(done))
    catalog = {"catalog": str(session.catalog)}
    left = {"bytes_before": old.size, "bytes_after": new.size, "changed": done.changed}
    row = {
        **catalog,
        "storage_from": old.storage,
        "storage_to": new.storage,
        "schema_from": old.schema,
        "schema_to": new.schema,
        **left,
    }
    document = {
        **catalog,
        "from": {"storage_version": old.storage, "schema": old.schema},
        "to": {"storage_version": new.storage, "schema": new.schema},
        **left,
    }
    emit(session, Table(tuple(row), [row], document=document, people=ForPeople(keep=("catalog", "changed"))))


def _words(done: "Upgrade") -> str:
    """What was done, as a sentence."""
    old, new = done.before, done.after
    if not done.changed:
        return f"nothing to do: the catalog has storage version {new.storage} and schema {new.schema} already"
    steps = []
    if old.storage != new.storage:
        steps.append(f"storage version {old.storage} became {new.storage}")
    if old.schema != new.schema:
        steps.append(f"schema {old.schema} became {new.schema}")
    if old.shipped != new.shipped:
        steps.append("views and published facts were renewed")
    return f"{', '.join(steps)} ({format_bytes(old.size)} before, {format_bytes(new.size)} now)"


COMMAND: Final = command
