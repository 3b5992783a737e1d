"""A fit with what made it."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tokaudit.core.rows import Row
from tokaudit.laws.fit.fit import Shown
from tokaudit.laws.fit.protocol import DRAWS, Fit

_FILE: Final = "FILE.csv"
"""Runs that can't be typed: a table in memory."""
_METHOD: Final = "parametric"


@dataclass(frozen=True, slots=True)
class MadeFit:
    """A fit, and what it was asked with.

    Attributes:
        file: path of the runs' file; None: they are a table in memory.
        method: name of the method.
        fit: the fit.
        dropped: ``line`` and ``reason`` of each run that was left out.
        drops: conditions on runs to leave out.
        base: the law whose one-epoch constants were kept; None: none were.
        draws: number of bootstrap draws that was asked for.
    """

    file: str | None
    method: str
    fit: Fit
    dropped: Sequence[Row]
    drops: Sequence[str] = ()
    base: str | None = None
    draws: int | None = None

    def command(self, shown: Shown) -> str:
        """The call of ``tokaudit fit`` that makes the fit anew and shows these rows, with ``FILE.csv`` for a table."""
        words = ["tokaudit", "fit", _FILE if self.file is None else self.file]
        words += ["--method", self.method] if self.method != _METHOD else []
        words += [word for condition in self.drops for word in ("--drop", condition)]
        words += ["--base", self.base] if self.base is not None else []
        words += ["--draws", str(self.draws)] if self.draws not in (None, DRAWS) else []
        return shlex.join([*words, "--show", shown])
