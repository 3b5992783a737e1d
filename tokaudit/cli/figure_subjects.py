"""What figures are drawn from: for each kind of subject, the options of ``tokaudit plot`` and how it is made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tokaudit.cli.common_options import counted_tokenizer_option
from tokaudit.cli.fit_options import NAME_RUNS, fit_options
from tokaudit.cli.forecast_options import forecast_options
from tokaudit.cli.plan_options import plan_options

if TYPE_CHECKING:
    from tokaudit.planning.forecast.forecaster import ForecastOptions
    from tokaudit.planning.options import PlanOptions


class Made(NamedTuple):
    """A subject, and what to know before using its numbers.

    Attributes:
        subject: what a figure is drawn from.
        warnings: one sentence each, for JSON.
        notes: those of them that people see.
        complete: whether all that is measured of it is final and of all the input.
    """

    subject: Any
    warnings: Sequence[str]
    notes: Sequence[str]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """How a kind of subject is asked for.

    Attributes:
        kind: its name in words; figures are listed by it.
        options: gives a function the options.
        make: returns it, from the catalog and the values of the options.
        example: arguments of an example.
        about: a sentence of the help.
        required: as in `Command`.
    """

    kind: str
    options: Callable[[Any], Any]
    make: Callable[..., Made]
    example: str
    about: str
    required: Mapping[str, str] = field(default_factory=dict)


def _made_plan(catalog: Path, *, options: "PlanOptions") -> Made:
    from tokaudit.planning.make_plan import make_plan

    made = make_plan(options, catalog)
    return Made(made, made.plan.warnings, made.plan.notes, made.plan.complete)


def _plan(catalog: Path, *, options: "PlanOptions") -> Made:
    made = _made_plan(catalog, options=options)
    return made._replace(subject=made.subject.plan)


def _overview(catalog: Path, *, tokenizer: str | None) -> Made:
    from tokaudit.audit.overview import overview

    found = overview(catalog, tokenizer)
    return Made(found, found.notes, found.notes, found.complete)


def _forecast(catalog: Path, *, options: "ForecastOptions") -> Made:
    from tokaudit.planning.forecast.forecaster import make_forecast
    from tokaudit.planning.forecast.made_forecast import MadeForecast

    made = MadeForecast(options, make_forecast(options, catalog))
    return Made(made, made.forecast.notes, ())


def _fit(catalog: Path, *, file: Path, method: str, **how: Any) -> Made:
    from tokaudit.laws.fit.fit import SavedAs, dropped_words, fit_law
    from tokaudit.laws.fit.made_fit import MadeFit

    found, dropped = fit_law(file, method, **how, catalog=catalog, saved=SavedAs())
    warnings = (*dropped_words(file, dropped), *found.warnings)
    return Made(MadeFit(str(file), method, found, dropped, **how), warnings, warnings)


_PLAN: Final = Asked(
    "plan",
    plan_options,
    _plan,
    "--flops 1e24 --supply web=2T,code=400B",
    "The options are those of `tokaudit plan`: a budget, and the supply if it is not the catalog's.",
)

SUBJECTS: Final[Mapping[str, Asked]] = {
    "Plan": _PLAN,
    "MadePlan": replace(_PLAN, make=_made_plan),
    "Overview": Asked(
        "catalog",
        counted_tokenizer_option,
        _overview,
        "",
        "It shows what the catalog contains; --catalog names another.",
    ),
    "MadeForecast": Asked(
        "forecast", forecast_options, _forecast, "--demand compute", "The options are those of `tokaudit forecast`."
    ),
    "MadeFit": Asked(
        "fit",
        fit_options,
        _fit,
        "runs.csv",
        "FILE.csv and the options are those of `tokaudit fit`.",
        {"file": NAME_RUNS},
    ),
}
"""Name of a subject's class -> how it is asked for. The class itself is loaded only with a figure of it."""
