"""The figure of supply against need."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from made.drawings import HOSTILE, drawn, marks, names_down, rows_of, texts
from made.made_plans import made_plan, without_supply
from made.plans import of_domains

from tokaudit.planning.curves.domains import domains
from tokaudit.planning.plan import DomainPlan, Plan
from tokaudit.reports.charts.colours import ENOUGH, INK, LIGHT, REPEAT, STRAINED
from tokaudit.reports.charts.files import svg
from tokaudit.reports.figure import Drawing
from tokaudit.reports.figures import FIGURES

SHARES = {"web": 0.6, "code": 0.3, "books": 0.1}
HAVE = {"web": 2e12, "code": 4e11, "books": 3e9}


def _drawing(plan: Plan) -> Drawing:
    return drawn("supply", plan)


def _bars(drawing: Drawing) -> list[ET.Element]:
    """The bars of epochs."""
    return [
        mark for mark in marks(drawing, "rect") if mark.get("fill") in {LIGHT[ENOUGH], LIGHT[REPEAT], LIGHT[STRAINED]}
    ]


def _ends(drawing: Drawing) -> list[ET.Element]:
    """The ends of the lines of bounds, as far as they are seen."""
    return [mark for mark in marks(drawing, "rect") if mark.get("fill") == LIGHT[INK] and mark.get("opacity") != "0"]


def test_its_rows_are_those_of_the_plan() -> None:
    plan = of_domains(HAVE, SHARES, flops=1e24)
    assert {"domains": rows_of(_drawing(plan), "domains")} == domains(plan)


def test_the_scarcest_domain_stands_first() -> None:
    assert names_down(_drawing(of_domains(HAVE, SHARES, flops=1e24))) == ["books", "code", "web"]


def test_domains_that_are_equally_scarce_stand_by_share() -> None:
    assert names_down(_drawing(of_domains(HAVE, flops=1e24))) == ["web", "code", "books"]


def test_it_says_which_domain_is_scarcest_and_by_how_much() -> None:
    says = _drawing(of_domains(HAVE, SHARES, params=70e9, tokens=1.4e12)).says
    first = "books is the scarcest domain: this run needs 140B tokens of it, and the supply has 3.00B unique ones."
    use = "This run uses it for 46.7 epochs (exhausted)."
    assert says == f"{first} {use} 2 of 3 domains have less than the run needs."


def test_need_and_use_of_a_budget_are_of_two_runs() -> None:
    plan = of_domains({"web": 5e11}, flops=1e24)
    need, use = plan.domains[0].tokens_needed / 5e11, plan.domains[0].epochs
    assert need != pytest.approx(use, rel=0.1)
    says = _drawing(plan).says
    assert "with unlimited data, the best run needs 1.74T tokens of it" in says
    assert "On this supply, the best run uses it for 4.15 epochs" in says


def test_a_scarcest_domain_of_a_wider_category_decides_nothing() -> None:
    says = _drawing(made_plan("published", budget={"flops": 1e25}, mixture="llama3").plan).says
    assert "math stands for a wider category, so it alone decides nothing." in says


def test_it_says_that_every_domain_has_enough() -> None:
    says = _drawing(of_domains({"web": 2e12, "code": 1e12}, {"web": 0.5, "code": 0.5}, flops=1e22)).says
    assert says.startswith("Every domain has enough. The scarcest is code: with unlimited data, the best run needs ")


def test_it_says_that_more_compute_no_longer_helps() -> None:
    assert " More compute no longer helps." in _drawing(of_domains({"web": 2e9}, flops=1e25)).says


def test_domains_outside_of_the_mixture_are_counted() -> None:
    says = _drawing(of_domains({"web": 2e12, "law": 1e12}, {"web": 1, "law": 0}, flops=1e24)).says
    assert says.endswith("1 domain of the supply is not in this mixture.")


def test_domains_without_unique_tokens_are_named() -> None:
    says = _drawing(of_domains({"web": 2e12, "law": 0}, flops=1e24)).says
    assert says.endswith("The supply has no unique tokens of law.")


def test_a_domain_without_unique_tokens_has_its_need_and_a_remark() -> None:
    plan = of_domains(HAVE, SHARES, flops=1e24)
    books = replace(plan.domains[2], tokens_unique=0.0, epochs=None, verdict="exhausted")
    found = _drawing(replace(plan, domains=(*plan.domains[:2], books)))
    assert "no unique tokens" in texts(found)
    assert sum("h0v" in bar.get("d", "") for bar in _bars(found)) == 3
    assert len([mark for mark in marks(found, "symbol") if mark.get("fill") == LIGHT[INK]]) == 3


def test_a_domain_has_a_bar_for_1_4_and_16_epochs() -> None:
    first, *others = _bars(_drawing(of_domains({"web": 1e12}, flops=1e24)))
    ends = [re.findall(r"low: ([^;]+); .*high: ([^;]+);", bar.get("aria-label", ""))[0] for bar in (first, *others)]
    assert [(float(low), float(high)) for low, high in ends][1:] == [(1e12, 4e12), (4e12, 16e12)]
    assert float(ends[0][1]) == 1e12
    assert first.get("d", "").startswith("M0,")


def test_the_bounds_of_the_supply_are_a_thin_line() -> None:
    plan = of_domains({"web": 1e12}, flops=1e24)
    bounded = replace(plan, domains=(replace(plan.domains[0], tokens_unique_low=5e11, tokens_unique_high=2e12),))
    assert "tokens (thin line: bounds of the supply)" in texts(_drawing(bounded))
    assert len(_ends(_drawing(bounded))) == 2
    assert len(_ends(_drawing(plan))) == 0


def test_two_thousand_domains_show_the_scarcest() -> None:
    have = {f"domain {at}": 1e9 + at * 1e6 for at in range(2000)}
    found = _drawing(of_domains(have, dict.fromkeys(have, 1 / 2000), flops=1e24))
    assert "The chart shows the 40 scarcest of 2,000 domains; the table has all." in found.says
    assert [text for text in texts(found) if text.startswith("domain ")] == [f"domain {at}" for at in range(40)]
    assert len(found.table.rows) == 2000


def test_without_a_supply_there_is_nothing_to_draw() -> None:
    sentence = "The plan has no supply, so there is nothing to compare its need with."
    assert FIGURES.get("supply").draw(without_supply(flops=1e24).plan) == sentence


def test_a_mixture_of_experts_has_its_needs() -> None:
    plan = made_plan("web=2T,code=400B", budget={"params": 37e9, "tokens": 1.48e13}, params_total=671e9).plan
    assert len(_bars(_drawing(plan))) == 6
    assert "is the scarcest domain" in _drawing(plan).says


def test_hostile_names_are_text() -> None:
    found = _drawing(of_domains(dict.fromkeys(HOSTILE, 1e10), flops=1e24))
    text = svg(found, "A title")
    assert "<script" not in text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e]", text)
    drawn_names = texts(found)
    assert all(name in drawn_names for name in ("<script>alert(1)</script>", "</script>", '" onload="x', "{{7*7}}"))


@pytest.mark.parametrize("count", [1, 12])
def test_each_domain_has_its_remark(count: int) -> None:
    plan = of_domains({f"d{at}": 1e12 * (at + 1) for at in range(count)}, flops=1e24)
    assert sum("epochs" in text and "needs" in text for text in texts(_drawing(plan))) == count


def test_the_table_has_every_domain(worn_out: Plan) -> None:
    found: tuple[DomainPlan, ...] = worn_out.domains
    assert [row["domain"] for row in _drawing(worn_out).table.rows] == [entry.domain for entry in found]
