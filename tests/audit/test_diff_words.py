"""A comparison of two catalogs in words."""

from typing import Any

import pytest

from tokaudit.audit.answer import Answer
from tokaudit.audit.diff_causes import FIELDS
from tokaudit.audit.diff_words import changed_by, rows_shown, signed


def cause(name: str, tokens: int, kept: str | None = None, **more: Any) -> dict[str, Any]:
    """The row of a cause, of one file."""
    return {"cause": name, "kept_source": kept, "files": 1, **dict.fromkeys(FIELDS, 0), "tokens_unique": tokens, **more}


def answer(before: int, *causes: dict[str, Any]) -> Answer:
    """A comparison with these causes in one domain."""
    change = sum(row["tokens_unique"] for row in causes)
    total = {field: {"a": 0, "b": 0, "change": 0} for field in FIELDS}
    total["tokens_unique"] = {"a": before, "b": before + change, "change": change}
    rows = [{"domain": "web", **row} for row in causes]
    return Answer(("domain", *causes[0]) if causes else ("domain",), rows, {"total": total, "causes": list(causes)}, ())


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            answer(1000, cause("files added", 300), cause("now duplicates", -50)),
            "B has 250 more unique tokens than A (1,000 to 1,250, 25 %). The largest cause: files added (+300).",
        ),
        (
            answer(1000, cause("files removed", -300), cause("no longer duplicates", 50)),
            "B has 250 fewer unique tokens than A (1,000 to 750, 25 %). The largest cause: files removed (-300).",
        ),
        (
            answer(1000, cause("files added", 9001)),
            "B has 9,001 more unique tokens than A (1,000 to 10,001). The largest cause: files added (+9,001).",
        ),
        (
            answer(0, cause("files added", 300)),
            "B has 300 more unique tokens than A (0 to 300). The largest cause: files added (+300).",
        ),
        (
            answer(1000, cause("files added", 300), cause("files removed", -300)),
            "A and B have the same number of unique tokens (1,000). The largest cause: files added (+300).",
        ),
        (answer(1000, cause("files changed", 0)), "A and B have the same number of unique tokens (1,000)."),
        (answer(1000), "A and B have the same documents: 1,000 unique tokens."),
    ],
)
def test_the_sentence_has_the_change_and_its_largest_cause(made: Answer, said: str) -> None:
    assert changed_by(made) == said


def test_duplicates_of_several_sources_are_one_row_for_people() -> None:
    made = answer(9, cause("now duplicates", -5, "big", files=2), cause("now duplicates", -1, "small"))
    web, total, everything = rows_shown(made)

    for row in (web, total):
        assert (row["cause"], row["tokens_unique"]) == ("now duplicates (of big and 1 more source)", -6)
    assert (everything["domain"], everything["cause"], everything["tokens_unique"]) == ("total", "all", -6)


def test_a_cause_says_how_many_files_it_is_about() -> None:
    rows = rows_shown(answer(9, cause("files added", 5, files=3), cause("no longer duplicates", 2, "gone")))

    assert [row["cause"] for row in rows[:2]] == ["files added (3 files)", "no longer duplicates (of gone)"]


def test_without_a_change_there_are_no_rows() -> None:
    assert rows_shown(answer(9)) == []


@pytest.mark.parametrize(("value", "said"), [(1234, "+1,234"), (-5, "-5"), (0, "0")])
def test_a_change_has_its_sign(value: int, said: str) -> None:
    assert signed(value) == said
