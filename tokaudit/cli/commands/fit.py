"""``tokaudit fit``: a scaling law of one's own from a table of training runs."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tokaudit.cli.output import say
from tokaudit.cli.session import Session
from tokaudit.core.errors import UsageError

if TYPE_CHECKING:
    from tokaudit.laws.fit.protocol import Fit
    from tokaudit.laws.parametric import Parametric
    from tokaudit.laws.protocol import ParamsCounted

_LAW: Final = ("E", "A", "B", "alpha", "beta")


@click.command("fit")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.csv")
@click.option(
    "--method", metavar="NAME", default="parametric", show_default=True, help="parametric, isoflop, envelope."
)
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
    file: Path,
    *,
    method: str,
    drops: tuple[str, ...],
    base: str | None,
    draws: int | None,
    name: str | None,
    params_counted: "ParamsCounted",
    tokenizer: str | None,
    force: bool,
    show: str,
) -> None:
    """Fit a scaling law to the training runs in FILE.csv: its constants, and how sure they are.

    Columns: params, tokens or flops, loss (nats a token), and unique_tokens where runs repeat tokens.
    """
    from tokaudit.laws import saved
    from tokaudit.laws.fit.methods import METHODS
    from tokaudit.laws.fit.protocol import DRAWS
    from tokaudit.laws.fit.run_table import parse_condition, read_runs
    from tokaudit.reports.rows import to_json, write_rows

    if name is None and (params_counted != "total" or tokenizer is not None):
        raise UsageError("--params-counted and --tokenizer are kept with a law: give --save NAME too")
    how = METHODS.get(method)
    conditions = [parse_condition(text) for text in drops]
    if name is not None:
        saved.check_name(session.catalog, name, force=force)
    kept = _base(base, session.catalog) if base else None
    table = read_runs(file, conditions)
    found = how(table.runs, base=kept, draws=DRAWS if draws is None else draws)
    found = replace(found, warnings=(*table.runs.warnings(), *found.warnings))
    if name is not None:
        saved.save_law(
            session.catalog, name, method, file.name, found, params_counted=params_counted, tokenizer=tokenizer
        )
        say(session, f"saved as {name} in {session.catalog}: 'tokaudit plan --law {name}' uses it")
    if session.format == "json":
        print(to_json(_document(method, found, table.dropped, name)))
        return
    for run in table.dropped:
        say(session, f"dropped {file}:{run['line']}: {run['reason']}")
    for warning in found.warnings:
        click.echo(f"Note: {warning}.", err=True)
    rows = {
        "constants": _constants(found),
        "residuals": found.residuals,
        "frontier": found.frontier,
        "draws": _draws(found),
    }[show]
    write_rows(rows, sys.stdout, session.format, columns=tuple(rows[0]) if rows else ("draw", *found.constants))


def _base(name: str, catalog: Path) -> "Parametric":
    """The law of that name.

    Raises:
        UsageError: there is none, or it has no loss of the parametric form.
    """
    from tokaudit.laws.find import find_law
    from tokaudit.laws.parametric import Parametric

    law, _ = find_law(name, catalog)
    if not isinstance(law, Parametric):
        raise UsageError(f"--base: {name} has no constants E, A, B, alpha and beta to keep")
    return law


def _constants(found: "Fit") -> list[dict[str, Any]]:
    rows = []
    for name, value in {**found.constants, **found.exponents}.items():
        low, high = found.interval.get(name, (None, None))
        rows.append({"constant": name, "value": value, "low": low, "high": high})
    return rows


def _draws(found: "Fit") -> list[dict[str, Any]]:
    columns = zip(*(values.tolist() for values in found.draws.values()), strict=True)
    return [{"draw": place, **dict(zip(found.draws, row, strict=True))} for place, row in enumerate(columns)]


def _document(method: str, found: "Fit", dropped: list[dict[str, Any]], name: str | None) -> dict[str, Any]:
    from tokaudit.laws.fit.protocol import LEVEL

    return {
        "method": method,
        "law": {**dict.fromkeys(_LAW), **found.constants},
        "exponents": found.exponents,
        "objective": found.objective,
        "r_squared": found.r_squared,
        "runs_used": len(found.runs),
        "runs_dropped": dropped,
        "interval": found.interval,
        "level": LEVEL,
        "draws": len(next(iter(found.draws.values()), ())),
        "saved": name,
        "warnings": found.warnings,
        "residuals": found.residuals,
        "frontier": found.frontier,
    }


COMMAND: Final = command
