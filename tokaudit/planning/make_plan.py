"""A plan made from options and, if it gets a name, saved: what ``tokaudit plan`` and ``tokaudit.plan`` do."""

from pathlib import Path

from tokaudit.planning.made_plan import MadePlan
from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.planning.planner import plan


def make_plan(options: PlanOptions, catalog: Path, *, save: str | None = None, force: bool = False) -> MadePlan:
    """The plan of the options, with what it was made from.

    Args:
        options: the options.
        catalog: the catalog with measured text, saved laws and saved plans.
        save: name under which the catalog keeps the plan, and is made if it is not there; None: it is not saved.
        force: whether to replace a saved plan of that name.

    Raises:
        UsageError: an option is wrong or options do not go together, or the name is not valid or is taken; then nothing
            is planned.
        InputError: the file or the table of a supply can't be read.
        CatalogError: the catalog is needed, and it can't be read or written.
    """
    if save is None:
        return _made(options, catalog)
    from tokaudit.planning.saved_plans import check_plan_name, save_plan  # noqa: PLC0415 - loads DuckDB

    check_plan_name(catalog, save, force=force)
    made = _made(options, catalog)
    save_plan(catalog, save, options, made.plan, force=force)
    return made


def _made(options: PlanOptions, catalog: Path) -> MadePlan:
    request = plan_request(options, catalog)
    return MadePlan(options, request, plan(request))
