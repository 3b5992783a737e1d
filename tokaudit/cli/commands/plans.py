"""``tokaudit plans``: the plans that were saved."""

from typing import Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.completion import complete_plans
from tokaudit.cli.output import emit_answer, emit_plan
from tokaudit.cli.session import Session
from tokaudit.reports.protocol import ForPeople

_SHOWN: Final = (
    *("name", "saved", "constraint", "certainty", "binding_domain", "epochs", "flops", "params", "tokens", "law"),
    *("mixture", "supply_changed"),
)
_KEPT: Final = ("name", "constraint", "certainty")


@click.command(
    "plans",
    cls=Command,
    group="Plan",
    examples=(
        "tokaudit plans",
        "tokaudit plans first",
        "tokaudit plans first --json",
        "tokaudit plans --forget first",
    ),
    surplus="plans: shows one plan; name one that `tokaudit plans` lists",
)
@click.argument("name", required=False, shell_complete=complete_plans)
@click.option(
    "--forget", "forgotten", metavar="NAME", help="Instead, remove a saved plan.", shell_complete=complete_plans
)
@click.pass_obj
def command(session: Session, name: str | None, forgotten: str | None) -> None:
    """List the saved plans, or show the one called NAME as it was.

    Also says whether the measured supply of a plan has changed since, and which command makes the plan anew.
    """
    from tokaudit.core.units import format_count, format_power
    from tokaudit.planning.plan_list import list_plans
    from tokaudit.planning.saved_plans import forget_plan, saved_plan
    from tokaudit.planning.supply_changes import SuppliesNow

    if forgotten is not None:
        forget_plan(session.catalog, forgotten)
        session.say(f"removed the plan {forgotten} from {session.catalog}")
    elif name is not None:
        found = saved_plan(session.catalog, name)
        emit_plan(session, found.plan, {})
        session.say(f"{name} was saved at {found.saved:%Y-%m-%d %H:%M} UTC by tokaudit {found.version}")
        if changed := SuppliesNow(session.catalog).advice(found):
            session.say(changed)
    else:
        words = {"saved": "{:%Y-%m-%d %H:%M}".format, "flops": format_power}
        people = ForPeople(_SHOWN, words={**words, **dict.fromkeys(("params", "tokens"), format_count)}, keep=_KEPT)
        emit_answer(session, list_plans(session.catalog), people)


COMMAND: Final = command
