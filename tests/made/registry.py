"""Rows of a made-up registry."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, Final

from tokaudit.catalog.reference.corpora import Lineage, PublishedCorpus, Relation
from tokaudit.supply.published.find import find_named
from tokaudit.supply.published.lineage import LineageGraph
from tokaudit.supply.published.union import Union, union
from tokaudit.supply.types import TokenBounds

DOMAINS: Final = frozenset(
    "web multilingual-web books code encyclopedia forum legal math news other papers pdf synthetic".split()
)
"""The domains of the reference files."""

_ROW: Final = PublishedCorpus(
    corpus="made",
    component="all",
    domain="web",
    languages="en",
    tokens=1_000,
    tokens_low=None,
    tokens_high=None,
    tokenizer="",
    bytes=None,
    bytes_of=None,
    documents=None,
    extent="whole",
    standard=True,
    counted="nominal",
    dedup="none",
    dedup_scope="none",
    availability="open",
    licence="",
    year=2024,
    kind="read",
    source="a paper",
    note="",
)


def published_row(**known: Any) -> PublishedCorpus:
    """A row of 1,000 web tokens of an unnamed tokenizer, with changes; bytes are of text unless given otherwise."""
    return replace(_ROW, **({"bytes_of": "text"} if known.get("bytes") else {}) | known)


def row(corpus: str, component: str = "all", tokens: int | None = 100, **more: Any) -> PublishedCorpus:
    """A standard row of the web tokens of a whole corpus, counted with GPT-2 unless given otherwise."""
    own = {"corpus": corpus, "component": component, "tokens": tokens, "tokenizer": "gpt2", "dedup_scope": "unknown"}
    return published_row(**(own | more))


def part(corpus: str, component: str, tokens: int | None = 100, **more: Any) -> PublishedCorpus:
    """A disjoint part of a corpus."""
    return row(corpus, component, tokens, extent="part", **more)


def edge(child: str, relation: Relation, parent: str, fraction: float | None = None, unlisted: str = "") -> Lineage:
    """A relation between two ``CORPUS/COMPONENT``; without a component it is ``all``."""
    of, _, component = child.partition("/")
    to, _, other = parent.partition("/")
    return Lineage(of, component or "all", relation, to, other or "all", fraction, unlisted, "read", "the tests", "")


def amounts(rows: Collection[PublishedCorpus]) -> dict[str, TokenBounds]:
    """The tokens of each row, or else its bytes."""
    found = {}
    for each in rows:
        tokens = each.tokens or each.bytes
        if tokens:
            found[each.name] = TokenBounds(each.tokens_low or tokens, tokens, each.tokens_high or tokens)
    return found


def made(registry: Sequence[PublishedCorpus], lineage: Sequence[Lineage], *names: str) -> Union:
    """The union of the corpora named in a made-up registry."""
    rows, unlisted = find_named(",".join(names), registry, lineage)
    return union(rows, unlisted, amounts(registry), LineageGraph(registry, lineage))
