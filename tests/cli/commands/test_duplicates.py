"""``tokaudit duplicates``."""

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
