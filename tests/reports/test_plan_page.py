"""A plan on one screen: at most 20 lines at 80 columns, and 40 lines of Markdown."""

import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.documents import on_a_terminal
from made.plans import make_plan, of_domains

from tokaudit.laws.find import shipped_draws
from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import Budget, Plan
from tokaudit.planning.plan_mixture import MixtureVerdict, StagePlan
from tokaudit.planning.plan_value import Cost, GpuTime, Inference, Worth
from tokaudit.reports.formats.markdown import REPORT as MARKDOWN
from tokaudit.reports.formats.table import REPORT as TABLE
from tokaudit.reports.plan_page import LINES, WIDTH, page
from tokaudit.reports.wrap import cell_len, wrap
from tokaudit.supply.types import DomainSupply, Supply

MOST_MARKDOWN = 40


class Terminal(io.StringIO):
    """A terminal in memory."""

    def isatty(self) -> bool:
        """Return whether it is a terminal: it stands for one."""
        return True


def text(plan: Plan, *, details: bool = False) -> str:
    """The plan on a terminal of 80 columns."""
    stream = Terminal()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"COLUMNS": str(WIDTH), "TERM": "dumb", "NO_COLOR": "1"}.items():
            patch.setenv(name, value)
        TABLE.plan(plan, stream, details=details)
    return stream.getvalue()


def markdown(plan: Plan) -> str:
    stream = io.StringIO()
    MARKDOWN.plan(plan, stream, details=True)
    return stream.getvalue()


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)
tokens = st.floats(1, 1e15)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan: any law, supply, mixture, limits, doubts, stages, and further options."""
    law_name = draw(st.sampled_from(LAWS.names()))
    law = LAWS.get(law_name)
    have = draw(st.dictionaries(names, tokens, min_size=1, max_size=12))
    weights = draw(st.lists(st.integers(0, 9), min_size=len(have), max_size=len(have)).filter(any))
    shares = {name: weight / sum(weights) for name, weight in zip(have, weights, strict=True)}
    supply = Supply(tuple(DomainSupply(name, unique) for name, unique in have.items()), draw(names))
    kind = draw(st.sampled_from(["flops", "run", "experts"]))
    if kind == "flops":
        budget = budget_for(law, flops=draw(st.floats(1e17, 1e27)))
    else:
        params, seen = draw(st.floats(1e7, 1e13)), draw(st.floats(1e8, 1e14))
        budget = budget_for(law, params=params, tokens=seen)
        if kind == "experts" and law.metadata.params_counted != "active":
            budget = Budget(6 * params * seen, params, seen, 2 * params)
    more: dict[str, Any] = {"max_epochs": draw(st.none() | st.floats(0.1, 30)), "draws": shipped_draws(law_name)}
    if draw(st.booleans()):
        more["voters"] = {name: LAWS.get(name) for name in ("besiroglu2024", "kaplan2020", "porian2024")}
    plan = make_plan(law_name, law, budget, supply, shares, **more)
    return replace(plan, **draw(st.fixed_dictionaries({}, optional=extras(list(have)))))


def extras(domains: list[str]) -> dict[str, st.SearchStrategy[Any]]:
    """Further fields of a plan, by name."""
    stage = StagePlan(domains[0], 1e12, dict.fromkeys(domains, 1.0), dict.fromkeys(domains, 2.0))
    worth = Worth(domains[-1], 1e12, False, 0.1, 0.05, 0.2, 1e6, 1.0)
    row = MixtureVerdict("a-long-name-of-a-mixture", "model", "sure", None, None, None)
    return {
        "stages": st.lists(st.just(stage), min_size=1, max_size=9).map(tuple),
        "hardware": st.just(GpuTime("H100 SXM", 0.4, 1e6, 1024.0, 40.0)),
        "cost": st.just(Cost(1e7, 1e6)),
        "inference": st.just(Inference(1e13, 1e11, 1e12, 1e24, 0.3)),
        "worth": st.lists(st.just(worth), max_size=5).map(tuple),
        "mixtures": st.lists(st.just(row), min_size=1, max_size=9).map(tuple),
        "notes": st.lists(st.text("ab ", min_size=30, max_size=300), max_size=6).map(tuple),
    }


@pytest.mark.slow
@settings(max_examples=40)
@given(plans())
def test_a_plan_has_at_most_20_lines_of_80_columns(plan: Plan) -> None:
    lines = text(plan).splitlines()
    assert len(lines) <= LINES
    assert "None" not in "".join(lines).replace("".join(entry.domain for entry in plan.domains), "")
    for line in lines:
        assert cell_len(line) <= WIDTH or " " not in line.strip()


@pytest.mark.slow
@settings(max_examples=40)
@given(plans())
def test_markdown_has_at_most_40_lines(plan: Plan) -> None:
    lines = markdown(plan).rstrip("\n").split("\n")
    assert len(lines) <= MOST_MARKDOWN
    assert (lines[0], lines[-1]) == ("# Is data the constraint?", "</details>")


def test_a_plan_of_2000_domains_fits_too() -> None:
    plan = of_domains({f"language-{place}": 1e7 + place for place in range(2000)}, flops=1e24)
    assert len(text(plan).splitlines()) <= LINES
    assert len(markdown(plan).splitlines()) <= MOST_MARKDOWN
    assert " more domains used up to " in text(plan)


def test_the_first_lines_are_the_verdict_the_run_the_advice_and_the_turn() -> None:
    found = page(of_domains({"code": 9e11}, flops=1e25))
    starts = ("Likely: data is the constraint in code", "Train ", "To do: ", "You have 60 % of")
    assert len(found.sentences) == len(starts)
    for sentence, start in zip(found.sentences, starts, strict=True):
        assert sentence.startswith(start)


def test_notes_give_way_to_the_domains_and_long_ones_are_left_to_v() -> None:
    plan = replace(
        of_domains({"web": 1e13, "code": 1e12}, flops=1e23), notes=("short", "long " * 60, "also short", "x")
    )
    assert page(plan).notes == ["short", "also short"]
    (*_, last) = text(plan).splitlines()
    assert text(plan).splitlines()[-2 - (len(wrap(page(plan).closing, WIDTH)) - 1)] == "Note: also short."
    assert last.endswith("notes.")


def test_v_shows_everything_behind_and_all_warnings() -> None:
    plan = replace(of_domains({"web": 1e13, "code": 1e12}, flops=1e23), details=("web: counted",))
    shown = " ".join(text(plan, details=True).split())
    for part in (*plan.warnings, "Supply: web: counted.", "effective tokens", "best with unlimited data", "unimax"):
        assert " ".join(part.split()) in shown
    assert plan.warnings[-1] not in " ".join(text(plan).split())


def test_answers_to_options_follow_the_first_lines() -> None:
    said = on_a_terminal(
        "plan --flops 1e24 --supply web=500B --inference-tokens 10T --price-gpu-hour 2 --add web=1T".split(), WIDTH
    )
    places = [said.index(part) for part in ("To do: ", "Serving 10.0T tokens: ", "Cost: ", "More web: ", "domain ")]
    assert places == sorted(places)
    assert len(said.splitlines()) <= LINES


def test_stages_are_one_line_and_a_table_with_v() -> None:
    options = ["--stage", "main 90% web=1", "--stage", "end 10% math=1", "--supply", "web=2T,math=5B"]
    said = on_a_terminal(["plan", "--params", "7B", *options], WIDTH)
    assert "Stages: main 1" in said
    assert "Note: no law here knows the order of data" in said
    assert "stage  domain" in on_a_terminal(["plan", "--params", "7B", *options, "-v"], WIDTH)
