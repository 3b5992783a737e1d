"""Filtered supply, against sets of documents in Python: filtered first, then deduplicated in each row."""

import functools
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made.samples import Counted, altered, count_into, overlapping_sources, text, write_jsonl

from tokaudit.audit import answers
from tokaudit.catalog.connection import open_readonly
from tokaudit.core.errors import UsageError
from tokaudit.supply.measured import measured_supply

DOMAINS = {"pages": "web", "posts": "web", "novels": "books", "tales": "books"}
LABELS = ("language", "quality", "flag", "day")


@dataclass(frozen=True)
class Document:
    """A document as it was written; documents are listed in the order that decides which is kept."""

    text: str
    fields: dict[str, Any]


def shingles(content: str) -> frozenset[tuple[str, ...]]:
    """The sets of five words in a row, of words without punctuation and capitals."""
    words = content.split()
    return frozenset(tuple(words[at : at + 5]) for at in range(max(1, len(words) - 4)))


@functools.cache
def alike(a: str, b: str) -> bool:
    """Whether two texts are near-duplicates."""
    ours, theirs = shingles(a), shingles(b)
    return len(ours & theirs) >= 0.8 * len(ours | theirs)


def kept(documents: list[Document], *, near: bool) -> set[int]:
    """Places of the documents that count: the first of each group of the same or, if asked, of similar texts."""
    group = list(range(len(documents)))
    for b, _ in enumerate(documents):
        for a in range(b):
            first, second = documents[a].text, documents[b].text
            if first == second or (near and alike(first, second)):
                low, high = sorted((group[a], group[b]))
                group = [low if one == high else one for one in group]
    return set(group)


def amounts(documents: list[Document]) -> dict[str, int]:
    """The supply of documents that are one row."""
    exact, unique = kept(documents, near=False), kept(documents, near=True)
    words = [len(document.text.split()) for document in documents]
    return {
        "documents_seen": len(documents),
        "documents_unique_exact": len(exact),
        "documents_unique": len(unique),
        "bytes_seen": sum(len(document.text) for document in documents),
        "tokens_seen": sum(words),
        "tokens_unique_exact": sum(words[place] for place in exact),
        "tokens_unique": sum(words[place] for place in unique),
        "tokens_repeated_inside": 0,  # each text is one line
    }


@pytest.fixture(scope="module", params=[1, 2])
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, list[Document]]]:
    """A catalog of documents with random labels that are often copies of each other, and these documents.

    It is held open, like `counted`.
    """
    folder, chance = tmp_path_factory.mktemp("made"), random.Random(request.param)
    found = []
    for source in sorted(DOMAINS):
        texts, fields = [], []
        for _ in range(14):
            first = text(chance.randrange(4), 40 + 80)
            texts.append(chance.choice([first, first, altered(first, 1), altered(first, 2)]))
            fields.append(
                {
                    "language": chance.choice(["en", "de", None]),
                    "quality": chance.choice([0.5, 1, 2, 3, None]),
                    "flag": chance.choice([True, False, None]),
                    "day": chance.choice(["2024-01-05", "2023-12-31", None]),
                }
            )
        columns = {name: [one[name] for one in fields] for name in LABELS}
        write_jsonl(folder / source / "x.jsonl", texts, **columns)
        count_into(folder / "x.duckdb", folder / source, DOMAINS[source], labels={name: name for name in LABELS})
        places = {"domain": DOMAINS[source], "source": source}
        found += [Document(one, {**some, **places}) for one, some in zip(texts, fields, strict=True)]
    with open_readonly(folder / "x.duckdb"):
        yield folder / "x.duckdb", found


Truth = Callable[[Document], bool | None]


def about(name: str, sql: str, test: Callable[[Any], bool]) -> tuple[str, Truth]:
    """A condition on one field, unknown if the document lacks it."""
    return sql, lambda document: None if document.fields[name] is None else test(document.fields[name])


def size(document: Document) -> int:
    """The bytes of the document's text."""
    return len(document.text)


