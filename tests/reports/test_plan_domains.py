"""The tables of domains, and the rest of them in lines."""

from dataclasses import replace

import pytest
from made.plans import make_plan, of_domains

from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import Plan
from tokaudit.reports.cells import shown
from tokaudit.reports.plan_domains import domain_table, listed, named, short_name, short_table, used_up
from tokaudit.reports.protocol import Table
from tokaudit.reports.wrap import cell_len
from tokaudit.supply.types import DomainSupply, Supply

MIXED = of_domains(
    {"news": 1e10, "web": 1e13, "code": 1e13, "law": 1e12, "maps": 1e12},
    {"news": 0.1, "web": 0.7, "code": 0.2, "law": 0, "maps": 0},
    flops=1e23,
)


def cells(table: Table) -> list[dict[str, str]]:
    """The rows as text."""
    columns = shown(table)
    rows = zip(*(column.cells for column in columns), strict=True)
    return [dict(zip((column.name for column in columns), row, strict=True)) for row in rows]


def test_domains_that_are_short_come_first_then_large_shares() -> None:
    table, rest = short_table(MIXED, 8)
    assert [row["domain"] for row in cells(table)] == ["news", "web", "code"]
    assert rest == ["not in this mixture: law and maps"]


def test_domains_without_a_row_are_one_line() -> None:
    table, rest = short_table(MIXED, 1)
    assert [row["domain"] for row in cells(table)] == ["news"]
    assert rest == ["and 2 more domains with enough tokens: web and code", "not in this mixture: law and maps"]
    _, rest = short_table(of_domains({"a": 1e10, "b": 1e10, "c": 1e10}, flops=1e21), 2)
    assert rest == ["and 1 more domain used up to 2.2 times: c"]


def test_without_a_supply_there_are_shares_and_needs_only() -> None:
    plan = make_plan(
        "besiroglu2024",
        LAWS.get("besiroglu2024"),
        budget_for(LAWS.get("besiroglu2024"), flops=1e24),
        Supply((), "none"),
        {"a": 0.5, "b": 0.3, "c": 0.2},
    )
    table, rest = short_table(plan, 1)
    assert list(table.columns) == ["domain", "share", "tokens needed"]
    assert rest == ["and 2 more domains: b and c"]


def test_domains_that_stand_for_wider_categories_are_marked() -> None:
    plan = replace(MIXED, domains=tuple(replace(entry, loose=entry.domain == "news") for entry in MIXED.domains))
    assert [row["verdict"] for row in cells(short_table(plan, 2)[0])] == ["strained (loose)", "enough"]
    assert {row["loose"] for row in cells(domain_table(plan))} == {"loose", "-"}
    assert used_up(plan) == []
    assert [entry.domain for entry in used_up(MIXED)] == ["news"]


def test_long_names_are_cut_where_there_is_little_room() -> None:
    assert short_name("web") == "web"
    assert short_name("a name") == "a\N{NO-BREAK SPACE}name"
    assert cell_len(short_name("x" * 99)) == cell_len(short_name("\N{CJK UNIFIED IDEOGRAPH-4E00}" * 99)) == 23
    plan = of_domains({"x" * 99: 1e12, "web": 1e12}, flops=1e21)
    assert {row["domain"] for row in cells(short_table(plan, 2)[0])} == {"x" * 22 + "…", "web"}
    assert {row["domain"] for row in cells(domain_table(plan))} == {"x" * 99, "web"}


def test_lists_end_with_and() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a", "b"], 1200) == "a, b and 1,200 more"
    assert named(used_up(MIXED)) == "news (5.58 epochs)"


def test_every_domain_is_a_row_with_the_range_of_its_supply(worn_out: Plan) -> None:
    books, web = cells(domain_table(worn_out))

    assert (books["domain"], books["unique tokens"], books["range"]) == ("books|rare", "30.0B", "-")
    assert (web["domain"], web["unique tokens"], web["range"]) == ("web", "4.00T", "3.00T to 5.00T")
    assert (web["share"], web["tokens needed"], web["verdict"]) == ("70 %", "3.74T", "enough")


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(1e9, None, "at least 1.00B"), (None, 4e12, "at most 4.00T"), (1e9, 4e12, "1.00B to 4.00T")],
)
def test_a_range_has_the_bounds_that_are_known(low: float | None, high: float | None, words: str) -> None:
    law = LAWS.get("besiroglu2024")
    supply = Supply((DomainSupply("web", 1e12, low, high),), "a test")
    assert cells(domain_table(make_plan("x", law, budget_for(law, flops=1e25), supply)))[0]["range"] == words


def test_a_supply_without_bounds_has_no_range_and_no_bytes() -> None:
    (web,) = cells(domain_table(of_domains({"web": 1e12}, flops=1e24)))
    assert not {"range", "bytes"} & web.keys()


def test_bytes_are_shown_where_they_are_known() -> None:
    law = LAWS.get("besiroglu2024")
    supply = Supply((DomainSupply("web", 1e12, None, None, 4.4e12), DomainSupply("books", 1e11)), "a test")
    web, books = cells(domain_table(make_plan("besiroglu2024", law, budget_for(law, flops=1e25), supply)))
    assert (web["unique tokens"], web["bytes"]) == ("1.00T", "4.4 TB")
    assert (books["unique tokens"], books["bytes"]) == ("100B", "-")
