"""Matching of names as people write them."""

import pytest

from tokaudit.core.name_matching import did_you_mean, fold_name, similar_names, unknown_name

CORPORA = ["The Pile/all", "The Pile", "Common Pile v0.1", "FineWeb-Edu", "FineWeb"]


@pytest.mark.parametrize("written", ["FineWeb-Edu", "fineweb edu", "FINEWEB_EDU", " FineWebEdu "])
def test_spellings_of_one_name_are_equal(written: str) -> None:
    assert fold_name(written) == "finewebedu"


def test_commas_and_slashes_still_separate_names() -> None:
    assert len({fold_name(name) for name in ("C4,en", "C4/en", "C4 en")}) == 3


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("pile", ["The Pile", "The Pile/all", "Common Pile v0.1"]),
        ("fine web", ["FineWeb", "FineWeb-Edu"]),
        ("finwebedu", ["FineWeb-Edu", "FineWeb"]),
        ("zzzz", []),
        ("", []),
    ],
)
def test_names_that_contain_the_query_come_first_shortest_first(asked: str, meant: list[str]) -> None:
    assert similar_names(asked, CORPORA) == meant


def test_at_most_ten_names_are_suggested() -> None:
    assert similar_names("part", [f"part {number}" for number in range(30)]) == [
        f"part {number}" for number in range(10)
    ]


def test_a_message_ends_with_the_most_similar_name() -> None:
    assert did_you_mean("FineWub", CORPORA) == "; did you mean 'FineWeb'?"
    assert did_you_mean("zzzz", CORPORA) == ""


def test_an_unknown_name_is_answered_with_the_nearest_and_all() -> None:
    assert unknown_name("corpus", "FineWub", ["C4", "FineWeb"]) == (
        "unknown corpus 'FineWub'; did you mean 'FineWeb'? (known: C4, FineWeb)"
    )
    assert unknown_name("corpus", "zzzz", ["C4"]) == "unknown corpus 'zzzz' (known: C4)"
