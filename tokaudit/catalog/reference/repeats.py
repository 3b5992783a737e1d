"""Published runs that repeated their data."""

from dataclasses import dataclass

from tokaudit.catalog.reference.read import read_rows


@dataclass(frozen=True, slots=True)
class RepeatedRun:
    """Published runs of one size on the same number of unique tokens.

    Attributes:
        params: parameters N.
        tokens: tokens D trained on, repeats included.
        unique_tokens: unique tokens; each was used ``tokens / unique_tokens`` times.
        runs: number of runs, with different random seeds.
        loss: their mean loss, in nats per token.
    """

    params: float
    tokens: float
    unique_tokens: float
    runs: int
    loss: float

    @property
    def epochs(self) -> float:
        """Epochs over the unique tokens."""
        return self.tokens / self.unique_tokens


def repeated_runs() -> list[RepeatedRun]:
    """The runs of arXiv:2305.16264 that repeat data, and those of the same sizes that repeat none."""
    return read_rows(RepeatedRun, "repeats_measured.csv")
