"""The registry of published corpora: their tokens, how their texts relate, and rates of deduplication."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from tokaudit.catalog.reference.read import read_rows

REGISTRY_AS_OF: Final = "2026-11"
"""The month that the published facts were last gathered, as ``YEAR-MONTH``. What was published later is not in them."""

AS_OF: Final = "as of November 2026"
"""The same in words, for reports that rest on the registry."""

Availability = Literal["open", "gated", "restricted", "closed", "withdrawn"]
"""How a corpus can be obtained: freely, after agreeing to terms, under terms that restrict its use, not, no longer."""

Extent = Literal["whole", "part", "subset", "other"]
"""What a row covers: the whole corpus, one of its disjoint parts, some of its text, or only what its lineage says."""

Counted = Literal["near", "exact", "nominal", "repeated"]
"""What the tokens leave out: near-duplicates, exact duplicates or neither; or repeats are counted again."""

LEAST_DEDUPLICATED_FIRST: Final[tuple[Counted, ...]] = ("repeated", "nominal", "exact", "near")

Scope = Literal["global", "sources", "shard", "dump", "upstream", "none", "unknown"]
"""Where duplicates were looked for: everywhere, between sources only, in a shard, in a crawl, upstream, nowhere."""

BytesOf = Literal["text", "compressed", "files", "characters", "other"]
"""What the bytes measure: the text, the text compressed, whole files, characters (one each), or another text."""

_NO_TEXT: Final[Mapping[BytesOf, str]] = {
    "compressed": "they are compressed",
    "files": "they are of whole files, not only of text",
    "characters": "they are characters",
    "other": "they are of another text than the tokens",
}

Kind = Literal["read", "second-hand", "computed", "recalled"]
"""How a row is known: from its source, from a text that cites it, computed from such, or from memory, unchecked."""

Relation = Literal[
    "subset_of",
    "dedup_of",
    "recount_of",
    "derived_from",
    "rewrite_of",
    "upsample_of",
    "contains",
    "overlaps",
    "excludes",
]

INSIDE: Final = frozenset({"subset_of", "dedup_of", "recount_of", "derived_from", "rewrite_of", "upsample_of"})
"""Relations whose child adds no text to a union that contains the parent."""

BYTES_PER_TOKEN: Final = (2.2, 6.5)
"""Range for nearly all text and tokenizers. Bytes outside it are mostly of compressed files or of page images."""


Node = tuple[str, str]
"""Corpus and component. An empty component stands for the corpus itself."""


@dataclass(frozen=True, slots=True)
class PublishedCorpus:
    """One row of the registry: a published count of a corpus or of one of its components; None where unknown.

    Attributes:
        corpus: name of the corpus.
        component: name of the component; unique together with ``corpus``.
        domain: domain of its text, as assigned by tokaudit.
        languages: in the words of the source; a code such as ``en`` for a single language.
        tokens: tokens counted with ``tokenizer``, or words if that says so; None if no count is published.
        tokens_low: lowest count that others found for the same text, or that is disputed.
        tokens_high: highest such count.
        tokenizer: in the words of the source; empty if the source names none.
        bytes: bytes of what ``bytes_of`` names. For text outside ``BYTES_PER_TOKEN``, the note says why.
        bytes_of: what the bytes measure; None without bytes.
        documents: number of documents.
        extent: what the row covers of its corpus.
        standard: whether the name of the corpus alone stands for this row (among others).
        counted: which duplicates the tokens leave out.
        dedup: method of deduplication, as published.
        dedup_scope: where duplicates were looked for.
        availability: how it can be obtained.
        licence: in its publisher's words; empty if unknown.
        year: year of the count.
        kind: how the row is known.
        source: source of the row.
        note: remarks, disputes included; may be empty.
    """

    corpus: str
    component: str
    domain: str
    languages: str
    tokens: int | None
    tokens_low: int | None
    tokens_high: int | None
    tokenizer: str
    bytes: int | None
    bytes_of: BytesOf | None
    documents: int | None
    extent: Extent
    standard: bool
    counted: Counted
    dedup: str
    dedup_scope: Scope
    availability: Availability
    licence: str
    year: int
    kind: Kind
    source: str
    note: str

    @property
    def name(self) -> str:
        """The name that ``--supply published:NAME`` takes."""
        return "/".join(self.node)

    @property
    def node(self) -> Node:
        """Corpus and component, as lineage names them."""
        return self.corpus, self.component

    @property
    def text_bytes(self) -> int | None:
        """Its bytes if they measure its text, else None. Only these are converted to tokens or compared with others."""
        return self.bytes if self.bytes_of == "text" else None

    @property
    def not_of_text(self) -> str | None:
        """Why its bytes do not say how much text there is; None if they do, or if there are none."""
        return None if self.bytes_of is None else _NO_TEXT.get(self.bytes_of)


@dataclass(frozen=True, slots=True)
class Lineage:
    """One relation between the texts of two corpora.

    Attributes:
        child: name of the first corpus. An end need not have a row in the registry.
        child_component: its component.
        relation: what the child is to the parent. ``contains`` runs the other way: the child contains the parent. A
            child that ``excludes`` the parent was made without it.
        parent: name of the second corpus.
        parent_component: its component.
        fraction: share of the child's tokens that the relation covers; None: unknown. For ``subset_of`` and
            ``dedup_of`` it is of the parent's tokens.
        unlisted: ends without a row in the registry: ``child``, ``parent``, ``child+parent``, or empty.
        kind: how the relation is known.
        source: source of the relation.
        note: remarks; may be empty.
    """

    child: str
    child_component: str
    relation: Relation
    parent: str
    parent_component: str
    fraction: float | None
    unlisted: str
    kind: Kind
    source: str
    note: str

    @property
    def below(self) -> Node:
        """The child."""
        return self.child, self.child_component

    @property
    def above(self) -> Node:
        """The parent."""
        return self.parent, self.parent_component


@dataclass(frozen=True, slots=True)
class PublishedDedup:
    """A published rate of deduplication: how much of a corpus was removed; None where it is not published.

    Attributes:
        corpus: what was deduplicated, by its name in the registry if it has one.
        component: its component.
        method: ``exact``, ``near`` (``near(minhash)`` …), ``substring``, ``bloom``, ``url`` or ``other``.
        scope: where duplicates were looked for, in the words of the source.
        unit: unit of ``before``, ``after`` and the share: documents, tokens, bytes, files …
        before: number before deduplication.
        after: number after deduplication.
        removed_pct: share removed in percent, unless the note says otherwise; None if only a range is published.
        removed_pct_low: low end of that range.
        removed_pct_high: high end of that range.
        params: settings of the method, in the words of the source.
        kind: how the rate is known.
        source: source of the rate.
        note: remarks; may be empty.
    """

    corpus: str
    component: str
    method: str
    scope: str
    unit: str
    before: int | None
    after: int | None
    removed_pct: float | None
    removed_pct_low: float | None
    removed_pct_high: float | None
    params: str
    kind: Kind
    source: str
    note: str


def published_corpora() -> list[PublishedCorpus]:
    """The registry, in the file's order."""
    return read_rows(PublishedCorpus, "published_corpora.csv")


def published_lineage() -> list[Lineage]:
    """Known relations between published corpora, in the file's order. Pairs without a row may overlap too."""
    return read_rows(Lineage, "published_lineage.csv")


def published_dedup() -> list[PublishedDedup]:
    """Published rates of deduplication, in the file's order. Rates of one corpus differ in method, scope and unit."""
    return read_rows(PublishedDedup, "published_dedup.csv")
