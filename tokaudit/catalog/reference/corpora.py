"""What is published of corpora: how many tokens each holds, and which of them hold each other's text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from tokaudit.catalog.reference.read import read_rows

Availability = Literal["open", "gated", "restricted", "closed", "withdrawn"]
"""Whether one can get it: freely, after agreeing to something, under terms that restrict its use, not, not any more."""

Extent = Literal["whole", "part", "subset", "other"]
"""What a row covers of its corpus: all of it, one of its disjoint parts, some of its text; or what lineage places."""

Counted = Literal["near", "exact", "nominal", "repeated"]
"""What its tokens leave out: near-duplicates of the whole corpus, exact ones, neither; or repeats are counted."""

LEAST_DEDUPLICATED_FIRST: Final[tuple[Counted, ...]] = ("repeated", "nominal", "exact", "near")

Scope = Literal["global", "sources", "shard", "dump", "upstream", "none", "unknown"]
"""Inside what duplicates were looked for: all of it, between its sources only, a shard, a crawl, elsewhere, nowhere."""

BytesOf = Literal["text", "compressed", "files", "characters", "other"]
"""What its bytes are of: its text; that compressed; files, whatever else is in them; a character each; other text."""

_NO_TEXT: Final[Mapping[BytesOf, str]] = {
    "compressed": "they are compressed",
    "files": "they are of files, with all else that is in them",
    "characters": "they are characters",
    "other": "they are of other text than the tokens",
}

Kind = Literal["read", "second-hand", "computed", "recalled"]
"""How a row is known: from its source, from somebody who cites it, computed from such, or from memory, unchecked."""

Relation = Literal[
    "subset_of", "dedup_of", "recount_of", "derived_from", "rewrite_of", "upsample_of", "contains", "overlaps"
]

INSIDE: Final = frozenset({"subset_of", "dedup_of", "recount_of", "derived_from", "rewrite_of", "upsample_of"})
"""Relations whose child adds no text to a union that has the parent."""

BYTES_PER_TOKEN: Final = (2.2, 6.5)
"""Of nearly all text by any tokenizer: bytes beyond these are mostly of compressed files, or of images of pages."""


Node = tuple[str, str]
"""Corpus and component; an empty component is the corpus itself."""


@dataclass(frozen=True, slots=True)
class PublishedCorpus:
    """One row of the registry: a corpus, or a component of one, as somebody counted it; None where unknown.

    Attributes:
        corpus, component: its name, both together unique.
        domain: of its text, as tokaudit sorts it.
        languages: in its source's words; a code such as ``en`` where it is one language.
        tokens: by ``tokenizer``, which may be words; None if none are published.
        tokens_low, tokens_high: what others found for the same text, or what is in dispute.
        tokenizer: in its source's words; empty where the source names none.
        bytes: of what ``bytes_of`` says; of text the note explains what is outside of ``BYTES_PER_TOKEN``.
        bytes_of: what they are of; None without bytes.
        documents: how many.
        extent: what of the corpus the row covers.
        standard: whether the corpus's name alone means this row (among others).
        counted: which duplicates its tokens leave out.
        dedup: how, as published.
        dedup_scope: inside what.
        availability: whether one can get it.
        licence: as its publishers name it; empty where unknown.
        year: of the count.
        kind: how the row is known.
        source: where from.
        note: what to know of it, disputes among it; may be empty.
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
        """As ``--supply published:NAME`` takes it."""
        return "/".join(self.node)

    @property
    def node(self) -> Node:
        """As lineage has it."""
        return self.corpus, self.component

    @property
    def text_bytes(self) -> int | None:
        """Its bytes, if they are of its text; no others are converted to tokens, or compared with measured ones."""
        return self.bytes if self.bytes_of == "text" else None

    @property
    def not_of_text(self) -> str | None:
        """Why its bytes tell nothing of how much text there is; None: they do, or there are none."""
        return None if self.bytes_of is None else _NO_TEXT.get(self.bytes_of)


@dataclass(frozen=True, slots=True)
class Lineage:
    """How the text of one corpus relates to another's.

    Attributes:
        child, child_component, parent, parent_component: the two ends; an end may be no row of the registry.
        relation: what the child is of the parent. ``contains`` runs the other way: the parent is inside the child.
        fraction: of the child's tokens (``subset_of``: of the parent's) that the relation speaks of; None: unknown.
        unlisted: ends that are no row of the registry: ``child``, ``parent``, ``child+parent``, or empty.
        kind, source, note: as in the registry.
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
    """How much of a corpus somebody's deduplication left out; None where it is not published.

    Attributes:
        corpus, component: what was deduplicated, by its names in the registry where it is there.
        method: ``exact``, ``near`` (``near(minhash)`` …), ``substring``, ``bloom``, ``url`` or ``other``.
        scope: inside what duplicates were looked for, in the source's words.
        unit: of ``before``, ``after`` and the share: documents, tokens, bytes, files …
        before, after: how many.
        removed_pct: share left out in percent, unless the note says it is another; None if only a range is published.
        removed_pct_low, removed_pct_high: that range.
        params: of the method, in its source's words.
        kind, source, note: as in the registry.
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
    """How published corpora relate, in the file's order. A pair that is not there may overlap all the same."""
    return read_rows(Lineage, "published_lineage.csv")


def published_dedup() -> list[PublishedDedup]:
    """Published rates of deduplication, in the file's order. Those of one corpus differ in method, scope and unit."""
    return read_rows(PublishedDedup, "published_dedup.csv")
