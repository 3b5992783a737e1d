"""``tokaudit demo``: the whole path on text that this machine has anyway."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from tokaudit.cli.session import Session

DEMO_CATALOG: Final = Path("tokaudit-demo.duckdb")


@click.command("demo")
@click.pass_obj
def command(session: Session) -> None:
    """Count the Python libraries and documentation on this machine, then plan two runs.

    Takes well under a minute and no network. Its catalog is tokaudit-demo.duckdb unless --catalog names another.
    """
    from tokaudit.cli import demo
    from tokaudit.cli.output import say
    from tokaudit.cli.progress import ProgressReport
    from tokaudit.reports import text
    from tokaudit.reports.rows import to_json, write_rows

    catalog = session.named_catalog or DEMO_CATALOG
    with ProgressReport(quiet=session.quiet) as report:
        done = demo.demo(catalog, report)
    if session.format == "json":
        print(
            to_json(
                {
                    "catalog": str(catalog.absolute()),
                    "ingests": done.ingests,
                    "supply": {"rows": done.supply.rows, **done.supply.extra},
                    "plans": [asdict(plan) for plan in done.plans],
                }
            )
        )
        return
    if session.format == "csv":
        write_rows(done.supply.rows, sys.stdout, session.format, columns=done.supply.columns)
        return
    seen = sum(result["bytes"] for result in done.ingests) / 1e6
    seconds = sum(result["seconds"] for result in done.ingests)
    places = " and ".join(str(folder) for folder in done.folders)
    print(f"Counted {seen:,.1f} MB of text in {seconds:.1f} s: code and documentation below {places}.\n")
    write_rows(done.supply.rows, sys.stdout, session.format, columns=done.supply.columns)
    for budget, on, plan in (
        (demo.SMALL_RUN, "this supply", done.plans[0]),
        (demo.LARGE_RUN, f"a supply of trillions ({demo.TRILLIONS})", done.plans[1]),
    ):
        print(f"\n== A run of {budget:.0e} FLOPs on {on} ==\n".replace("e+", "e"))
        text.write_plan(plan, sys.stdout)
    print(f"\nThe catalog is {catalog.absolute()}. Look into it:")
    print(f"  tokaudit --catalog {catalog} supply --by language")
    print(f"  tokaudit --catalog {catalog} duplicates --limit 10")
    print(f"  tokaudit --catalog {catalog} query --list")
    for note in done.supply.notes:
        say(session, note)


COMMAND: Final = command
