"""What ``tokaudit diff A B`` compares: two catalogs, or two saved plans."""

from pathlib import Path
from typing import Final

from tokaudit.core.errors import UsageError
from tokaudit.planning.saved_plans import saved_plan_names

_PLAN: Final = "plan:"
"""Before the name of a saved plan, if a file has the same name."""


def operands(first: str, second: str, catalog: Path) -> tuple[Path, Path] | tuple[str, str]:
    """Paths of two catalogs, or the names of two plans that are saved in the catalog.

    A file of that name is a catalog, and so is what looks like a path. Anything else, and ``plan:NAME``, is a plan.

    Raises:
        UsageError: one is a catalog and the other a plan; or there is neither a file nor a saved plan of a name.
        CatalogError: a plan is meant, and the catalog can't be read.
    """
    a, b = (_operand(text, catalog) for text in (first, second))
    if isinstance(a, Path) and isinstance(b, Path):
        return a, b
    if isinstance(a, str) and isinstance(b, str):
        return a, b
    kinds = ("a catalog", "a saved plan") if isinstance(a, Path) else ("a saved plan", "a catalog")
    raise UsageError(f"diff: {first} is {kinds[0]} and {second} is {kinds[1]}; name two catalogs or two saved plans")


def _operand(text: str, catalog: Path) -> Path | str:
    if text.startswith(_PLAN):
        return text.removeprefix(_PLAN)
    path = Path(text)
    if path.exists() or "/" in text or "\\" in text or path.suffix in {".duckdb", ".db"}:
        return path
    known = saved_plan_names(catalog) if catalog.is_file() else []
    if text not in known:
        raise UsageError(
            f"diff: {text!r} is neither a file nor a plan saved in {catalog} (saved: {', '.join(known) or 'none'})"
        )
    return text