ATOMS: list[tuple[str, Truth]] = [
    about("language", "language = 'en'", lambda value: value == "en"),
    about("language", "Language in ('de', 'fr')", lambda value: value == "de"),
    about("quality", "quality > 1", lambda value: value > 1),
    about("quality", "quality between 0.5 and 2", lambda value: value <= 2),
    about("flag", "flag", bool),
    about("flag", "flag = 'false'", lambda value: not value),
    about("day", "day >= '2024-01-01'", lambda value: date.fromisoformat(value) >= date(2024, 1, 1)),
    about("domain", "domain = 'books'", lambda value: value == "books"),
    about("source", "source <> 'pages'", lambda value: value != "pages"),
    ("quality is null", lambda document: document.fields["quality"] is None),
    ("bytes > 750", lambda document: size(document) > 750),
    ("words = 120 and tokens = 120", lambda _: True),
]


def both(a: bool | None, b: bool | None) -> bool | None:
    """SQL's ``and``."""
    return False if a is False or b is False else None if a is None or b is None else True


def negated(a: bool | None) -> bool | None:
    """SQL's ``not``."""
    return None if a is None else not a


def conditions(depth: int = 2) -> st.SearchStrategy[tuple[str, Truth]]:
    """Conditions in SQL, and the same in Python."""
    atoms = st.sampled_from(ATOMS)
    if not depth:
        return atoms
    inner = conditions(depth - 1)
    return st.one_of(
        atoms,
        inner.map(lambda a: (f"not ({a[0]})", lambda document: negated(a[1](document)))),
        st.tuples(inner, inner).map(
            lambda ab: (
                f"({ab[0][0]}) and ({ab[1][0]})",
                lambda document: both(ab[0][1](document), ab[1][1](document)),
            )
        ),
        st.tuples(inner, inner).map(
            lambda ab: (
                f"({ab[0][0]}) or ({ab[1][0]})",
                lambda document: negated(both(negated(ab[0][1](document)), negated(ab[1][1](document)))),
            )
        ),
    )


def rows_by(keys: Iterable[str], documents: list[Document]) -> list[dict[str, Any]]:
    """The rows of the supply, those without a value first."""
    found: dict[tuple[Any, ...], list[Document]] = {}
    for document in documents:
        values = tuple(document.fields[key] for key in keys)
        words = tuple(str(value).lower() if isinstance(value, bool) else value for value in values)
        found.setdefault(words, []).append(document)
    ordered = sorted(found.items(), key=lambda item: [str(value or "") for value in item[0]])
    return [dict(zip(keys, values, strict=True)) | amounts(some) for values, some in ordered]


KEYS = [("domain",), ("domain", "source"), ("language",), ("flag", "language"), ("domain", "language")]


@pytest.mark.slow
@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(condition=conditions(), keys=st.sampled_from(KEYS))
def test_filtered_rows_and_total_are_those_counted_in_python(
    made: tuple[Path, list[Document]], condition: tuple[str, Truth], keys: tuple[str, ...]
) -> None:
    catalog, documents = made
    sql, truth = condition
    passing = [document for document in documents if truth(document)]
    by = "source" if keys == ("domain", "source") else ",".join(keys)
    answer = answers.supply(catalog, by, None, sql)
    bad = 0 if set(keys) <= {"domain", "source"} else None

    assert answer.rows == [row | {"bad_records": bad} for row in rows_by(keys, passing)]
    assert answer.extra["total"] == amounts(passing) | {"bad_records": 0}


