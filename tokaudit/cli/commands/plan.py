"""``tokaudit plan``: whether data limits a training run, in which domain and by how much."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.plan_options import plan_options
from tokaudit.cli.session import Session

if TYPE_CHECKING:
    from tokaudit.planning.options import PlanOptions


@click.command(
    "plan",
    cls=Command,
    group="Plan",
    examples=(
        "tokaudit plan --flops 1e24",
        "tokaudit plan --params 70B --tokens 1.4T --supply web=2T,code=400B",
        "tokaudit plan --gpu 'H100 SXM' --gpus 1024 --days 60 --supply published",
    ),
    surplus="plan: takes only options; give a budget such as --flops 1e24, and put a value of several words in quotes",
)
@plan_options
@click.option(
    "--markdown",
    type=click.Path(readable=False, path_type=Path),
    metavar="FILE",
    help="File to also write the plan to, as Markdown.",
)
@click.option("--force", is_flag=True, help="Overwrite the file of --markdown if it exists.")
@click.pass_obj
def command(session: Session, /, *, options: "PlanOptions", markdown: Path | None, force: bool) -> None:
    """Say whether data, model size or compute limits a training run.

    Also says in which domain and by how much. The budget is one of: --flops, --params, --tokens, --params with
    --tokens, or --gpu with --gpus and --days.

    Published laws were fitted on dense models. They do not apply to mixtures of experts.
    """
    from tokaudit.cli.output import check_new, emit_plan
    from tokaudit.planning import planner
    from tokaudit.planning.options import plan_request

    check_new("--markdown", markdown, force=force)
    made = planner.plan(plan_request(options, session.catalog))
    emit_plan(session, made, {"markdown": markdown})


COMMAND: Final = command
