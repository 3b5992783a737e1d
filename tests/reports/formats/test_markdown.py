"""A plan as a Markdown document."""

import io
from dataclasses import replace

from made.tables import written

from tokaudit.planning.plan import Plan
from tokaudit.reports.formats.markdown import REPORT


def markdown(plan: Plan) -> str:
    stream = io.StringIO()
    REPORT.plan(plan, stream, details=True)
    return stream.getvalue()


def test_the_page_has_its_parts_in_order(worn_out: Plan) -> None:
    page = markdown(worn_out)
    parts = ("# Is data the constraint?", "**Likely: data is", "- Train ", "- To do: ", "| domain |", "- Note: ")
    places = [page.index(part) for part in (*parts, "<details>", "budget: ", "**Notes**", "</details>")]
    assert places == sorted(places)


def test_a_name_with_a_bar_stays_in_its_cell(worn_out: Plan) -> None:
    rows = [line for line in markdown(worn_out).splitlines() if line.startswith("|")]
    assert len(rows) == 4
    assert {row.replace("\\|", "").count("|") for row in rows} == {7}


def test_a_name_cannot_close_the_folded_part(worn_out: Plan) -> None:
    page = markdown(replace(worn_out, supply_origin="a</details>b", warnings=("c</details>\n\n# d",)))
    assert page.replace("\\</details>", "").count("</details>") == 1
    assert "\n# d" not in page


def test_stars_of_constants_are_escaped(worn_out: Plan) -> None:
    assert "R\\_D\\*" in markdown(worn_out)


def test_a_plan_without_domains_has_no_table(no_supply: Plan) -> None:
    assert "|" not in markdown(no_supply)


def test_a_name_of_a_column_cannot_break_a_markdown_table() -> None:
    assert written("markdown", [{"a|b\n": 1}], columns=("a|b\n",)).splitlines() == [r"| a\|b\x0a |", "|---|", "| 1 |"]


def test_a_domain_can_t_control_the_terminal(hostile: Plan) -> None:
    assert "\x1b" not in markdown(hostile)
    assert r"- More w\\x1b\[31m: " in markdown(hostile)
    assert r"<br>more of w\\x1b\[31m: " in markdown(hostile)


def test_a_cell_cannot_break_a_markdown_table() -> None:
    assert written("markdown").splitlines() == [
        "| name | count | share | good | none |",
        "|---|---|---|---|---|",
        r"| a\|b | 1,234,567 | 0.123 | yes | - |",
        "| [red] | 0 | nan | no | - |",
    ]
