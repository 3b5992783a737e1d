"""Published estimates of how much text exists, and the training sets of the largest published runs."""

from dataclasses import dataclass
from typing import Literal

from tokaudit.catalog.reference.corpora import Kind
from tokaudit.catalog.reference.read import read_rows
from tokaudit.core.errors import UsageError

Adjusted = Literal["raw", "quality", "repetition"]
"""What an estimate counts: everything, text good enough to train on, or that times what repeated tokens count for."""


@dataclass(frozen=True, slots=True)
class Stock:
    """One estimate of how much text of a kind exists; None where unknown.

    Estimates overlap and use different methods: never add them up.

    Attributes:
        stock: what is estimated, unique among the rows.
        domain: domain of its text, as assigned by tokaudit.
        adjusted: what the estimate counts.
        value: the estimate; None if only a range is given.
        low: low end of its interval.
        high: high end of its interval.
        level: probability that the interval claims, 0 to 1; None for a range without one.
        unit: unit of the estimate: tokens, words, books, files, bytes, …
        year: year that it is for.
        method: method of the estimate, in short; may be empty.
        kind: how the row is known.
        source: source of the row.
        note: remarks; may be empty.
    """

    stock: str
    domain: str
    adjusted: Adjusted
    value: float | None
    low: float | None
    high: float | None
    level: float | None
    unit: str
    year: int
    method: str
    kind: Kind
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """The training set of one of the largest published runs of its year; None where a number is not published.

    Attributes:
        run: name of the run.
        year: year of its publication.
        tokens_total: tokens trained on, repeats and synthetic text included, counted with the run's own tokenizer.
        tokens_natural: tokens of these that people wrote, repeats included.
        tokens_unique: unique tokens in its corpus.
        kind: how the least certain of these numbers is known.
        source: source of the numbers.
        note: remarks; may be empty.
    """

    run: str
    year: int
    tokens_total: int
    tokens_natural: int | None
    tokens_unique: int | None
    kind: Kind
    source: str
    note: str


def stocks() -> list[Stock]:
    """All estimates, in the file's order."""
    return read_rows(Stock, "stocks.csv")


def choose_stocks(domain: str | None, adjusted: str | None) -> list[Stock]:
    """The estimates of one domain with one adjustment; None for either: all.

    Raises:
        UsageError: there is no estimate for the domain; the message lists the known domains.
    """
    known = stocks()
    domains = sorted({row.domain for row in known})
    if domain is not None and domain not in domains:
        raise UsageError(f"--domain: no estimates for {domain!r} (known: {', '.join(domains)})")
    return [row for row in known if domain in {None, row.domain} and adjusted in {None, row.adjusted}]


def training_sets() -> list[TrainingSet]:
    """The largest training sets, in the file's order, by year."""
    return read_rows(TrainingSet, "training_sets.csv")
