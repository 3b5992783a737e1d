"""Why records and files were not counted."""

from made.overviews import an_overview, bad_row, left_out_row
from made.samples import Counted

from tokaudit.audit.overview import overview
from tokaudit.audit.reasons import reasons


def test_reasons_of_all_sources_are_added_up() -> None:
    bad = [bad_row("b", "cut", 2, None), bad_row("a", "cut", 5)]
    left = [left_out_row("a", "status", 9, 4), left_out_row("b", "status", 1, 1, 10)]
    cut, status = reasons(an_overview({"web": (1, 1, 1)}, bad=bad, left=left))

    assert (cut.files, cut.records, cut.bytes, cut.number) == (0, 7, None, 7)
    assert (status.files, status.records, status.bytes, status.number) == (5, 5, 1010, 10)
    assert (cut.example, status.example) == ("/home/me/a.jsonl, record 3", "/home/me/a/status")


def test_an_example_of_a_whole_file_has_no_record() -> None:
    (cut,) = reasons(an_overview({"web": (1, 1, 1)}, bad=[bad_row("a", "cut", 1, None)]))

    assert cut.example == "/home/me/a.jsonl"


def test_missing_text_comes_first_then_the_most_frequent() -> None:
    left = [left_out_row("a", rule, files) for rule, files in (("hidden", 9), ("unclaimed", 1), ("vcs", 20))]
    found = reasons(an_overview({"web": (1, 1, 1)}, bad=[bad_row("a", "cut", 3)], left=left))

    assert [(each.code, each.text_missing) for each in found] == [
        ("cut", True),
        ("unclaimed", True),
        ("vcs", False),
        ("hidden", False),
    ]


def test_an_unknown_size_makes_the_sum_unknown() -> None:
    left = [left_out_row("a", "hidden", 1, size=None), left_out_row("b", "hidden", 1)]
    (hidden,) = reasons(an_overview({"web": (1, 1, 1)}, left=left))

    assert (hidden.files, hidden.bytes) == (2, None)


def test_a_rule_and_a_code_of_one_name_are_two_reasons() -> None:
    bad, left = [bad_row("a", "no_text", 1)], [left_out_row("a", "no_text", 1)]
    found = reasons(an_overview({"web": (1, 1, 1)}, bad=bad, left=left))

    assert [(each.code, each.is_rule) for each in found] == [("no_text", False), ("no_text", True)]


def test_reasons_of_a_counted_catalog_are_complete(counted: Counted) -> None:
    of = overview(counted.catalog, None)
    found = {each.code: (each.files, each.records, each.text_missing) for each in reasons(of)}

    assert found == {"text_type": (0, 1, True), "unclaimed": (1, 0, True), "vcs": (1, 0, False)}
