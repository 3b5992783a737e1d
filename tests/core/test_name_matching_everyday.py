"""Short forms of names that people use."""

import pytest

from tokaudit.core.name_matching import everyday_names, find_everyday

KNOWN = ["The Heap", "The Heap v2", "Crawl-v1", "Crawl-v2.1", "Common Heap v0.1", "Old Books 1.0", "PDFs", "Pool (9T)"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("heap", "The Heap"),
        ("heap v2", "The Heap v2"),
        ("heapv2", "The Heap v2"),
        ("HEAP-2", "The Heap v2"),
        ("somebody/heap-v2-train", "The Heap v2"),
        ("crawl 2.1", "Crawl-v2.1"),
        ("common heap", "Common Heap v0.1"),
        ("old books", "Old Books 1.0"),
        ("old books 1", "Old Books 1.0"),
        ("pdf", "PDFs"),
        ("pool", "Pool (9T)"),
    ],
)
def test_a_form_that_people_use_is_found(written: str, meant: str) -> None:
    assert find_everyday(written, everyday_names(KNOWN)) == meant


@pytest.mark.parametrize(
    "written",
    ["crawl", "heap v3", "crawl 2", "common heap v0.2", "old books 2", "heaps", "pools", "", "v2", "the", "/"],
)
def test_another_version_or_a_form_of_several_names_is_not(written: str) -> None:
    assert find_everyday(written, everyday_names(KNOWN)) is None


def test_every_name_is_found_by_its_own_form_unless_another_has_it() -> None:
    known = everyday_names(KNOWN)
    assert [find_everyday(name, known) for name in KNOWN] == KNOWN
