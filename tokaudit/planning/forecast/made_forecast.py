"""A forecast with the options that made it."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from tokaudit.planning.defaults import DEFAULT_LAW, DEFAULT_MODEL
from tokaudit.planning.forecast.forecaster import Forecast, ForecastOptions

_DEFAULT: Final = ForecastOptions(DEFAULT_MODEL, "historical", DEFAULT_LAW)
_NAMES: Final = {"projection": "demand", "changes": "set"}
"""Field -> option, where they differ."""


@dataclass(frozen=True, slots=True)
class MadeForecast:
    """A forecast, and what it was asked with.

    Attributes:
        options: the options.
        forecast: the forecast.
    """

    options: ForecastOptions
    forecast: Forecast

    @property
    def command(self) -> str:
        """The call of ``tokaudit forecast`` that makes the forecast anew, quoted for a shell."""
        words = ["tokaudit", "forecast"]
        for name in (field.name for field in fields(self.options)):
            value = getattr(self.options, name)
            option = f"--{_NAMES.get(name, name)}"
            if name == "changes":
                words += [word for change in _changes(self.options) for word in (option, change)]
            elif value != getattr(_DEFAULT, name):
                words += [option, f"{value:.15g}" if isinstance(value, float) else str(value)]
        return shlex.join(words)


def _changes(options: ForecastOptions) -> list[str]:
    """The changed settings, each as ``--set`` takes it."""
    if not isinstance(options.changes, Mapping):
        return list(options.changes)
    return [
        f"{name}={':'.join(map(str, value)) if isinstance(value, tuple) else value}"
        for name, value in options.changes.items()
    ]
