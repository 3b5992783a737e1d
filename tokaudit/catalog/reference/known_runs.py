"""Published training runs."""

from dataclasses import dataclass
from typing import Literal

from tokaudit.catalog.reference.read import Status, read_rows


@dataclass(frozen=True, slots=True)
class KnownRun:
    """One published training run; None where nothing is known.

    Attributes:
        run: its name.
        params: as published.
        active_params: those that a token passes through, of a mixture of experts; None for a dense model.
        params_counted: what ``params`` are.
        tokens: trained on, repeats included.
        unique_tokens: in its corpus.
        flops_published: training FLOPs as published.
        status: how the least sure of these numbers is known.
        source: where they come from; may be empty.
        note: what to know of them, such as sources in conflict; may be empty.
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
        """``6ND``, N the active parameters of a mixture of experts."""
        return 6 * (self.active_params or self.params) * self.tokens

    @property
    def flops_ratio(self) -> float | None:
        """``6ND`` over the FLOPs as published."""
        return self.flops / self.flops_published if self.flops_published else None


def known_runs() -> list[KnownRun]:
    """All known runs, in the file's order."""
    return read_rows(KnownRun, "known_runs.csv")
