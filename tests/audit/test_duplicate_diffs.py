"""What differs between duplicates."""

from itertools import count
from pathlib import Path

from made.samples import Counted, altered, count_into, text, write_jsonl

from tokaudit.audit import answers
from tokaudit.audit.duplicate_diffs import with_diffs


def test_near_duplicates_have_a_difference_and_exact_ones_none(counted: Counted) -> None:
    plain = answers.duplicates(counted.catalog, 100, None)
    answer = with_diffs(counted.catalog, plain)

    assert answer.columns == (*plain.columns, "diff", "diff_note")
    assert [{name: row[name] for name in plain.columns} for row in answer.rows] == plain.rows
    for row in answer.rows:
        if row["kind"] == "exact":
            assert (row["diff"], row["diff_note"]) == ("", "exact duplicates: nothing differs")
        else:
            assert row["diff_note"] is None
            assert [f"{{+changed{change}+}}" in row["diff"] for change in (0, 1)] == [True, True]
    assert {row["kind"] for row in answer.rows} == {"exact", "near"}


def near(tmp_path: Path, original: str, other: str) -> Path:
    """A catalog of two near-duplicates in two files."""
    write_jsonl(tmp_path / "c" / "a.jsonl", [original])
    write_jsonl(tmp_path / "c" / "b.jsonl", ["another", other])
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web")
    return tmp_path / "x.duckdb"


def test_a_gone_or_changed_file_is_said_in_its_row(tmp_path: Path) -> None:
    catalog = near(tmp_path, text(0), altered(text(0), 2))
    answer = answers.duplicates(catalog, 100, None)
    write_jsonl(tmp_path / "c" / "a.jsonl", [text(5)])
    (tmp_path / "c" / "b.jsonl").unlink()
    (row,) = with_diffs(catalog, answer).rows

    assert row["diff"] is None
    assert f"{tmp_path / 'c' / 'a.jsonl'}: record 0 has changed since it was counted" in row["diff_note"]
    assert f"{tmp_path / 'c' / 'b.jsonl'}: is gone since it was counted" in row["diff_note"]


def test_long_texts_are_compared_in_part_and_that_is_said(tmp_path: Path) -> None:
    original = text(0, 60_000)
    catalog = near(tmp_path, original, f"{altered(original, 2)} end")
    (row,) = with_diffs(catalog, answers.duplicates(catalog, 100, None)).rows

    assert "{+changed0+}" in row["diff"]
    assert "end" not in row["diff"]
    assert row["diff_note"].startswith("only the first 200,000 characters are compared")


def test_when_the_time_is_over_the_rest_is_not_compared(counted: Counted) -> None:
    ticks = count()
    answer = answers.duplicates(counted.catalog, 100, None)
    rows = with_diffs(counted.catalog, answer, 2.5, lambda: next(ticks)).rows

    assert len(rows) == len(answer.rows)
    assert [row["diff"] is None for row in rows] == [False, True, True, True]
    assert rows[-1]["diff_note"] == "not compared: the time of 2.5 s is over; a lower --limit reads less"
