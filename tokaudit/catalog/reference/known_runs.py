"""Published training runs."""

from dataclasses import dataclass
from typing import Literal

from tokaudit.catalog.reference.read import Status, read_rows


@dataclass(frozen=True, slots=True)
class KnownRun:
    """One published training run; None where a number is unknown.

    Attributes:
        run: name of the run.
        params: parameters as published.
        active_params: parameters used per token, for a mixture of experts; None for a dense model.
        params_counted: which parameters ``params`` counts.
        tokens: tokens trained on, repeats included.
        unique_tokens: unique tokens in its corpus.
        flops_published: training FLOPs as published.
        status: how the least certain of these numbers is known.
        source: their source; may be empty.
        note: remarks, such as sources that conflict; may be empty.
    """

    run: str
    params: float
    active_params: float | None
    params_counted: Literal["total", "non-embedding"]
    tokens: float
    unique_tokens: float | None
    flops_published: float | None
    status: Status
    source: str
    note: str

    @property
    def flops(self) -> float:
        """``6ND``; for a mixture of experts, N is its active parameters."""
        return 6 * (self.active_params or self.params) * self.tokens

    @property
    def flops_ratio(self) -> float | None:
        """``6ND`` divided by the published FLOPs; None if these are unknown."""
        return self.flops / self.flops_published if self.flops_published else None


def known_runs() -> list[KnownRun]:
    """All known runs, in the file's order."""
    return read_rows(KnownRun, "known_runs.csv")
