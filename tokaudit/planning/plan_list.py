"""The saved plans of a catalog as rows, and what changed since they were saved."""

from pathlib import Path
from typing import Final

from tokaudit.audit.answer import Answer
from tokaudit.core.errors import CatalogError
from tokaudit.planning.plan_command import options_of_document, plan_command
from tokaudit.planning.saved_plans import plan_of_row, saved_plans
from tokaudit.planning.supply_changes import SuppliesNow

_TYPES: Final = {
    "name": "VARCHAR",
    "saved": "TIMESTAMP",
    "constraint": "VARCHAR",
    "certainty": "VARCHAR",
    "binding_domain": "VARCHAR",
    "epochs": "DOUBLE",
    "law": "VARCHAR",
    "flops": "DOUBLE",
    "params": "DOUBLE",
    "tokens": "DOUBLE",
    "cause": "VARCHAR",
    "compute_equivalent_share": "DOUBLE",
    "params_constrained": "DOUBLE",
    "tokens_constrained": "DOUBLE",
    "mixture": "VARCHAR",
    "supply_origin": "VARCHAR",
    "version": "VARCHAR",
    "supply_changed": "BOOLEAN",
    "command": "VARCHAR",
}
"""Columns, and DuckDB's names of their types."""


def list_plans(catalog: Path) -> Answer:
    """One row per saved plan, by name, and notes: a sentence for each plan whose measured supply changed.

    ``complete`` says whether the supplies that the plans are compared with are final and of all the input.
    ``supply_changed`` is None for a plan whose supply is not measured, and for one that this version can't show;
    ``command`` makes it anew.

    Raises:
        CatalogError: there is no catalog, or it can't be read.
    """
    supplies = SuppliesNow(catalog)
    rows, notes = [], []
    for row in saved_plans(catalog):
        changed: bool | None = None
        try:
            saved = plan_of_row(row, catalog)
        except CatalogError as error:
            notes.append(str(error))
        else:
            advice = supplies.advice(saved)
            changed = bool(advice) if advice or saved.supply_is_measured else None
            notes += [advice] if advice else []
        command = plan_command(options_of_document(row["options"]), row["name"])
        known = {**row, "supply_changed": changed, "command": command}
        rows.append({column: known[column] for column in _TYPES})
    if not supplies.complete:
        notes.append("the measured text that plans are compared with is not final, or not all of the input")
    if not rows:
        notes.append(f"no plan is saved in {catalog}; `tokaudit plan --flops 1e24 --save NAME` saves one")
    return Answer(tuple(_TYPES), rows, {"complete": supplies.complete}, tuple(notes), types=tuple(_TYPES.values()))
