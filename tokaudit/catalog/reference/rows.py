"""The function that reads the rows of each reference table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tokaudit.catalog.reference.corpora import published_corpora, published_dedup, published_lineage
from tokaudit.catalog.reference.extractors import published_extractors
from tokaudit.catalog.reference.known_runs import known_runs
from tokaudit.catalog.reference.stocks import stocks, training_sets
from tokaudit.catalog.reference.token_rates import token_rates
from tokaudit.catalog.reference.yields import published_yields

ROWS: Final[Mapping[str, Callable[[], Sequence[Any]]]] = {
    "known_runs": known_runs,
    "published_corpora": published_corpora,
    "published_lineage": published_lineage,
    "published_dedup": published_dedup,
    "token_rates": lambda: token_rates().rows,
    "published_extractors": published_extractors,
    "published_yields": published_yields,
    "stocks": stocks,
    "training_sets": training_sets,
}
