"""``tokaudit plan``: whether data limits a training run, in which domain and by how much."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.plan_options import plan_options
from tokaudit.cli.plan_outputs import plan_outputs
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
        "tokaudit plan --flops 1e24 --supply web=2T,code=400B --fail-on data:likely",
        "tokaudit plan --flops 1e24 --save first",
        "tokaudit plan --flops 1e24 --html plan.html",
    ),
    surplus="plan: takes only options; give a budget such as --flops 1e24, and put a value of several words in quotes",
)
@plan_options
@plan_outputs
@click.pass_obj
def command(
    session: Session,
    /,
    *,
    options: "PlanOptions",
    html: Path | None,
    markdown: Path | None,
    fail_on: tuple[str, ...],
    name: str | None,
    force: bool,
) -> None:
    """Say whether data, model size or compute limits a training run.

    Also says in which domain and by how much. The budget is one of: --flops, --params, --tokens, --params with
    --tokens, or --gpu with --gpus and --days.

    The first lines are the verdict, what to train, what to do, and what would turn the verdict. -v shows the numbers
    behind. With --fail-on, a pipeline stops at a verdict with exit code 1. --save keeps the plan for `tokaudit plans`.

    Published laws were fitted on dense models. They do not apply to mixtures of experts.
    """
    from tokaudit.cli.output import emit_plan
    from tokaudit.core.new_files import check_new, write_whole
    from tokaudit.planning.fail_on import failure, parse_fail_on
    from tokaudit.planning.make_plan import make_plan

    check_new({"--html": html, "--markdown": markdown}, session.catalog, force=force)
    stops = parse_fail_on(fail_on)
    made = make_plan(options, session.catalog, save=name, force=force)
    if name is not None:
        session.say(f"saved as {name} in {session.catalog}; `tokaudit plans {name}` shows it again")
    if html is not None:
        from tokaudit.reports.page.make_page import plan_page

        write_whole("--html", html, plan_page(made, session.catalog).html)
    emit_plan(session, made.plan, {"markdown": markdown})
    if why := failure(made.plan, stops):
        session.fail(why, 1)
        sys.exit(1)


COMMAND: Final = command
