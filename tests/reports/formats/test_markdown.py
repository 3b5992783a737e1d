"""A plan as a Markdown document."""

import io

from made.tables import written

from tokaudit.planning.plan import Plan
from tokaudit.reports.formats.markdown import REPORT


def markdown(plan: Plan) -> str:
    stream = io.StringIO()
    REPORT.plan(plan, stream, details=True)
    return stream.getvalue()


def test_the_document_has_its_parts_in_order(worn_out: Plan) -> None:
    headings = [line for line in markdown(worn_out).splitlines() if line.startswith("#")]
    assert headings == [
        "# Is data the constraint?",
        "## Domains",
        "## Why",
        "## Before you use these numbers",
    ]


def test_a_name_with_a_bar_stays_in_its_cell(worn_out: Plan) -> None:
    rows = [line for line in markdown(worn_out).splitlines() if line.startswith("|")]
    assert len(rows) == 4
    assert {row.replace("\\|", "").count("|") for row in rows} == {9}


def test_stars_of_constants_are_escaped(worn_out: Plan) -> None:
    assert "R\\_D\\*" in markdown(worn_out)


def test_a_plan_without_domains_has_no_table(no_supply: Plan) -> None:
    assert "|" not in markdown(no_supply)


def test_a_name_of_a_column_cannot_break_a_markdown_table() -> None:
    assert written("markdown", [{"a|b\n": 1}], columns=("a|b\n",)).splitlines() == [r"| a\|b\x0a |", "|---|", "| 1 |"]


def test_a_domain_can_t_control_the_terminal(hostile: Plan) -> None:
    assert "\x1b" not in markdown(hostile)
    assert r"- more of w\x1b\[31m" in markdown(hostile)


def test_a_cell_cannot_break_a_markdown_table() -> None:
    assert written("markdown").splitlines() == [
        "| name | count | share | good | none |",
        "|---|---|---|---|---|",
        r"| a\|b | 1,234,567 | 0.123 | yes | - |",
        "| [red] | 0 | nan | no | - |",
    ]
