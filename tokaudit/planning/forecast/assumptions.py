"""What a forecast assumes: each number a distribution with its source, and how a user changes one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from tokaudit.catalog.reference.corpora import Kind
from tokaudit.catalog.reference.read import read_rows, read_table
from tokaudit.core.errors import UsageError
from tokaudit.core.units import parse_count, parse_pairs, parse_share

Distribution = Literal["lognormal", "normal", "6-lognormal", "constant"]
"""How a setting varies between ``low`` and ``high``; ``6-lognormal`` is 6 less a lognormal variable."""

_LEVEL: Final = 0.9  # of the interval that a user gives to what was a constant
_SIX: Final = 6.0
_SHARES: Final = ("share", "share of the demand")
_MOST: Final = {"factor a year": 100.0, "powers of ten a year": 10.0}
_MOST_OF_ANYTHING: Final = 1e30
"""Of a setting of any other unit: no stock, no compute comes near it."""
_STARTS: Final = range(2000, 2041)


@dataclass(frozen=True, slots=True)
class Setting:
    """One assumption.

    Attributes:
        name: what ``--set`` takes; ``DOMAIN.NAME`` where it holds for one domain.
        distribution: how it varies.
        low, high: the ends of its middle interval, equal for a constant.
        level: how much of it lies between them, 0 to 1; None for a constant.
        unit: of both.
        source: where from.
        kind: how it is known; None for the user's own.
        note: what to know of it; may be empty.
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
    """When a stock is used up, as the authors of a model print it.

    Attributes:
        projection: of the demand.
        year_median, year_low, year_high: the middle and the ends of the interval.
        level: what the interval claims, 0 to 1.
        source: where printed.
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
    """Names of the models, in the order of the file."""
    return list(dict.fromkeys(model for row in read_table("forecast_settings.csv") for model in row["model"].split()))


def settings_of(model: str) -> dict[str, Setting]:
    """The settings of a model by name, in the file's order.

    Raises:
        UsageError: there is no such model; the message lists those there are.
    """
    if model not in models():
        raise UsageError(f"--model: unknown model {model!r} (known: {', '.join(models())})")
    rows = read_rows(Setting, "forecast_settings.csv", lambda row: model in row["model"].split())
    return {setting.name: setting for setting in rows}


def published_years(model: str) -> list[PublishedYears]:
    """What the authors of a model print, in the file's order."""
    return read_rows(PublishedYears, "forecast_published.csv", lambda row: model in row["model"].split())


def changed(settings: Mapping[str, Setting], changes: Iterable[str]) -> dict[str, Setting]:
    """The settings with some of them changed.

    Args:
        settings: by name.
        changes: each ``NAME=LOW:HIGH``, an interval at the setting's own level (0.9 for what was a constant), or
            ``NAME=VALUE``, a constant.

    Raises:
        UsageError: not of that form, an unknown name (the message lists those known), a name twice, ends that are no
            interval, or more than there can be.
    """
    found = dict(settings)
    for name, text in parse_pairs(changes, "--set", "NAME=LOW:HIGH or NAME=VALUE").items():
        if name not in settings:
            raise UsageError(f"--set: unknown setting {name!r} (known: {', '.join(settings)})")
        found[name] = _changed(settings[name], text)
    return found


def _changed(setting: Setting, text: str) -> Setting:
    what = f"--set {setting.name}"
    parse = parse_share if setting.unit in _SHARES else parse_count
    ends = [parse(part, what) for part in text.split(":")]
    low, high = ends[0], ends[-1]
    if len(ends) > 2 or low > high:
        raise UsageError(f"{what}: {text!r} is no interval (write it as LOW:HIGH, the lower end first)")
    most = _MOST.get(setting.unit, _MOST_OF_ANYTHING)
    if low <= 0:
        raise UsageError(f"{what}: {text!r} must be positive")
    if high > most:
        raise UsageError(f"{what}: {high:g} is too much (at most {most:g})")
    if setting.name == "start" and not (low == high and low in _STARTS):
        raise UsageError(f"{what}: is a year from {_STARTS[0]} to {_STARTS[-1]}")
    own = replace(setting, low=low, high=high, source="--set", kind=None, note="")
    if low == high:
        return replace(own, distribution="constant", level=None)
    if setting.distribution == "constant":
        return replace(own, distribution="lognormal", level=_LEVEL)
    if setting.distribution == "6-lognormal" and high >= _SIX:
        raise UsageError(f"{what}: {high:g} is too much, it varies below 6")
    return own
