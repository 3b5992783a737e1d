"""``tokaudit overlap``."""

from made.samples import Run


def test_overlap_has_a_row_for_each_ordered_pair(ask: Run) -> None:
    rows = ask("overlap", "--format", "json").json["rows"]
    by_source = ask("overlap", "--by", "source", "--format", "json").json["rows"]

    assert len({(row["a"], row["b"]) for row in rows}) == 3 * 2
    assert len({(row["a"], row["b"]) for row in by_source}) == 4 * 3
    assert list(rows[0]) == [
        "a",
        "b",
        "documents_shared_exact",
        "documents_shared",
        "tokens_shared_exact",
        "tokens_shared",
    ]
    assert "--by" in ask("overlap", "--by", "licence", code=2).err
