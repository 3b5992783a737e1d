"""The table of what the counts of 2026 changed: both columns are what the registry says, with and without them."""

import re
from collections.abc import Iterator

import pytest
from made.documents import DOCUMENTS, text_of

from tokaudit.catalog.reference.corpora import PublishedCorpus, published_corpora, published_lineage
from tokaudit.catalog.reference.token_rates import token_rates
from tokaudit.core.units import format_count
from tokaudit.supply.published.lineage import LineageGraph
from tokaudit.supply.published.sizes import Published
from tokaudit.supply.published.supply import chosen_supply
from tokaudit.supply.types import Supply

LAW_S = "SentencePiece 32k"


def chosen(rows: list[PublishedCorpus]) -> Supply:
    graph = LineageGraph(rows, published_lineage())
    return chosen_supply(LAW_S, Published(graph, token_rates(), LAW_S))


def table() -> Iterator[list[str]]:
    """The cells of the rows: domain, before, after, low, high."""
    (guide,) = [each for each in DOCUMENTS if each.name == "published.md"]
    section = text_of(guide).partition("### What changed in 2026")[2].partition("\n### ")[0]
    for line in re.findall(r"(?m)^\| (.*) \|$", section)[1:]:
        yield [cell.strip() for cell in line.split("|")][:5]


@pytest.mark.parametrize("cells", list(table()), ids=lambda cells: cells[0])
def test_a_domain_has_the_unique_tokens_of_before_and_after(cells: list[str]) -> None:
    domain, *said = cells
    rows = published_corpora()
    before = chosen([row for row in rows if "marin-community" not in row.source])
    after = chosen(rows)
    (old,) = [entry for entry in before.domains if entry.domain == domain]
    (new,) = [entry for entry in after.domains if entry.domain == domain]
    found = [old.tokens_unique, new.tokens_unique, new.tokens_unique_low, new.tokens_unique_high]
    assert said == [format_count(each) for each in found]


def test_the_table_has_every_domain() -> None:
    assert {cells[0] for cells in table()} == {entry.domain for entry in chosen(published_corpora()).domains}
