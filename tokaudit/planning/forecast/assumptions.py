"""The assumptions of a forecast, each a distribution with its source, and how users change them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from tokaudit.catalog.reference.corpora import Kind
from tokaudit.catalog.reference.read import read_rows, read_table
from tokaudit.core.errors import UsageError
from tokaudit.core.given_numbers import Number, given_count, given_share
from tokaudit.core.name_matching import unknown_name
from tokaudit.core.units import parse_pairs

Distribution = Literal["lognormal", "normal", "6-lognormal", "constant"]
"""How a setting varies between ``low`` and ``high``; ``6-lognormal`` is 6 minus a lognormal variable."""

Changes = Iterable[str] | Mapping[str, Number | tuple[Number, Number]]
"""Changes of settings: each ``NAME=LOW:HIGH`` or ``NAME=VALUE``, or name -> value or pair of ends."""

_FORM: Final = "NAME=LOW:HIGH or NAME=VALUE"
_LEVEL: Final = 0.9  # level of an interval that a user gives to a constant
_SIX: Final = 6.0
_SHARES: Final = ("share", "share of the demand")
_MOST: Final = {"factor a year": 100.0, "powers of ten a year": 10.0}
_MOST_OF_ANYTHING: Final = 1e30
"""The most of a setting of any other unit, far above any stock and any compute."""
_STARTS: Final = range(2000, 2041)


@dataclass(frozen=True, slots=True)
class Setting:
    """One assumption.

    Attributes:
        name: the name that ``--set`` takes; ``DOMAIN.NAME`` if it applies to one domain.
        distribution: how it varies.
        low, high: ends of its middle interval; equal for a constant.
        level: probability between them, 0 to 1; None for a constant.
        unit: unit of ``low`` and ``high``.
        source: where the numbers come from.
        kind: how they are known; None for the user's own.
        note: what to know about it; may be empty.
    """

    name: str
    distribution: Distribution
    low: float
    high: float
    level: float | None
    unit: str
    source: str
    kind: Kind | None
    note: str


@dataclass(frozen=True, slots=True)
class PublishedYears:
    """The years in which a stock is exhausted, as the authors of a model print them.

    Attributes:
        projection: projection of the demand.
        year_median, year_low, year_high: the median and the ends of the interval.
        level: probability of the interval, 0 to 1.
        source: where they are printed.
        note: why ours may differ; may be empty.
    """

    projection: str
    year_median: float
    year_low: float
    year_high: float
    level: float
    source: str
    note: str


def models() -> list[str]:
    """Names of the models, in the file's order."""
    return list(dict.fromkeys(model for row in read_table("forecast_settings.csv") for model in row["model"].split()))


def settings_of(model: str) -> dict[str, Setting]:
    """Name -> setting of a model, in the file's order.

    Raises:
        UsageError: there is no such model; the message lists the known ones.
    """
    if model not in models():
        raise UsageError(f"--model: {unknown_name('model', model, models())}")
    rows = read_rows(Setting, "forecast_settings.csv", lambda row: model in row["model"].split())
    return {setting.name: setting for setting in rows}


def published_years(model: str) -> list[PublishedYears]:
    """The years that the authors of a model print, in the file's order."""
    return read_rows(PublishedYears, "forecast_published.csv", lambda row: model in row["model"].split())


def changed(settings: Mapping[str, Setting], changes: Changes) -> dict[str, Setting]:
    """Name -> setting, with some settings changed.

    Args:
        settings: name -> setting.
        changes: each ``NAME=LOW:HIGH``, an interval at the setting's own level (0.9 if it was a constant), or
            ``NAME=VALUE``, a constant; or name -> value or pair of ends.

    Raises:
        UsageError: another form, an unknown name (the message lists the known ones), a name twice, ends that are not
            an interval, or a number out of bounds.
    """
    found = dict(settings)
    given: Mapping[str, Any] = changes if isinstance(changes, Mapping) else parse_pairs(changes, "--set", _FORM)
    for name, value in given.items():
        if name not in settings:
            raise UsageError(f"--set: {unknown_name('setting', str(name), list(settings))}")
        found[name] = _changed(settings[name], value)
    return found


def _ends(setting: Setting, given: Number | tuple[Number, Number], what: str) -> tuple[float, float]:
    """The ends of an interval, equal for a single value; the first is above the second if it is not an interval."""
    read = given_share if setting.unit in _SHARES else given_count
    parts = given.split(":") if isinstance(given, str) else given if isinstance(given, tuple | list) else [given]
    ends = [read(part, what) for part in parts]
    return (ends[0], ends[-1]) if 1 <= len(ends) <= 2 else (1, 0)


def _changed(setting: Setting, given: Number | tuple[Number, Number]) -> Setting:
    what = f"--set {setting.name}"
    text = given if isinstance(given, str) else str(given)
    low, high = _ends(setting, given, what)
    if low > high:
        raise UsageError(f"{what}: {text!r} is not an interval; write LOW:HIGH, the lower end first")
    most = _MOST.get(setting.unit, _MOST_OF_ANYTHING)
    if low <= 0:
        raise UsageError(f"{what}: {text!r} must be positive")
    if high > most:
        raise UsageError(f"{what}: {high:g} is too large (at most {most:g})")
    if setting.name == "start" and not (low == high and low in _STARTS):
        raise UsageError(f"{what}: must be a year from {_STARTS[0]} to {_STARTS[-1]}")
    own = replace(setting, low=low, high=high, source="--set", kind=None, note="")
    if low == high:
        return replace(own, distribution="constant", level=None)
    if setting.distribution == "constant":
        return replace(own, distribution="lognormal", level=_LEVEL)
    if setting.distribution == "6-lognormal" and high >= _SIX:
        raise UsageError(f"{what}: {high:g} is too large (it must be below 6)")
    return own
