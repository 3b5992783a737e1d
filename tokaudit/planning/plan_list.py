"""The saved plans of a catalog as rows, and what changed since they were saved."""

from pathlib import Path
from typing import Final

from tokaudit.core.errors import CatalogError
from tokaudit.core.rows import Row
from tokaudit.planning.plan_command import options_of_document, plan_command
from tokaudit.planning.saved_plans import plan_of_row, saved_plans
from tokaudit.planning.supply_changes import SuppliesNow

COLUMNS: Final = (
    *("name", "saved", "constraint", "certainty", "binding_domain", "epochs", "law", "flops", "params", "tokens"),
    *("cause", "compute_equivalent_share", "params_constrained", "tokens_constrained", "mixture", "supply_origin"),
    *("version", "supply_changed", "command"),
)


def plan_rows(catalog: Path) -> tuple[list[Row], list[str]]:
    """One row per saved plan, by name, and notes: a sentence for each plan whose measured supply changed.

    ``supply_changed`` is None for a plan whose supply is not measured, and for one that this version can't show;
    ``command`` makes it anew.

    Raises:
        CatalogError: there is no catalog, or it can't be read.
    """
    supplies, rows, notes = SuppliesNow(catalog), [], []
    for row in saved_plans(catalog):
        command = plan_command(options_of_document(row["options"]), row["name"])
        changed: bool | None = None
        try:
            saved = plan_of_row(row, catalog)
        except CatalogError as error:
            notes.append(str(error))
        else:
            words = supplies.words(saved)
            changed = bool(words) if words or saved.supply_is_measured else None
            notes += [f"{words}; `{command}` makes it anew"] if words else []
        rows.append({**row, "supply_changed": changed, "command": command})
    if not rows:
        notes.append(f"no plan is saved in {catalog}; `tokaudit plan --flops 1e24 --save NAME` saves one")
    return [{column: row[column] for column in COLUMNS} for row in rows], notes
