"""The meaning of ``NAME[/COMPONENT],…``: rows of the registry, and texts that only its lineage mentions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tokaudit.catalog.reference.corpora import Lineage, Node, PublishedCorpus
from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import everyday_names, find_everyday, fold_name, similar_names


def find_named(
    text: str, corpora: Sequence[PublishedCorpus], lineage: Sequence[Lineage]
) -> tuple[list[PublishedCorpus], list[Node]]:
    """The named rows, and the named ends of lineage that are not rows.

    A name matches as written, else ignoring letter case, blanks, hyphens and the like, else as people say it (``stack
    v3``, ``nvidia/Nemotron-CC-v2``). A corpus alone means its standard rows. Components may contain commas: the longest
    name that fits is meant.

    Args:
        text: ``NAME[/COMPONENT],…``.
        corpora: the registry.
        lineage: the relations between texts, in the registry or not.

    Raises:
        UsageError: a name is unknown (the message has similar ones), or a corpus has no standard row.
    """
    known: dict[str, list[PublishedCorpus]] = defaultdict(list)
    for row in corpora:
        known[row.corpus] += [row] if row.standard else []
        known[row.name].append(row)
    unlisted: dict[str, list[Node]] = defaultdict(list)
    for end in _ends(lineage):
        name = "/".join(end)
        if name not in known:
            unlisted[name] = [end]
            if end[0] not in known:
                unlisted[end[0]].append(end)
    rows: dict[str, PublishedCorpus] = {}
    ends: dict[Node, None] = {}
    for name in _split(text, {**unlisted, **known}):
        if name in unlisted:
            ends |= dict.fromkeys(unlisted[name])
            continue
        if not known[name]:
            components = ", ".join(row.name for row in corpora if row.corpus == name)
            raise UsageError(f"{name}: the name alone means none of its rows; name one of {components}")
        rows |= {row.name: row for row in known[name]}
    return list(rows.values()), list(ends)


def _ends(lineage: Sequence[Lineage]) -> list[Node]:
    return list(dict.fromkeys(end for edge in lineage for end in (edge.below, edge.above)))


def _split(text: str, known: Mapping[str, object]) -> Iterator[str]:
    """The names in the text, as the registry spells them."""
    spelled = {fold_name(name): name for name in known}
    said = said_names(known)
    pieces = text.split(",")
    longest = 1 + max(name.count(",") for name in known)
    at = 0
    while at < len(pieces):
        for end in range(min(len(pieces), at + longest), at, -1):
            written = ",".join(pieces[at:end]).strip()
            name = written if written in known else spelled.get(fold_name(written)) or find_everyday(written, said)
            if name is not None:
                yield name
                at = end
                break
        else:
            raise unknown_corpus(pieces[at].strip(), known)


def said_names(known: Iterable[str]) -> dict[str, str]:
    """Everyday forms of corpora, and of their components where no corpus has that form."""
    names = list(known)
    corpora = [name for name in names if "/" not in name]
    return {**everyday_names(name for name in names if "/" in name), **everyday_names(corpora)}


def unknown_corpus(name: str, known: Iterable[str]) -> UsageError:
    """The error that a corpus is unknown, with similar names."""
    close = similar_names(name, known)
    hint = f"; similar names: {', '.join(close)}" if close else ""
    return UsageError(f"{name!r} is not a published corpus{hint} (`tokaudit corpora` lists them)")
