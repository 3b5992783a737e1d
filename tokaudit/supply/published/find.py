"""What ``NAME[/COMPONENT],…`` means: rows of the registry, and texts that only its lineage knows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tokaudit.catalog.reference.corpora import Lineage, Node, PublishedCorpus
from tokaudit.core.errors import UsageError
from tokaudit.core.name_matching import fold_name, similar_names


def find_named(
    text: str, corpora: Sequence[PublishedCorpus], lineage: Sequence[Lineage]
) -> tuple[list[PublishedCorpus], list[Node]]:
    """The rows that are named, and the ends of lineage that are no rows.

    A name is taken as it is written, else with letter case, blanks, hyphens and the like aside. A corpus alone means
    its standard rows. Components have commas in them: the longest name that fits is meant.

    Args:
        text: ``NAME[/COMPONENT],…``.
        corpora: the registry.
        lineage: what it knows of other texts.

    Raises:
        UsageError: a name that is not known, with those like it; or a corpus that has no standard row.
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
            raise UsageError(f"none of the rows of {name} stands for it by its name alone: name one of {components}")
        rows |= {row.name: row for row in known[name]}
    return list(rows.values()), list(ends)


def _ends(lineage: Sequence[Lineage]) -> list[Node]:
    return list(dict.fromkeys(end for edge in lineage for end in (edge.below, edge.above)))


def _split(text: str, known: Mapping[str, object]) -> Iterator[str]:
    """The names in the text, as the registry writes them."""
    spelled = {fold_name(name): name for name in known}
    pieces = text.split(",")
    longest = 1 + max(name.count(",") for name in known)
    at = 0
    while at < len(pieces):
        for end in range(min(len(pieces), at + longest), at, -1):
            written = ",".join(pieces[at:end]).strip()
            name = written if written in known else spelled.get(fold_name(written))
            if name is not None:
                yield name
                at = end
                break
        else:
            raise unknown_corpus(pieces[at].strip(), known)


def unknown_corpus(name: str, known: Iterable[str]) -> UsageError:
    """That nothing published is called so, with the names like it."""
    close = similar_names(name, known)
    hint = f"; like it are {', '.join(close)}" if close else ""
    return UsageError(f"no published corpus is called {name!r}{hint} ('tokaudit corpora' lists them)")
