"""How much text there may be at all, as others estimate it, and how much the largest published runs were trained on."""

from dataclasses import dataclass
from typing import Literal

from tokaudit.catalog.reference.corpora import Kind
from tokaudit.catalog.reference.read import read_rows
from tokaudit.core.errors import UsageError

Adjusted = Literal["raw", "quality", "repetition"]
"""What an estimate counts: everything, what is good enough to train on, or that times what repeats are worth."""


@dataclass(frozen=True, slots=True)
class Stock:
    """One estimate of how much there is of something; None where unknown.

    Estimates overlap and are made in different ways: they are never to be added up.

    Attributes:
        stock: what there is, unique.
        domain: of its text, as tokaudit sorts it.
        adjusted: what of it is counted.
        value: the estimate; None where only a range is given.
        low, high: its interval.
        level: probability that the interval claims, 0 to 1; None for a range without one.
        unit: what is counted: tokens, words, books, files, bytes, …
        year: that it holds for.
        method: how it was estimated, in short; may be empty.
        kind: how the row is known.
        source: where from.
        note: what to know of it; may be empty.
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
    """What one of the largest published runs of its year was trained on; None where it is not published.

    Attributes:
        run: its name.
        year: of its publication.
        tokens_total: trained on, repeats and synthetic text included, by the run's own tokenizer.
        tokens_natural: of these, written by people; repeats included.
        tokens_unique: in its corpus, each once.
        kind: how the least sure of these is known.
        source: where from.
        note: what to know of them; may be empty.
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
    """The estimates of one domain, adjusted in one way; None for either: all.

    Raises:
        UsageError: there is no estimate for the domain; the message lists those there are.
    """
    known = stocks()
    domains = sorted({row.domain for row in known})
    if domain is not None and domain not in domains:
        raise UsageError(f"--domain: no estimates for {domain!r} (known: {', '.join(domains)})")
    return [row for row in known if domain in {None, row.domain} and adjusted in {None, row.adjusted}]


def training_sets() -> list[TrainingSet]:
    """The largest training sets, in the file's order, by year."""
    return read_rows(TrainingSet, "training_sets.csv")
