"""``tokaudit duplicates``."""

import sys

import pytest
from made.samples import Run


def test_duplicates_beyond_the_limit_are_counted(ask: Run) -> None:
    some = ask("duplicates", "--limit", 1, "--format", "json")

    assert (len(some.json["rows"]), some.json["total"]) == (1, 4)
    assert "1 of 4 duplicates" in some.err
    assert list(some.json["rows"][0]) == [
        "path",
        "ordinal",
        "tokens",
        "kept_path",
        "kept_ordinal",
        "similarity",
        "kind",
    ]


def test_diff_adds_what_differs_to_the_rows(ask: Run) -> None:
    rows = ask("duplicates", "--diff", "--json").json["rows"]

    assert list(rows[0])[-2:] == ["diff", "diff_note"]
    assert sum("{+changed0+}" in row["diff"] for row in rows) == 1


def test_people_see_the_differences_below_the_table(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = ask("duplicates", "--diff").out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    coloured = ask("duplicates", "--diff").out

    assert "{+changed0+}" in plain
    assert plain.count("(exact duplicates: nothing differs)") == 3
    assert "\x1b" not in plain
    assert "\x1b[32m{+changed0+}\x1b[0m" in coloured
    assert "diff_note" not in plain