@pytest.mark.slow
@settings(deadline=None, max_examples=13, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(condition=conditions())
def test_a_filtered_plan_has_the_low_bound_of_what_passes(
    made: tuple[Path, list[Document]], condition: tuple[str, Truth]
) -> None:
    catalog, documents = made
    sql, truth = condition
    passing = [document for document in documents if truth(document)]
    if not passing:
        with pytest.raises(UsageError, match=r"--where: no document in .* meets"):
            measured_supply(catalog, None, sql)
        return
    found = measured_supply(catalog, None, sql)
    total = amounts(passing)["tokens_unique"]
    rows = {row["domain"]: row for row in rows_by(("domain",), passing)}
    twice = sum(row["tokens_unique"] for row in rows.values()) - total

    assert {entry.domain: entry.tokens_unique for entry in found.domains} == {
        name: row["tokens_unique"] for name, row in rows.items()
    }
    for entry in found.domains:
        elsewhere = tokens_elsewhere(passing, entry.domain)
        assert entry.tokens_unique_low == (entry.tokens_unique - elsewhere if elsewhere else None)
    overlap = [f"domains overlap: {twice:,} tokens are counted in more than one domain"] if twice else []
    assert [warning for warning in found.warnings if "overlap" in warning] == overlap
    assert found.origin == f"measured in {catalog} where {sql}"


def tokens_elsewhere(documents: list[Document], domain: str) -> int:
    """Tokens of the documents that count in a domain and whose group has a document of another."""
    group = list(range(len(documents)))
    for b in range(len(documents)):
        for a in range(b):
            if kept([documents[a], documents[b]], near=True) == {0}:
                group = [group[a] if one == group[b] else one for one in group]
    own = [place for place, document in enumerate(documents) if document.fields["domain"] == domain]
    wide = {group[place] for place in range(len(documents)) if place not in own}
    counting = kept([documents[place] for place in own], near=True)
    return sum(len(documents[own[one]].text.split()) for one in counting if group[own[one]] in wide)


def test_a_copy_counts_if_the_kept_document_is_filtered_out(counted: Counted) -> None:
    # `web` has a near-duplicate of its first text, with licence b; the first text has licence a.
    (row,) = answers.supply(counted.catalog, "domain", None, "licence = 'b'").rows
    assert (row["documents_seen"], row["documents_unique"], row["tokens_unique"]) == (1, 1, 120)


@pytest.mark.slow
@pytest.mark.parametrize("by", ["domain", "source"])
def test_a_condition_that_is_always_true_changes_nothing(tmp_path: Path, by: str) -> None:
    overlapping_sources(tmp_path / "x.duckdb", tmp_path)
    plain = answers.supply(tmp_path / "x.duckdb", by, None)
    filtered = answers.supply(tmp_path / "x.duckdb", by, None, "true")

    assert filtered.rows == [row for row in plain.rows if row["documents_seen"]]
    assert (filtered.columns, filtered.extra["total"]) == (plain.columns, plain.extra["total"])
    assert filtered.notes == plain.notes
    whole, all_of_it = (measured_supply(tmp_path / "x.duckdb", None, *where) for where in ([], ["true"]))
    assert all_of_it.domains == tuple(entry for entry in whole.domains if entry.tokens_unique)
    assert all_of_it.warnings == whole.warnings


@pytest.mark.parametrize("by", ["licence", "licence,language"])
def test_by_labels_a_condition_that_is_true_changes_nothing(counted: Counted, by: str) -> None:
    plain, filtered = (answers.supply(counted.catalog, by, None, *where) for where in ([], ["true"]))
    assert (filtered.rows, filtered.extra["total"]) == (plain.rows, plain.extra["total"])


def test_documents_without_a_label_that_decides_are_counted_in_a_note(counted: Counted) -> None:
    def notes(where: str) -> list[str]:
        return [note for note in answers.supply(counted.catalog, "domain", None, where).notes if "--where" in note]

    assert notes("licence = 'a'") == ["--where: 8 of 11 documents lack the label 'licence', and so do not count"]
    assert notes("licence is null or licence = 'a'") == []
    assert notes("bytes >= 0") == []
    assert notes("bytes < 0") == ["--where: none of 11 documents meets the condition"]


def test_tokens_of_one_origin_are_not_said_to_be_mixed(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "c" / "x.jsonl", ["a", "b"], origin=["natural", "synthetic"])
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web", labels={"origin": "origin"})

    def mixed(where: str) -> bool:
        return any(
            "different origin" in note for note in answers.supply(tmp_path / "x.duckdb", "domain", None, where).notes
        )

    assert mixed("true")
    assert not mixed("origin = 'natural'")


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("licenze = 'a'", r"unknown label 'licenze'; did you mean 'licence'\? \(known: generated, .*, tokens\)"),
        ('licence = "a"', "unknown label 'a'; text is written in single quotes: 'a'"),
        ("bytes >", r"syntax error at or near \">\" \(character 7 of 'bytes >'\)"),
        ("domain = 'é' and", "syntax error .*character 14 of"),
        ("licence > 3", "Cannot compare values of type VARCHAR and type INTEGER_LITERAL"),
        ("licence = 3", "Could not convert string 'a' to INT32|Could not convert string 'b' to INT32"),
        ("bytes", "is not true or false, but BIGINT"),
        ("null", "is not true or false"),
        ("sum(bytes) > 3", "can't have an aggregate"),
        ("sum(bytes) over () > 3", "can't have a window function"),
        ("exists (select 1)", "can't have a subquery"),
        ("columns(*) is null", "can't have a list of columns"),
        ("#1 is null", "can't have a column by its number"),
        ("bytes > $n", "can't have a parameter"),
        ("random() < 0.5", r"can't call random\(\)"),
        ("system.main.RANDOM() < 0.5", r"can't call .*\(\)"),
        ("pg_sleep(1) is null", r"can't call pg_sleep\(\)"),
        ("now() is null", r"can't call now\(\)"),
        ("current_date is null", "unknown label 'current_date'"),
        ("f.licence = 'a'", 'a name with a dot is written in double quotes: "f.licence"'),
        ("true; select 1", "must be one expression and nothing else"),
        ("true; drop table x", "must be one expression and nothing else"),
        ("true from x", "must be one expression and nothing else"),
        ("true, false", "must be one expression and nothing else"),
        ("true as x", "must be one expression and nothing else"),
        ("true union select true", "must be one expression and nothing else"),
        ("true limit 1", "must be one expression|syntax error|modifiers"),
        ("true) or (true", "syntax error"),
        ("read_text('/etc/passwd') is null", "table function"),
        (" ", "is empty"),
    ],
)
def test_a_condition_with_a_fault_is_refused_in_one_line(counted: Counted, where: str, message: str) -> None:
    with pytest.raises(UsageError, match=f"^--where: .*(?:{message})") as refused:
        answers.supply(counted.catalog, "domain", None, where)
    assert "\n" not in str(refused.value)


