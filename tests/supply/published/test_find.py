"""The meaning of a list of corpora."""

import pytest
from made import corpora
from made.registry import edge, part, row

from tokaudit.catalog.reference.corpora import published_corpora
from tokaudit.core.errors import UsageError
from tokaudit.supply.published.browse import corpus_details
from tokaudit.supply.published.find import find_named

REGISTRY = [
    part("Web-Crawl 2", "all (raw, unique)"),
    part("Web-Crawl 2", "all (raw", standard=False),
    part("Web-Crawl 2", "a/b"),
    row("Books", "two, three", standard=False),
]
LINEAGE = [edge("Mix/a sample", "subset_of", "Books/two, three"), edge("Books/elsewhere", "overlaps", "Mix/the rest")]


def names(text: str) -> list[str]:
    rows, ends = find_named(text, REGISTRY, LINEAGE)
    return [*(each.name for each in rows), *("/".join(end) for end in ends)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Web-Crawl 2", ["Web-Crawl 2/all (raw, unique)", "Web-Crawl 2/a/b"]),
        ("web crawl 2", ["Web-Crawl 2/all (raw, unique)", "Web-Crawl 2/a/b"]),
        ("Web-Crawl 2/all (raw, unique)", ["Web-Crawl 2/all (raw, unique)"]),
        ("Web-Crawl 2/all (raw,Books/Two,three", ["Web-Crawl 2/all (raw", "Books/two, three"]),
        (" Books/two, three , webcrawl2/A/B", ["Books/two, three", "Web-Crawl 2/a/b"]),
        ("Web-Crawl 2/a/b,Web-Crawl 2", ["Web-Crawl 2/a/b", "Web-Crawl 2/all (raw, unique)"]),
        ("Mix/a sample", ["Mix/a sample"]),
        ("Mix", ["Mix/a sample", "Mix/the rest"]),
        ("books/elsewhere,Books/two, three", ["Books/two, three", "Books/elsewhere"]),
    ],
)
def test_the_longest_name_that_fits_is_meant(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            "Web-Crawl 3",
            r"'Web-Crawl 3' is not a published corpus; similar names: Web-Crawl 2.* \(`tokaudit corpora` lists them\)",
        ),
        ("Web-Crawl 2,zzzz", r"^'zzzz' is not a published corpus \(`tokaudit corpora` lists them\)"),
        ("Web-Crawl 2,", "^'' is not a published corpus"),
        ("Books", "^Books: the name alone means none of its rows; name one of Books/two, three"),
    ],
)
def test_an_unknown_name_is_refused_with_similar_ones(text: str, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        names(text)


def test_every_row_and_every_corpus_with_standard_rows_can_be_named() -> None:
    for each in corpora.CORPORA:
        for written in (each.name, each.name.upper().replace("-", " ")):
            assert find_named(written, corpora.CORPORA, corpora.LINEAGE) == ([each], [])
    for corpus in {each.corpus for each in corpora.CORPORA if each.standard}:
        rows, _ = find_named(corpus, corpora.CORPORA, corpora.LINEAGE)
        assert rows == [each for each in corpora.CORPORA if each.corpus == corpus and each.standard]


SHIPPED = published_corpora()


@pytest.mark.parametrize(
    ("written", "corpus"),
    [
        ("stack v3", "The Stack v3"),
        ("stackv3", "The Stack v3"),
        ("HuggingFaceCode/stack-v3-train", "The Stack v3"),
        ("finepdfs", "FinePDFs"),
        ("fine pdf", "FinePDFs"),
        ("HuggingFaceFW/finepdfs", "FinePDFs"),
        ("nemotron cc v2", "Nemotron-CC-v2"),
        ("nvidia/Nemotron-CC-v2", "Nemotron-CC-v2"),
        ("nemotron cc 2.1", "Nemotron-CC-v2.1"),
        ("fineweb 2", "FineWeb-2"),
        ("red pajama 2", "RedPajama-v2"),
        ("institutional books", "Institutional Books 1.0"),
        ("common pile", "Common Pile v0.1"),
        ("pile", "The Pile"),
        ("dolma 3 pool", "Dolma 3 pool (9T)"),
        ("hplt v3", "HPLT"),
        ("EssentialAI/essential-web-v1.0", "Essential-Web"),
        ("madlad", "MADLAD-400"),
    ],
)
def test_a_corpus_is_found_by_the_name_that_people_use(written: str, corpus: str) -> None:
    rows, _ = find_named(written, SHIPPED, [])
    assert rows == [each for each in SHIPPED if each.corpus == corpus and each.standard]
    assert corpus_details(written).corpus == corpus


@pytest.mark.parametrize("written", ["redpajama", "dolma", "stack v4", "fineweb 3", "common pile v0.2"])
def test_a_version_that_is_not_there_or_not_said_is_refused(written: str) -> None:
    for find in (lambda: find_named(written, SHIPPED, []), lambda: corpus_details(written)):
        with pytest.raises(UsageError, match="is not a published corpus; similar names: "):
            find()
