"""Is data, rather than model size or compute, what limits a training run?

The whole path, left to right::

    files -ingester-> TextBatch -measure-> MeasuredBatch -> catalog (DuckDB) -dedup-> groups -> Supply -+
      |               Arrow: text          integers only        |                                       |
      +-> pages -extract--^ (in processes)                      |                                       |
                                                                +-> queries/*.sql, SQL    law, budget --+
                                                                                                        |
                                                            report (table, json, markdown) <-- Plan <-- planner

``tokaudit`` on the command line and this package call the same functions. Importing it loads no other package: each
name below is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tokaudit.api.catalog import Catalog
    from tokaudit.api.catalog import open_catalog as open  # noqa: A004 - a catalog is opened as a file is
    from tokaudit.api.fit import Fit, fit
    from tokaudit.api.forecast import Forecast, forecast
    from tokaudit.api.plan import Plan, plan
    from tokaudit.core.errors import CatalogError, InputError, MissingPackageError, TokauditError, UsageError

__version__ = "0.1.0"

_PLACES: Final = {
    "open": ("tokaudit.api.catalog", "open_catalog"),
    "Catalog": ("tokaudit.api.catalog", "Catalog"),
    **{name: ("tokaudit.api.plan", name) for name in ("plan", "Plan")},
    **{name: ("tokaudit.api.fit", name) for name in ("fit", "Fit")},
    **{name: ("tokaudit.api.forecast", name) for name in ("forecast", "Forecast")},
    **{
        name: ("tokaudit.core.errors", name)
        for name in ("TokauditError", "UsageError", "InputError", "CatalogError", "MissingPackageError")
    },
}
"""Name -> the module that has it, and its name there."""

__all__ = [  # noqa: RUF022 - in the order in which they are used
    "open",
    "Catalog",
    "plan",
    "Plan",
    "fit",
    "Fit",
    "forecast",
    "Forecast",
    "TokauditError",
    "UsageError",
    "InputError",
    "CatalogError",
    "MissingPackageError",
    "__version__",
]


if not TYPE_CHECKING:  # a type checker knows the names from the imports above, and finds a wrong one

    def __getattr__(name: str) -> Any:
        """One of the names above, loaded now."""
        if name not in _PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module, there = _PLACES[name]
        found = globals()[name] = getattr(import_module(module), there)
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
