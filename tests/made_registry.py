"""Rows of a registry that is made up."""

from typing import Any

from tokaudit.published import Lineage, PublishedCorpus, Relation


def row(corpus: str, component: str = "all", tokens: int | None = 100, **more: Any) -> PublishedCorpus:
    """A row, all of its corpus and standard unless told otherwise."""
    known: dict[str, Any] = {
        "domain": "web",
        "languages": "en",
        "extent": "whole",
        "standard": True,
        "counted": "nominal",
        "dedup_scope": "unknown",
        "availability": "open",
        "year": 2024,
        "kind": "read",
        "tokenizer": "gpt2",
        **dict.fromkeys(("tokens_low", "tokens_high", "bytes", "documents")),
        **dict.fromkeys(("dedup", "licence", "source", "note"), ""),
    }
    return PublishedCorpus(corpus=corpus, component=component, tokens=tokens, **(known | more))


def part(corpus: str, component: str, tokens: int | None = 100, **more: Any) -> PublishedCorpus:
    """A disjoint part of a corpus."""
    return row(corpus, component, tokens, extent="part", **more)


def edge(child: str, relation: Relation, parent: str, fraction: float | None = None) -> Lineage:
    """``CORPUS/COMPONENT`` relates to another; without a component it is ``all``."""
    of, _, component = child.partition("/")
    to, _, other = parent.partition("/")
    return Lineage(of, component or "all", relation, to, other or "all", fraction, "", "read", "the tests", "")
