"""The page as text: its order, its policy, its states without this or that, and names that stay text."""

import html
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from made.made_plans import made_plan, without_supply
from made.overviews import HOSTILE, an_overview

from tokaudit.core.printable import printable
from tokaudit.planning.made_plan import MadePlan
from tokaudit.reports.page.page import page
from tokaudit.reports.page.policy import content_policy

PLAN: dict[str, Any] = {"supply": "web=2T,code=400B", "budget": {"flops": "1e25"}}


def plan_page(**options: Any) -> str:
    """The page of a plan alone."""
    return page(made_plan(**(PLAN | options)), None).html


def data_of(text: str) -> Any:
    """The data of a page."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_parts_come_in_the_order_in_which_one_decides() -> None:
    text = plan_page()
    order = [
        "<h1",
        "What to do",
        "What if?",
        "Supply against need",
        "Published runs",
        "What this rests on",
        "The words",
    ]
    places = [text.index(each, text.index("<main>")) for each in order]

    assert places == sorted(places)


def test_the_policy_names_each_script_and_style_as_it_stands() -> None:
    text = plan_page()
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)

    assert len(scripts) == 6
    assert policy
    assert html.unescape(policy[1]) == content_policy(scripts, styles)


def test_nothing_is_written_that_a_policy_would_have_to_allow() -> None:
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", plan_page(), flags=re.DOTALL)

    assert not re.search(r"\s(style|on\w+)=", markup)
    assert not re.search(r"(src|href)=(?!\"#)", markup)


def test_it_has_the_law_its_constants_the_command_and_the_version() -> None:
    text = plan_page()

    assert "arXiv:2404.10102" in text
    assert "beta = 0.3658" in text
    assert "tokaudit plan --flops 1e25 --supply web=2T,code=400B" in text
    assert "supply names no tokenizer" in text


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (without_supply(flops=1e24), "The plan has no supply, so there is nothing to change."),
        (
            made_plan("web=2T", budget={"params": "37B", "tokens": "1T"}, params_total="671B"),
            "The law is for dense models",
        ),
    ],
)
def test_a_plan_that_can_not_be_changed_says_why_and_has_no_form(made: MadePlan, says: str) -> None:
    text = page(made, None).html

    assert says in text
    assert "data-form" not in text
    assert "const tokauditLaw" not in text
    assert data_of(text)["what_if"] is None


def test_many_domains_are_folded_and_the_last_have_no_fields() -> None:
    supply = ",".join(f"d{number}={number + 1}B" for number in range(70))
    text = plan_page(supply=supply)

    assert text.count('<fieldset class="domain">') == 60
    assert "54 more domains" in text
    assert "10 further domains keep their supply" in text


def test_a_catalog_alone_has_its_figures_and_no_form() -> None:
    made = page(None, an_overview({"web": (100, 80, 60)}))

    assert made.headline == "60 unique tokens: 40 % of the tokens seen are duplicates."
    assert "unique" in made.figures
    assert "data-form" not in made.html


def test_an_empty_catalog_has_a_page() -> None:
    made = page(None, an_overview({}))

    assert made.headline.startswith("0 unique tokens")
    assert "unique" not in made.figures


def test_what_is_missing_is_said_next_to_the_figures_of_the_text() -> None:
    incomplete = replace(an_overview({"web": (9, 9, 9)}), complete=False, notes=("3 files were not read",))
    made = page(made_plan(**PLAN), incomplete)

    assert "<b>Not all of it.</b> 3 files were not read." in made.html
    assert made.notes == ("3 files were not read",)


def test_commands_in_sentences_are_code_and_what_stands_in_them_is_escaped() -> None:
    notes = ("4 were left out (see `tokaudit errors`)", "`<b>` is a name", "one ` alone")
    text = page(None, replace(an_overview({"web": (9, 9, 9)}), complete=False, notes=notes[:2])).html
    odd = page(None, replace(an_overview({"web": (9, 9, 9)}), complete=False, notes=notes[2:])).html

    assert "(see <code>tokaudit errors</code>)" in text
    assert "<code>&lt;b&gt;</code> is a name" in text
    assert "One ` alone." in odd


def test_hostile_names_stand_escaped_in_text_and_data() -> None:
    text = page(None, an_overview(dict.fromkeys(HOSTILE, (100, 80, 60)))).html.partition("<script>")[0]

    assert "<script>alert" not in text
    assert "<img" not in text
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert html.escape(HOSTILE[0]) in text
    assert printable(HOSTILE[5]) in html.unescape(text)
    assert "49" not in re.findall(r"<td[^>]*>([^<]*)</td>", text)


def test_names_that_control_a_terminal_or_a_line_do_so_nowhere() -> None:
    made = made_plan(**PLAN)
    domains = tuple(replace(entry, domain=f"{entry.domain}\u202e\x1b[31m") for entry in made.plan.domains)
    text = page(replace(made, plan=replace(made.plan, domains=domains)), None).html
    rows = data_of(text)["figures"]["supply"]["datasets"]["domains"]

    assert "\u202e" not in text
    assert {row["domain"] for row in rows} == {"web\\u202e\\x1b[31m", "code\\u202e\\x1b[31m"}


def test_the_same_input_gives_the_same_text() -> None:
    assert plan_page() == plan_page()


def test_it_is_smaller_than_two_megabytes_with_many_domains() -> None:
    supply = ",".join(f"domain-{number}={number + 1}B" for number in range(500))

    assert len(plan_page(supply=supply).encode()) < 2_000_000
