"""What the page's script says of a setting, in a browser, against the planner; and the document that it reads."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pytest
from made.browser import chromium
from made.made_plans import made_plan, of_request, without_supply
from made.random_settings import elsewhere, random_plan_request
from playwright.sync_api import Page

from tokaudit.core.rows import Row
from tokaudit.laws.protocol import Repetition
from tokaudit.laws.published import LAWS
from tokaudit.planning.case import BAND
from tokaudit.planning.curves.domains import domains
from tokaudit.planning.curves.epochs import epochs
from tokaudit.planning.curves.isoflop import isoflop
from tokaudit.planning.curves.loss import loss
from tokaudit.planning.judge import constraints_at_bounds
from tokaudit.planning.made_plan import MadePlan
from tokaudit.planning.plan_document import plan_document
from tokaudit.reports.json_text import to_json
from tokaudit.reports.page.what_if import law_script, what_if

SETTINGS = 200
CLOSE: Final = 1e-6
DIFFERENCES: Final = frozenset({"nats", "loss_low", "loss_high"})
"""Numbers of nats that may be nothing but the rounding of two losses."""
CLOSE_NATS: Final = 1e-9

OTHER_FIELDS: Final = frozenset(
    (
        *("advice", "budget", "certainty", "complete", "cost", "details", "gain_per_percent", "hardware", "inference"),
        *("implied_inference_tokens", "law", "loss_predicted", "mixture", "mixtures", "mixtures_left_out", "notes"),
        *("repeats_measured", "stages", "supply_origin", "supply_tokenizer", "warnings", "worth"),
    )
)
"""Fields of a plan that a changed setting leaves as they were."""
OTHER_PARTS: Final = frozenset(
    (
        *("bytes_needed", "bytes_unique", "tokens_factor"),  # of a domain
        *("flops_still_helping_low", "flops_still_helping_high"),  # of the ceiling
        *("draws_same_verdict", "votes"),  # of other laws
    )
)
"""The same inside of fields."""

ANSWER = """text => {
  const finite = (_, value) => (typeof value !== "number" || Number.isFinite(value) ? value : String(value));
  const answers = JSON.parse(text).map(([whatIf, setting]) => {
    const law = tokauditLaw.of(whatIf);
    return [law.judge(setting), law.curves(setting)];
  });
  return JSON.stringify(answers, finite);
}"""


@dataclass(frozen=True)
class Answer:
    """One setting: the planner's plan and curves, and the script's."""

    made: MadePlan
    plan: Row
    curves: Row
    judged: Row
    drawn: Row


def _document(made: MadePlan) -> Row:
    found = what_if(made)
    assert not isinstance(found, str)
    return found


def _plan(made: MadePlan) -> Row:
    """The fields of the plan that a setting changes, and those that the script has and a plan does not."""
    found: Row = json.loads(plan_document(made.plan))
    case = made.resolved.case()
    low, high = constraints_at_bounds(made.resolved, case, made.resolved.mixture)
    same = sum(case.with_stars(pair).verdict()[0] == made.plan.constraint for pair in BAND)
    found["agreement"] |= {"pairs": len(BAND), "pairs_same_verdict": same}
    votes = [row for row in found["sensitivity"] or () if row["votes"] and row["law"] != made.plan.law]
    kept = {name: value for name, value in found.items() if name not in OTHER_FIELDS}
    return {**kept, "constraint_low": low, "constraint_high": high, "sensitivity": votes}


def _curves(made: MadePlan) -> Row:
    found = {
        "supply": domains(made.plan),
        "epochs": epochs(made),
        "isoflop": isoflop(made),
        "loss": loss(made),
    }
    rows: Row = json.loads(to_json({name: None if isinstance(each, str) else each for name, each in found.items()}))
    return rows


def _ask(page: Page, asked: Sequence[tuple[Row, Row]]) -> list[tuple[Row, Row]]:
    """The script's judgement and curves for each document and setting."""
    return [(judged, drawn) for judged, drawn in json.loads(page.evaluate(ANSWER, to_json(asked, indent=False)))]


