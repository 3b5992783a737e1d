"""A plain comparison of two small corpora without near-duplicates, and random edits of one."""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from made.samples import count_into, text

Files = dict[str, list[str | None]]
Corpus = dict[str, tuple[str, Files]]
"""Source -> its domain, and path -> the text of each record; None for a bad record."""


def count_corpus(catalog: Path, corpus: Corpus) -> Path:
    """Write the corpus into a folder next to the catalog, and count it in words."""
    for source, (domain, files) in corpus.items():
        folder = catalog.with_suffix("") / source
        for below, records in files.items():
            (folder / below).parent.mkdir(parents=True, exist_ok=True)
            lines = [json.dumps({"text": 1 if record is None else record}) for record in records]
            (folder / below).write_text("".join(f"{line}\n" for line in lines))
        count_into(catalog, folder, domain)
    return catalog


class Document(NamedTuple):
    """A document, and the source of the copy that counts in its row if it does not."""

    row: str
    tokens: int
    text: str
    kept: str | None


def documents(corpus: Corpus, by: str) -> dict[tuple[str, str, int], Document]:
    """(source, path, ordinal) -> document, in the order that decides which copy is kept."""
    found: dict[tuple[str, str, int], Document] = {}
    first: dict[tuple[str, str], str] = {}
    for source, (domain, files) in sorted(corpus.items()):
        row = {"domain": domain, "source": source, "catalog": ""}[by]
        for below, records in sorted(files.items()):
            for ordinal, record in enumerate(records):
                if record is not None:
                    kept = first.setdefault((row, record), source)
                    known = (row, record) in {(each.row, each.text) for each in found.values()}
                    found[source, below, ordinal] = Document(row, len(record.split()), record, kept if known else None)
    return found


def cause_of(a: Document | None, b: Document | None, old: list[str | None], new: list[str | None], ordinal: int) -> str:
    """Why a document is only in one corpus, or has another text: the records of its file, empty for no file."""
    if not old:
        return "files added"
    if not new:
        return "files removed"
    bad = (not a and ordinal < len(old)) or (not b and ordinal < len(new))
    return "bad records" if bad else "files changed"


def cause_of_same(a: Document, b: Document) -> tuple[str, str | None]:
    """What changed about a document that is in both corpora, and where the kept copy is; empty for nothing."""
    if a.row != b.row:
        return "moved to another domain", None
    if (a.kept is None) == (b.kept is None):
        return "", None
    return ("now duplicates", b.kept) if a.kept is None else ("no longer duplicates", a.kept)


def changes(before: Corpus, after: Corpus, by: str) -> Iterator[tuple[tuple[str, str, str | None], int, Document]]:
    """Row, cause and kept source, whether a document comes or goes, and the document."""
    one, two = documents(before, by), documents(after, by)
    for place in sorted({*one, *two}):
        source, below, ordinal = place
        a, b = one.get(place), two.get(place)
        if a and b and a.text == b.text:
            cause, kept = cause_of_same(a, b)
        else:
            old, new = (corpus.get(source, ("", {}))[1].get(below, []) for corpus in (before, after))
            cause, kept = cause_of(a, b, old, new, ordinal), None
        for sign, document in ((-1, a), (1, b)):
            if cause and document:
                yield (document.row, cause, kept), sign, document


def plain_diff(before: Corpus, after: Corpus, by: str) -> dict[tuple[str, str, str | None], Counter[str]]:
    """(row, cause, kept source) -> the changes of the fields; rows of zeros are left out."""
    found: dict[tuple[str, str, str | None], Counter[str]] = defaultdict(Counter)
    for key, sign, document in changes(before, after, by):
        unique = document.kept is None
        for kind, number in (("documents", 1), ("tokens", document.tokens)):
            found[key][f"{kind}_seen"] += sign * number
            found[key][f"{kind}_unique_exact"] += sign * number * unique
            found[key][f"{kind}_unique"] += sign * number * unique
    return {key: numbers for key, numbers in found.items() if any(numbers.values())}


def edited_corpus(corpus: Corpus, chance: random.Random) -> Corpus:
    """The corpus after random edits."""
    sources = {
        source: (domain, {below: [*records] for below, records in files.items()})
        for source, (domain, files) in corpus.items()
    }
    for _ in range(chance.randint(2, 6)):
        source = chance.choice(sorted(sources))
        domain, files = sources[source]
        below = chance.choice(sorted(files))
        record = chance.choice([None, text(chance.randrange(12), 9), text(chance.randrange(12), 9)])
        match chance.randrange(7):
            case 0:
                files[f"new{chance.randrange(3)}.jsonl"] = [text(chance.randrange(20), 9) for _ in range(3)]
            case 1 if len(files) > 1:
                del files[below]
            case 2:
                files[below][chance.randrange(len(files[below]))] = record
            case 3:
                files[below].append(record)
            case 4:
                files[below].insert(0, record)
            case 5:
                sources[source] = (chance.choice(["web", "forum"]), files)
            case _:
                added = _texts(chance)[:4]
                sources[f"s{chance.randrange(5)}"] = (domain, {"x.jsonl": added})
    return sources


def random_corpus(chance: random.Random) -> Corpus:
    """Three sources of three files, which share many texts."""
    corpus: Corpus = {}
    for number in range(1, 4):
        domain = chance.choice(["web", "forum"])
        corpus[f"s{number}"] = domain, {f"{name}.jsonl": _texts(chance) for name in "abc"}
    return corpus


def _texts(chance: random.Random) -> list[str | None]:
    return [text(chance.randrange(12), 9) for _ in range(5)]
