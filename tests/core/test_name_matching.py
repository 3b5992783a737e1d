"""Names as people write them."""

import pytest

from tokaudit.core.name_matching import did_you_mean, fold_name, similar_names

CORPORA = ["The Pile/all", "The Pile", "Common Pile v0.1", "FineWeb-Edu", "FineWeb"]


@pytest.mark.parametrize("written", ["FineWeb-Edu", "fineweb edu", "FINEWEB_EDU", " FineWebEdu "])
def test_spellings_of_one_name_are_one(written: str) -> None:
    assert fold_name(written) == "finewebedu"


def test_a_list_of_names_is_not_one_name_nor_is_a_component_its_corpus() -> None:
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
def test_names_that_hold_what_is_asked_come_first_the_shortest_of_them_before_the_others(
    asked: str, meant: list[str]
) -> None:
    assert similar_names(asked, CORPORA) == meant


def test_no_more_than_ten_names_are_suggested() -> None:
    assert similar_names("part", [f"part {number}" for number in range(30)]) == [
        f"part {number}" for number in range(10)
    ]


def test_the_name_of_most_like_letters_ends_a_message() -> None:
    assert did_you_mean("FineWub", CORPORA) == "; did you mean 'FineWeb'?"
    assert did_you_mean("zzzz", CORPORA) == ""
