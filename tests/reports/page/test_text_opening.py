"""What the page of a catalog begins with."""

from dataclasses import replace

from made.overviews import an_overview

from tokaudit.audit.overview import Overview
from tokaudit.core.rows import Row
from tokaudit.reports.page.text_opening import of_text

LEFT_OUT: Row = {"source": "web", "parts": 0, "bytes": 3, "example": "x"}
BAD: Row = {"source": "web", "code": "malformed", "files": 1, "example_path": "y", "example_ordinal": 1}


def _with_missing_text() -> Overview:
    """An overview of a catalog in which 8 files and 4 records could not be read, and 5 files are left out by a rule."""
    found = an_overview({"web": (100, 80, 60)})
    left_out = [{**LEFT_OUT, "rule": "unclaimed", "files": 8}, {**LEFT_OUT, "rule": "hidden", "files": 5}]
    bad = [{**BAD, "records": 4}]
    return replace(
        found,
        left_out=replace(found.left_out, rows=left_out),
        bad_records=replace(found.bad_records, rows=bad),
        complete=False,
    )


def test_files_and_records_that_could_not_be_read_are_counted() -> None:
    (found,) = [each for each in of_text(_with_missing_text()).numbers if each.name == "Not counted"]
    assert (found.value, found.note) == ("12", "files or records that could not be read")


def test_what_is_missing_is_to_be_looked_at_first() -> None:
    assert of_text(_with_missing_text()).to_do[0].startswith("Look at what was not counted")
    assert len(of_text(an_overview({"web": (9, 9, 9)})).to_do) == 1


def test_it_names_the_option_of_a_budget() -> None:
    assert "--flops 1e22" in of_text(an_overview({"web": (9, 9, 9)})).to_do[-1]