def test_labels_whose_names_differ_in_case_must_not_meet(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "c" / "x.jsonl", ["a", "b b"], k=["x", "y"], n=["y", "x"])
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web", labels={"kind": "k", "Kind": "n", "words": "k"})

    def tokens(where: str) -> list[int]:
        return [row["tokens_seen"] for row in answers.supply(tmp_path / "x.duckdb", "domain", None, where).rows]

    assert [tokens("kind = 'x'"), tokens("Kind = 'x'"), tokens("words = 'y'")] == [[1], [2], [2]]
    with pytest.raises(UsageError, match="can't tell the labels 'kind' and 'Kind' apart"):
        tokens("kind = 'x' or Kind = 'x'")
    with pytest.raises(UsageError, match="unknown label 'KIND'"):
        tokens("KIND = 'x'")


def test_a_label_has_the_type_of_all_its_values(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {
        "n": [1, "NaN", 30],
        "t": [1, "x", 30],
        "d": ["2024-01-05", "2023-12-31", "2024-02-01"],
        "s": ["2024-01-05T10:00:00Z", "2023-12-31", "2024-02-01T00:00:00Z"],
    }
    write_jsonl(tmp_path / "c" / "x.jsonl", ["a", "b b", "c c c c"], **columns)
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web", labels={name: name for name in columns})

    def tokens(where: str) -> int:
        return reduce(
            lambda total, row: total + int(row["tokens_seen"]),
            answers.supply(tmp_path / "x.duckdb", "domain", None, where).rows,
            0,
        )

    assert tokens("n > 4") == 4  # not the second, which is not a number
    assert tokens("t > '4'") == 2
    assert tokens("year(d) = 2024") == 5
    assert tokens("hour(s) = 10") == 1
