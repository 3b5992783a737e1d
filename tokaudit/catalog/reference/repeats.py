"""Published runs that repeated their data."""

from dataclasses import dataclass

from tokaudit.catalog.reference.read import read_rows


@dataclass(frozen=True, slots=True)
class RepeatedRun:
    """Published runs of one size on as many unique tokens.

    Attributes:
        params, tokens: N and D.
        unique_tokens: of which each was used ``tokens / unique_tokens`` times.
        runs: how many, of different seeds.
        loss: their mean, in nats.
    """

    params: float
    tokens: float
    unique_tokens: float
    runs: int
    loss: float

    @property
    def epochs(self) -> float:
        """How often each token was used."""
        return self.tokens / self.unique_tokens


def repeated_runs() -> list[RepeatedRun]:
    """The runs that arXiv:2305.16264 repeated data in, and those of the same sizes that repeat none."""
    return read_rows(RepeatedRun, "repeats_measured.csv")
