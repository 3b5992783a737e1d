"""A plan as text."""

import io
from dataclasses import replace

from made.tables import ROWS, written

from tokaudit.planning.plan import Plan
from tokaudit.reports.formats.table import REPORT
from tokaudit.reports.plan_verdict import verdict


def text(plan: Plan, *, details: bool = False) -> str:
    stream = io.StringIO()
    REPORT.plan(plan, stream, details=details)
    return stream.getvalue()


def test_off_a_terminal_the_verdict_is_the_first_line_whole(worn_out: Plan) -> None:
    assert text(worn_out).splitlines()[0] == verdict(worn_out)


def test_domains_then_notes_then_what_it_rests_on_follow(worn_out: Plan) -> None:
    shown = text(worn_out)
    places = [shown.index(part) for part in ("tokens needed", "books|rare  ", "Note: ", "Law: besiroglu2024. ")]
    assert places == sorted(places)


def test_with_details_every_warning_is_a_line(worn_out: Plan) -> None:
    lines = text(worn_out, details=True).splitlines()
    for warning in worn_out.warnings:
        assert f"Note: {warning}." in lines


def test_a_plan_without_domains_has_no_table(no_supply: Plan) -> None:
    assert "tokens needed" not in text(no_supply)


def test_names_in_brackets_are_shown_as_they_are(worn_out: Plan) -> None:
    odd = replace(worn_out, domains=(replace(worn_out.domains[0], domain="[bold]x[/]"), *worn_out.domains[1:]))
    assert "[bold]x[/]" in text(replace(odd, binding_domain="web"))


def test_a_domain_can_t_control_the_terminal(hostile: Plan) -> None:
    assert "\x1b" not in text(hostile)
    assert r"More w\x1b[31m: " in text(hostile)
    assert r"more of w\x1b[31m" in text(hostile, details=True)


def test_off_a_terminal_every_row_is_one_line() -> None:
    long = "x" * 200
    lines = written("table", [*ROWS, {**ROWS[0], "name": long}]).splitlines()

    assert [" ".join(line.split()) for line in lines] == [
        "name count share good none",
        "a|b 1,234,567 0.123 yes -",
        "[red] 0 nan no -",
        f"{long} 1,234,567 0.123 yes -",
    ]


def test_numbers_are_aligned_right_and_names_left() -> None:
    lines = written("table", [{"n": "a", "k": 1}, {"n": "bbb", "k": 222}], columns=("n", "k")).splitlines()

    assert lines == ["n      k", "a      1", "bbb  222"]
