"""``tokaudit plan``: is data the constraint of a training run, in which domain and by how much?"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tokaudit.cli.plan_options import plan_options
from tokaudit.cli.session import Session

if TYPE_CHECKING:
    from tokaudit.planning.options import PlanOptions


@click.command("plan")
@plan_options
@click.option("--markdown", type=click.Path(path_type=Path), metavar="FILE", help="Also write the plan here.")
@click.option("--force", is_flag=True, help="Overwrite FILE.")
@click.pass_obj
def command(session: Session, /, *, options: "PlanOptions", markdown: Path | None, force: bool) -> None:
    """Say whether data, model size or compute limits a training run, in which domain and by how much.

    Published laws are of dense models: of a mixture of experts, whatever is given as --params, they know nothing.
    """
    from tokaudit.cli.output import check_new, emit_plan
    from tokaudit.planning import planner
    from tokaudit.planning.options import plan_request

    check_new("--markdown", markdown, force=force)
    made = planner.plan(plan_request(options, session.catalog))
    emit_plan(session, made, {"markdown": markdown})


COMMAND: Final = command
