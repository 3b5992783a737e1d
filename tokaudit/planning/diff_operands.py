"""What ``tokaudit diff A B`` compares: two catalogs, or two saved plans."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tokaudit.core.errors import UsageError
from tokaudit.planning.saved_plans import SavedPlan, saved_plan, saved_plan_names

_PLAN: Final = "plan:"
"""Before the name of a saved plan, if a file has the same name."""
_SUFFIXES: Final = (".duckdb", ".db")


@dataclass(frozen=True, slots=True)
class Operands:
    """Two catalogs, or two saved plans.

    Attributes:
        catalogs: paths of the catalogs; None: plans are compared.
        plans: names of the plans; None: catalogs are compared.
    """

    catalogs: tuple[Path, Path] | None = None
    plans: tuple[str, str] | None = None

    def saved_plans(self, catalog: Path) -> tuple[SavedPlan, SavedPlan]:
        """The plans of these names, if plans are compared.

        Raises:
            UsageError: no saved plan has one of the names.
            CatalogError: the catalog can't be read.
        """
        if self.plans is None:
            raise ValueError("catalogs are compared")
        first, second = self.plans
        return saved_plan(catalog, first), saved_plan(catalog, second)


def operands(first: str, second: str, catalog: Path) -> Operands:
    """What the words mean: a file of that name, or what looks like one, is a catalog; ``plan:NAME`` is a plan.

    Anything else is the name of a plan that is saved in the catalog.

    Raises:
        UsageError: one is a catalog and the other a plan; or there is neither a file nor a saved plan of a name.
        CatalogError: a plan is meant, and the catalog can't be read.
    """
    a, b = (_operand(text, catalog) for text in (first, second))
    if isinstance(a, Path) and isinstance(b, Path):
        return Operands(catalogs=(a, b))
    if isinstance(a, str) and isinstance(b, str):
        return Operands(plans=(a, b))
    kinds = ["a catalog" if isinstance(each, Path) else "a saved plan" for each in (a, b)]
    raise UsageError(f"diff: {first} is {kinds[0]} and {second} is {kinds[1]}; name two catalogs or two saved plans")


def _operand(text: str, catalog: Path) -> Path | str:
    if text.startswith(_PLAN):
        return text.removeprefix(_PLAN)
    path = Path(text)
    if path.exists() or path.name != text or path.suffix in _SUFFIXES:
        return path
    known = saved_plan_names(catalog) if catalog.is_file() else []
    if text not in known:
        saved = ", ".join(known) or "none"
        raise UsageError(f"diff: {text!r} is neither a file nor a plan saved in {catalog} (saved: {saved})")
    return text
