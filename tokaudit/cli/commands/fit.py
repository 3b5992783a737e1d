"""``tokaudit fit``: a scaling law of one's own from a table of training runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.core.errors import UsageError
from tokaudit.laws.fit.methods import METHODS

if TYPE_CHECKING:
    from tokaudit.laws.fit.fit import Shown
    from tokaudit.laws.protocol import ParamsCounted


@click.command("fit")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.csv")
@click.option("--method", metavar="|".join(METHODS.names()), default="parametric", show_default=True, help="How.")
@click.option(
    "--drop", "drops", multiple=True, metavar="CONDITION", help="Leave runs out, such as 'loss>3.5' or line=7."
)
@click.option("--base", metavar="LAW", help="Keep this law's one-epoch constants: fit R_D* and R_N* only.")
@click.option("--draws", type=click.IntRange(0, 10_000), metavar="N", help="Bootstrap draws [default: 1000].")
@click.option("--save", "name", metavar="NAME", help="Keep the fit in the catalog, as a law for plan --law.")
@click.option(
    "--params-counted",
    type=click.Choice(["total", "non-embedding", "active"]),
    default="total",
    show_default=True,
    help="With --save: which params the runs count.",
)
@click.option("--tokenizer", metavar="NAME", help="With --save: whose tokens they count [default: their own, unnamed].")
@click.option("--force", is_flag=True, help="Replace a saved law of that name.")
@click.option(
    "--show",
    type=click.Choice(["constants", "residuals", "frontier", "draws"]),
    default="constants",
    show_default=True,
    help="Which rows are written where the format is not json; residuals and frontier are what one plots.",
)
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
    """Fit a scaling law to the training runs in FILE.csv: its constants, and how sure they are.

    Columns: params, tokens or flops, loss (nats a token), and unique_tokens where runs repeat tokens.
    """
    from tokaudit.laws.fit.fit import document, fit_file, fit_rows
    from tokaudit.laws.saved import check_name, save_law
    from tokaudit.reports.protocol import Table

    if name is not None:
        check_name(session.catalog, name, force=force)
    elif params_counted != "total" or tokenizer is not None:
        raise UsageError("--params-counted and --tokenizer are kept with a law: give --save NAME too")
    fitted, dropped = fit_file(file, method, **how, catalog=session.catalog)
    if name is not None:
        save_law(session.catalog, name, method, file.name, fitted, params_counted=params_counted, tokenizer=tokenizer)
        session.say(f"saved as {name} in {session.catalog}: 'tokaudit plan --law {name}' uses it")
    rows, columns = fit_rows(fitted, show)
    whole = document(method, fitted, dropped, name)
    notes = [*(f"dropped {file}:{run['line']}: {run['reason']}" for run in dropped), *fitted.warnings]
    emit(session, Table(columns, rows, document=whole, notes=notes))


COMMAND: Final = command
