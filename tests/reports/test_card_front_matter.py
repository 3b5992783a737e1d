"""The YAML at the head of a card."""

from typing import Any

import pytest
import yaml
from made.overviews import HOSTILE, an_overview

from tokaudit.reports.card_front_matter import front_matter


def label(domain: str, name: str, value: str, documents: int) -> dict[str, Any]:
    return {"domain": domain, "name": name, "value": value, "documents": documents}


def head(labels: list[dict[str, Any]], documents: int = 100) -> dict[str, Any]:
    """The keys of the head of a card."""
    text = front_matter(an_overview({"web": (documents, documents, documents)}, labels=labels))
    first, *lines, last = text.split("\n")
    assert (first, last) == ("---", "---")
    return yaml.safe_load("\n".join(lines)) or {}


@pytest.mark.parametrize(
    ("documents", "size"),
    [
        (999, "n<1K"),
        (1000, "1K<n<10K"),
        (9_999, "1K<n<10K"),
        (10**6, "1M<n<10M"),
        (10**12 - 1, "100B<n<1T"),
        (10**12, "n>1T"),
    ],
)
def test_the_size_is_a_category_of_the_hub(documents: int, size: str) -> None:
    assert head([], documents) == {"size_categories": [size]}


def test_an_empty_catalog_has_no_keys() -> None:
    assert head([], 0) == {}


def test_languages_are_those_of_enough_documents() -> None:
    counts = {"no": 90, "de": 2, "fr": 1, "und": 200}
    labels = [label("web", "language", value, count) for value, count in counts.items()]

    assert head(labels, 10_000)["language"] == ["no"]
    assert head(labels[:3], 10_000)["language"] == ["no", "de", "fr"]


@pytest.mark.parametrize(("domain", "values"), [("code", ["go"]), ("web", ["go", "python"]), ("web", ["English"])])
def test_programming_languages_are_not_named(domain: str, values: list[str]) -> None:
    assert "language" not in head([label(domain, "language", value, 10) for value in values])


def test_a_licence_is_named_if_every_document_has_one() -> None:
    labels = [label("web", "licence", "MIT", 60), label("web", "license", "apache-2.0", 40)]

    assert head(labels)["license"] == ["apache-2.0", "mit"]
    assert "license" not in head(labels[:1])


def test_a_licence_that_the_hub_does_not_know_is_other() -> None:
    found = head([label("web", "licence", "my own", 100)])

    assert (found["license"], found["license_name"]) == ("other", "my own")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_licence_stays_a_text(name: str) -> None:
    found = head([label("web", "licence", name, 100)])

    assert set(found) == {"license", "license_name", "size_categories"}
    assert isinstance(found["license_name"], str)
