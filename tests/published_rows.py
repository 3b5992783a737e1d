"""Rows of a made registry."""

from dataclasses import replace
from typing import Any, Final

from tokaudit.published import PublishedCorpus

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
    """A row of 1,000 web tokens of nobody's tokenizer, but for what is given."""
    return replace(_ROW, **known)
