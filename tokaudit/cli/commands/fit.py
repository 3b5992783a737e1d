"""``tokaudit fit``: a scaling law from a table of the user's own training runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.fit_options import NAME_RUNS, fit_options
from tokaudit.cli.fit_outputs import fit_outputs
from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import Table

if TYPE_CHECKING:
    from tokaudit.laws.fit.fit import Shown
    from tokaudit.laws.protocol import ParamsCounted


@click.command(
    "fit",
    cls=Command,
    group="Plan",
    examples=(
        "tokaudit fit runs.csv",
        "tokaudit fit runs.csv --method isoflop --drop 'loss>3.5' --save my-law",
        "tokaudit fit runs.csv --show residuals --format csv",
    ),
    required={"file": NAME_RUNS},
    surplus="fit: takes one file; put a file name or condition of several words in quotes",
)
@fit_options
@fit_outputs
@click.pass_obj
def command(
    session: Session,
    /,
    file: Path,
    *,
    method: str,
    name: str | None,
    params_counted: "ParamsCounted",
    tokenizer: str | None,
    force: bool,
    show: "Shown",
    **how: Any,
) -> None:
    """Fit a scaling law to the training runs in FILE.csv.

    Columns: params, tokens or flops, loss (nats per token), and unique_tokens if runs repeat tokens. Shows the
    constants with their intervals.
    """
    from tokaudit.laws.fit.fit import SavedAs, document, dropped_words, fit_law, fit_rows

    saved = SavedAs(name, params_counted, tokenizer, force=force)
    fitted, dropped = fit_law(file, method, **how, catalog=session.catalog, saved=saved)
    if name is not None:
        session.say(f"saved as {name} in {session.catalog}; `tokaudit plan --law {name}` uses it")
    rows, columns = fit_rows(fitted, show)
    notes = [*dropped_words(file, dropped), *fitted.warnings]
    emit(session, Table(columns, rows, document=document(method, fitted, dropped, name), notes=notes))


COMMAND: Final = command