def _differences(expected: Any, found: Any, path: str = "") -> Iterator[str]:
    """Where what the script says is not what the planner says."""
    name = path.rpartition(".")[2]
    if isinstance(expected, float | int) and isinstance(found, float | int) and not isinstance(expected, bool):
        within = CLOSE_NATS if name in DIFFERENCES else 0.0
        if not math.isclose(expected, found, rel_tol=CLOSE, abs_tol=within):
            yield f"{path}: {expected!r}, not {found!r}"
    elif isinstance(expected, Mapping) and isinstance(found, Mapping):
        for key in {*expected, *found} - OTHER_PARTS:
            yield from _differences(expected.get(key, "nothing"), found.get(key, "nothing"), f"{path}.{key}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for at, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from _differences(one, other, f"{path}.{at}")
    elif expected != found:
        yield f"{path}: {expected!r}, not {found!r}"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """An empty page with the script."""
    with chromium() as browser:
        shown = browser.new_page()
        shown.add_script_tag(content=law_script())
        yield shown


@pytest.fixture(scope="module")
def answers(page: Page) -> list[Answer]:
    """Random settings, each asked with the document of another plan, as a reader moves away from it."""
    plans = [of_request(random_plan_request(number)) for number in range(SETTINGS)]
    asked = [(_document(replace(made, request=elsewhere(made.request))), _document(made)["setting"]) for made in plans]
    return [
        Answer(made, _plan(made), _curves(made), *answer) for made, answer in zip(plans, _ask(page, asked), strict=True)
    ]


@pytest.mark.slow
def test_every_number_and_word_of_a_judgement_is_the_planners(answers: list[Answer]) -> None:
    wrong = {at: [*_differences(each.plan, each.judged)] for at, each in enumerate(answers)}
    assert {at: found for at, found in wrong.items() if found} == {}


@pytest.mark.slow
def test_every_row_of_a_curve_is_the_planners(answers: list[Answer]) -> None:
    wrong = {at: [*_differences(each.curves, each.drawn)] for at, each in enumerate(answers)}
    assert {at: found for at, found in wrong.items() if found} == {}


@pytest.mark.slow
def test_the_settings_meet_every_law_word_and_end(answers: list[Answer]) -> None:
    plans = [each.made.plan for each in answers]
    assert {plan.law for plan in plans} == set(LAWS.names())
    assert {(plan.constraint, plan.cause) for plan in plans} >= {
        *(("data", cause) for cause in ("supply", "both", "mixture", "allocation")),
        *(("model", "allocation"), ("compute", None)),
    }
    assert {len(plan.domains) for plan in plans} == set(range(1, 9))
    assert {row.verdict for plan in plans for row in plan.domains} == {"enough", "repeat", "strained", "exhausted"}
    assert {plan.far_beyond_data for plan in plans} == {True, False}
    assert any(row.loose for plan in plans for row in plan.domains)
    assert any(not row.share for plan in plans for row in plan.domains)
    assert any(plan.loss and plan.constrained is None for plan in plans)
    assert any(plan.constrained and plan.binding_domain is None for plan in plans)
    assert min(plan.budget.flops for plan in plans) < 1e17
    assert max(plan.budget.flops for plan in plans) > 1e27


SUPPLY = "web=2T,code=400B,books=3B"
MADE = made_plan(SUPPLY, budget={"flops": 1e24}, mixture="web=0.7,code=0.25,books=0.05")


def _judge(page: Page, setting: Row) -> Row:
    ((judged, _),) = _ask(page, [(_document(MADE), setting)])
    return judged


@pytest.mark.slow
def test_the_setting_of_the_document_is_the_plans_own(page: Page) -> None:
    judged = _judge(page, _document(MADE)["setting"])
    assert MADE.plan.constrained is not None
    assert judged["constraint"] == MADE.plan.constraint
    assert judged["constrained"]["tokens"] == pytest.approx(MADE.plan.constrained.tokens)


@pytest.mark.slow
def test_shares_are_relative_to_their_sum(page: Page) -> None:
    setting = _document(MADE)["setting"]
    tenfold = {**setting, "domains": [{**row, "share": 10 * row["share"]} for row in setting["domains"]]}
    assert list(_differences(_judge(page, setting), _judge(page, tenfold))) == []


@pytest.mark.slow
def test_a_share_of_a_domain_without_tokens_is_refused(page: Page) -> None:
    setting = _document(MADE)["setting"]
    empty = {**setting, "domains": [{**row, "tokens_unique": 0} for row in setting["domains"]]}
    with pytest.raises(Exception, match="RangeError: the supply has no unique tokens of books"):
        _judge(page, empty)


def test_the_script_can_stand_inside_a_page() -> None:
    script = law_script().lower()
    assert "</script" not in script
    assert "<!--" not in script


def test_a_run_as_given_is_in_the_laws_parameters() -> None:
    setting = _document(made_plan(SUPPLY, budget={"params": 70e9, "tokens": 1.4e12}, law="kaplan2020"))["setting"]
    assert setting["params"] < 70e9
    assert setting["flops"] == 6 * setting["params"] * 1.4e12


def test_a_budget_has_no_parameters() -> None:
    assert _document(MADE)["setting"]["params"] is None
    assert _document(MADE)["setting"]["flops"] == 1e24


def test_domains_that_stand_for_more_are_loose() -> None:
    made = made_plan("published", budget={"flops": 1e25}, mixture="llama3")
    loose = {row["domain"] for row in _document(made)["setting"]["domains"] if row["loose"]}
    assert loose == {row.domain for row in made.plan.domains if row.loose} != set()


def test_limits_of_single_domains_are_in_the_document() -> None:
    made = made_plan(SUPPLY, budget={"flops": 1e24}, max_epochs="4,code=2")
    assert _document(made)["limits"] == [{"domain": "code", "max_epochs": 2.0}]
    assert _document(made)["setting"]["max_epochs"] == 4.0


def test_the_other_laws_that_vote_come_with_their_tokens() -> None:
    made = made_plan("published", budget={"flops": 1e25})
    voters = {row["law"]: row for row in _document(made)["voters"]}
    assert made.plan.sensitivity is not None
    assert set(voters) == {row.law for row in made.plan.sensitivity if row.votes} - {"besiroglu2024"}
    own = {entry.domain: entry.tokens_unique for entry in made.resolved.supply.domains}
    for name, row in voters.items():
        theirs = {entry.domain: entry.tokens_unique for entry in made.resolved.voters[name].entries}
        for each in row["factors"]:
            assert own[each["domain"]] * each["factor"] == pytest.approx(theirs[each["domain"]])


def test_an_endless_constant_is_none() -> None:
    law = replace(LAWS.get("muennighoff2023"), repetition=Repetition(15.0, math.inf))  # type: ignore[type-var]
    made = replace(MADE, request=replace(MADE.request, law=law))
    assert _document(made)["law"]["repetition"] == {"tokens": 15.0, "params": None}


def test_a_draw_that_makes_no_law_has_no_parameters() -> None:
    draws = {name: np.array([value, value]) for name, value in LAWS.get("besiroglu2024").constants.items()}
    draws["A"][1] = -1.0
    made = replace(MADE, request=replace(MADE.request, draws=draws))
    assert [row[0] is None for row in _document(made)["draws"]["params"]] == [False, True]


def test_draws_of_repetition_alone_are_not_in_the_document() -> None:
    made = made_plan(SUPPLY, budget={"flops": 1e24}, law="muennighoff2023")
    assert set(made.request.draws) == {"R_D_star", "R_N_star"}
    assert _document(made)["draws"] is None


def test_a_plan_without_a_supply_has_a_sentence() -> None:
    assert what_if(without_supply(flops=1e24)) == "The plan has no supply, so there is nothing to change."


def test_a_mixture_of_experts_has_a_sentence() -> None:
    made = made_plan(SUPPLY, budget={"params": 37e9, "tokens": 14.8e12}, params_total=671e9)
    assert "mixture of experts" in str(what_if(made))
