"""The page in a browser: it draws, loads nothing, fits its window, follows its form; hostile names stay text."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from made.browser import chromium
from made.overviews import HOSTILE as HOSTILE_IN_CATALOGS
from made.overviews import an_overview, bad_row, group_row, left_out_row, overlap_row
from made.page_views import Opened, opened
from playwright.sync_api import Browser

from tokaudit.planning.make_plan import make_plan
from tokaudit.planning.options import PlanOptions
from tokaudit.reports.page.page import page

pytestmark = pytest.mark.slow

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    '" onload="alert(3)',
    "<img src=x onerror=alert(4)>",
    "{{7*7}}",
    "${alert(5)}",
    "]]>--><!--",
    "\N{PILE OF POO}\N{ZERO WIDTH JOINER}",
    "n" * 2000,
]
"""Names of domains that must stay text."""


def written(place: Path, **options: Any) -> Path:
    """The page of a plan as a file."""
    made = make_plan(PlanOptions(**options), place / "none.duckdb")
    file = place / "page.html"
    file.write_text(page(made, None).html, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def plan_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a plan over three domains."""
    return written(
        tmp_path_factory.mktemp("plan"), budget={"flops": 1e25}, supply={"web": 2e12, "code": 4e11, "books": 3e10}
    )


@pytest.fixture(scope="module")
def hostile_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a plan over domains with hostile names."""
    supply = {name: 1e10 * (1 + place) for place, name in enumerate(HOSTILE)}
    return written(tmp_path_factory.mktemp("hostile"), budget={"flops": 1e24}, supply=supply)


@pytest.fixture(scope="module")
def shown(browser: Browser, plan_file: Path) -> Iterator[Opened]:
    """The page of a plan, opened once."""
    with opened(browser, plan_file) as found:
        yield found


@pytest.fixture
def plan_page(shown: Opened) -> Iterator[Opened]:
    """The page of a plan as it was opened."""
    yield shown
    shown.page.emulate_media(media="screen")
    shown.value(
        "(() => { document.querySelector('[data-bar] [data-reset]').disabled = false;"
        " document.querySelector('[data-bar] [data-reset]').click();"
        " for (const each of document.querySelectorAll('details')) each.open = each.matches('.fields');"
        " document.activeElement.blur(); scrollTo(0, 0) })()"
    )
    shown.page.wait_for_selector("html[data-shows=plan]", state="attached")
    assert shown.said == []


def test_it_draws_every_chart_and_loads_and_says_nothing(plan_page: Opened) -> None:
    charts = plan_page.value("[...document.querySelectorAll('[data-chart]')].map(each => each.dataset.chart)")
    marks = plan_page.value(
        "[...document.querySelectorAll('[data-chart]')]"
        ".map(each => each.querySelectorAll('svg .role-mark path, svg .role-mark text, svg .role-mark line').length)"
    )

    assert "supply" in charts
    assert all(marks), dict(zip(charts, marks, strict=True))
    assert plan_page.said == []
    assert plan_page.asked == []


@pytest.mark.parametrize("width", [320, 768, 1280, 2560])
@pytest.mark.parametrize("kind", ["plan_file", "hostile_file", "catalog_file"])
def test_it_fits_its_window(browser: Browser, width: int, kind: str, request: pytest.FixtureRequest) -> None:
    with opened(browser, request.getfixturevalue(kind), width=width) as found:
        for details in found.page.query_selector_all("details"):
            details.evaluate("each => each.open = true")

        assert found.value("document.documentElement.scrollWidth") <= width
        assert found.said == []


def colours(found: Opened) -> tuple[str, str]:
    """The colours of paper and of a text in a chart."""
    return (
        found.value("getComputedStyle(document.body).backgroundColor"),
        found.value("getComputedStyle(document.querySelector('.chart svg .role-axis-label text')).fill"),
    )


def test_light_dark_and_paper_have_their_own_colours(browser: Browser, plan_file: Path) -> None:
    with opened(browser, plan_file) as found:
        light = colours(found)
    with opened(browser, plan_file, scheme="dark") as found:
        dark = colours(found)
        found.page.emulate_media(media="print")
        paper = colours(found)

    assert light == ("rgb(255, 255, 255)", "rgb(27, 31, 36)")
    assert dark == ("rgb(20, 24, 29)", "rgb(230, 237, 243)")
    assert paper == light


def test_on_paper_short_tables_are_open_and_the_form_is_left_out(plan_page: Opened) -> None:
    shown = plan_page.value(
        "(() => { dispatchEvent(new Event('beforeprint'));"
        " return document.querySelectorAll('details.table[open]').length })()"
    )
    plan_page.page.emulate_media(media="print")

    assert shown > 0
    assert plan_page.page.is_visible("#basis .origin code")
    assert not plan_page.page.is_visible("[data-form]")
    assert plan_page.page.pdf()[:5] == b"%PDF-"
    plan_page.value("dispatchEvent(new Event('afterprint'))")
    assert plan_page.value("document.querySelectorAll('details.table[open]').length") == 0


def test_hostile_names_stay_text(browser: Browser, hostile_file: Path) -> None:
    with opened(browser, hostile_file) as found:
        found.page.wait_for_timeout(200)
        text = found.value("document.body.textContent")
        for name in HOSTILE[:4]:
            assert name in text
        assert found.value("document.querySelectorAll('img, body script:not([src]) ~ b').length") == 0
        assert (
            found.value("[...document.querySelectorAll('*')].filter(each => each.onload || each.onerror).length") == 0
        )
        assert found.said == []
        assert found.asked == []


@pytest.fixture(scope="module")
def catalog_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a catalog whose domains have hostile names."""
    names = HOSTILE_IN_CATALOGS
    overview = an_overview(
        dict.fromkeys(names, (100, 80, 60)),
        shared=[overlap_row(a, b, 5) for a in names for b in names if a != b],
        groups=[group_row(2, 2, 9, 90), group_row(3, 3, 4, 50)],
        bad=[bad_row(name, "malformed", 3) for name in names],
        left=[left_out_row(name, "hidden", 3) for name in names],
    )
    file = tmp_path_factory.mktemp("catalog") / "page.html"
    file.write_text(page(None, overview).html, encoding="utf-8")
    return file


def test_a_catalog_with_hostile_names_draws_all_figures_and_runs_nothing(browser: Browser, catalog_file: Path) -> None:
    with opened(browser, catalog_file) as found:
        charts = found.value("[...document.querySelectorAll('[data-chart]')].map(each => each.dataset.chart)")

        assert charts == ["unique", "overlap", "groups", "left-out"]
        assert found.value("document.querySelectorAll('img, iframe, object, embed').length") == 0
        assert "\u202e" not in found.page.content()
        assert found.said == []
        assert found.asked == []


def rows_of(found: Opened) -> str:
    """The outline of the chart of the supply, which changes with its rows."""
    drawn: str = found.value("document.querySelector('[data-chart=supply] svg').outerHTML")
    return drawn


def test_the_form_changes_verdict_and_charts_and_reset_restores_both(plan_page: Opened) -> None:
    page, before = plan_page.page, rows_of(plan_page)
    page.fill("#flops", "1e27")
    page.wait_for_selector("html[data-shows=what-if]", state="attached")

    assert page.inner_text("[data-outcome-verdict]").startswith("By the plan's law, data is the constraint")
    assert page.inner_text("[data-bar-verdict]").startswith("By the plan's law, data is the constraint")
    assert page.is_visible("[data-bar]")
    assert page.is_visible("[data-what-if-note]")
    assert page.inner_text("h1").startswith("Compute is the constraint")
    assert rows_of(plan_page) != before

    page.click("[data-outcome] [data-reset]")
    page.wait_for_selector("html[data-shows=plan]", state="attached")

    assert page.inner_text("[data-outcome-kicker]") == "As planned:"
    assert not page.is_visible("[data-bar]")
    assert rows_of(plan_page) == before
    assert page.input_value("#flops") == "1e25"
    assert plan_page.said == []


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("#flops", "1e24", "1e24"),
        ("#params", "70B", "70.0B"),
        ("#params", "1,000,000,000", "1.00B"),
        ("#epochs-allowed", "4", "4"),
        ("[data-field=unique][data-domain='0']", "1.4T", "1.40T"),
        ("[data-field=share][data-domain='0']", "40%", "40%"),
        ("[data-field=share][data-domain='0']", ".25", "25%"),
    ],
)
def test_fields_take_numbers_as_people_write_them(plan_page: Opened, field: str, typed: str, kept: str) -> None:
    plan_page.page.fill(field, typed)
    plan_page.page.press(field, "Tab")

    assert plan_page.page.input_value(field) == kept
    assert plan_page.page.inner_text("[data-message]") == ""


@pytest.mark.parametrize(
    ("field", "typed"),
    [("#flops", "much"), ("#flops", "-1"), ("#flops", "3X"), ("[data-field=share][data-domain='0']", "140%")],
)
def test_what_is_not_a_number_is_said_and_changes_nothing(plan_page: Opened, field: str, typed: str) -> None:
    page = plan_page.page
    page.fill(field, typed)
    page.press(field, "Tab")
    page.wait_for_selector("[data-message]:not(:empty)")
    message = page.inner_text("[data-message]")

    assert typed.rstrip("%") in message or "unit" in message
    assert plan_page.value(
        f"document.querySelector(`{field}`).closest('.control').contains(document.getElementById('message'))"
    )
    assert page.get_attribute(field, "aria-invalid") == "true"
    assert page.input_value(field) == typed
    assert page.inner_text("[data-outcome-kicker]") == "As planned:"

    page.click("[data-outcome] [data-reset]")

    assert page.inner_text("[data-message]") == ""
    assert page.get_attribute(field, "aria-invalid") is None
    assert page.input_value(field) != typed


@pytest.mark.parametrize("typed", ["1e9", "1e37", "1e999"])
def test_a_budget_that_no_training_run_has_is_refused(plan_page: Opened, typed: str) -> None:
    plan_page.page.fill("#flops", typed)

    assert plan_page.page.get_attribute("#flops", "aria-invalid") == "true"
    assert plan_page.page.inner_text("[data-outcome-kicker]") == "As planned:"


def words(found: Opened) -> list[str]:
    """All words of the page but those of charts, whose marks may have another order, and the values of fields."""
    said: list[str] = found.value(
        "[...document.querySelectorAll('body *')].filter(each => !each.closest('.chart, script'))"
        ".map(each => each.value ?? [...each.childNodes].filter(node => node.nodeType === 3)"
        ".map(node => node.textContent).join('')).concat(document.querySelector('.outcome').className)"
    )
    return said


def test_reset_brings_back_every_word(plan_page: Opened) -> None:
    page = plan_page.page
    page.wait_for_selector("[data-outcome-read]:empty", state="attached")  # what another test did is read out
    before = words(plan_page)
    for field, typed in (("#flops", "1e28"), ("#params", "7B"), ("#epochs-allowed", "2"), ("#share-1", "60%")):
        page.fill(field, typed)
    page.fill("#unique-0", "much")
    page.wait_for_selector("html[data-shows=what-if]", state="attached")
    page.click("[data-outcome] [data-reset]")
    page.wait_for_selector("html[data-shows=plan]", state="attached")
    page.wait_for_selector("[data-outcome-read]:not(:empty)", state="attached")
    page.wait_for_selector("[data-outcome-read]:empty", state="attached")

    assert words(plan_page) == before


def test_the_plan_has_one_verdict(plan_page: Opened) -> None:
    assert plan_page.page.inner_text("[data-outcome-verdict]") == plan_page.page.inner_text("h1")
    assert plan_page.page.inner_text("[data-outcome-cautions]") == ""


def outcome(found: Opened, **typed: str) -> tuple[str, str, dict[str, str]]:
    """The verdict of a what-if, what speaks against it, and its numbers, once fields (by id) are filled."""
    for field, text in typed.items():
        found.page.fill(f"#{field}", text)
    found.page.wait_for_selector("html[data-shows=what-if]", state="attached")
    found.page.wait_for_timeout(50)  # a frame, in which the outcome is written
    rows = found.value(
        "[...document.querySelectorAll('[data-outcome-rows] tr')]"
        ".map(row => [row.cells[0].textContent, row.cells[2].textContent])"
    )
    return found.page.inner_text("[data-outcome-verdict]"), found.page.inner_text("[data-outcome-cautions]"), dict(rows)


def test_a_what_if_claims_no_certainty(plan_page: Opened) -> None:
    verdict, cautions, _ = outcome(plan_page, flops="2e25")

    assert verdict == "By the plan's law, compute is the constraint, not data."
    assert cautions.startswith("How certain this is has not been computed.")


def test_beyond_many_epochs_a_what_if_has_ranges(plan_page: Opened) -> None:
    verdict, cautions, numbers = outcome(plan_page, flops="1e27")

    assert "(more than 16 epochs)" in verdict
    assert "sources disagree" in cautions
    assert " to " in numbers["Parameters"]
    assert " to " in numbers["Tokens"]
    assert numbers["Most epochs"] == "> 16"


def test_where_compute_no_longer_helps_a_what_if_advises_no_size(plan_page: Opened) -> None:
    verdict, cautions, numbers = outcome(plan_page, flops="1e30")

    assert verdict.startswith("By the plan's law, data is the constraint in every domain (more than 16 epochs)")
    assert "More compute no longer helps." in cautions
    assert numbers["Parameters"] == numbers["Tokens"] == "none advised"
    assert plan_page.page.get_attribute("#params", "placeholder") == "none advised"


def test_a_what_if_says_which_bounds_and_laws_speak_against_it(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, budget={"flops": 1e25}, law="grattafiori2024")) as found:
        assert "laws say otherwise" in outcome(found, params="70B")[1]
        found.page.click("[data-outcome] [data-reset]")
        assert (
            "With the supply at its low bounds, data would be the constraint."
            in outcome(found, **{"epochs-allowed": "1"})[1]
        )
        assert found.said == []


def test_a_planned_range_is_that_of_the_plan(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, written(tmp_path, budget={"flops": 7.9e19}, supply={"web": 4e8})) as found:
        size = found.value("document.querySelectorAll('[data-outcome-rows] tr')[2].cells[1].textContent")

        assert f"Train {size} parameters on" in found.page.inner_text(".lead")


def test_a_change_is_read_out_once_it_is_over(plan_page: Opened) -> None:
    said = (
        "new Promise(done => { const texts = []; const place = document.querySelector('[data-outcome-read]');"
        " new MutationObserver(() => place.textContent && texts.push(place.textContent))"
        ".observe(place, {childList: true});"
        " const slider = document.querySelector('[data-slider=flops]');"
        " for (let step = 1; step <= 20; step++) setTimeout(() => { slider.value = 25 + step / 10;"
        " slider.dispatchEvent(new Event('input', {bubbles: true})) }, 10 * step);"
        " setTimeout(() => done(texts), 2500) })"
    )
    texts = plan_page.value(said)

    assert texts == [plan_page.page.inner_text("[data-outcome-verdict]")]
    assert plan_page.page.get_attribute("[data-slider=flops]", "aria-valuetext") == plan_page.page.input_value("#flops")


def test_the_script_silences_nothing(plan_page: Opened) -> None:
    plan_page.value("console.warn('heard')")

    assert plan_page.said == ["heard"]
    plan_page.said.clear()


@pytest.mark.parametrize(
    "options",
    [
        {"budget": {"flops": 1e25}},
        {"budget": {"flops": 1e25}, "law": "grattafiori2024"},
        {"budget": {"flops": 7.9e19}, "supply": {"web": 4e8}},
        {"budget": {"params": 70e9, "tokens": 1.4e12}, "supply": {f"domain {at}": 1e9 * (at + 1) for at in range(50)}},
    ],
    ids=["published", "frontier", "far beyond the data", "many domains"],
)
def test_charts_write_no_warning(browser: Browser, tmp_path: Path, options: dict[str, Any]) -> None:
    with opened(browser, written(tmp_path, **options)) as found:
        found.page.fill("#flops", "1e30")
        found.page.wait_for_selector("html[data-shows=what-if]", state="attached")

        assert found.said == []
        assert found.asked == []


def test_shares_always_sum_to_one(plan_page: Opened) -> None:
    for share in ("100%", "0%", "55%"):
        plan_page.page.fill("[data-field=share][data-domain='0']", share)
        plan_page.page.press("[data-field=share][data-domain='0']", "Tab")
        texts = plan_page.value("[...document.querySelectorAll('[data-field=share]')].map(each => each.value)")

        assert sum(float(text.rstrip("%")) for text in texts) == pytest.approx(100, abs=0.2)


def test_the_keyboard_reaches_every_control(plan_page: Opened) -> None:
    reached = set()
    total = plan_page.value(
        "(() => { let n = 0; for (const each of document.querySelectorAll("
        "'a[href], summary, button:not(:disabled), input, [tabindex=\"0\"]')) "
        "if (each.checkVisibility()) each.dataset.at = n++; return n })()"
    )
    for _ in range(total + 3):  # the first may leave the tools of the browser
        plan_page.page.keyboard.press("Tab")
        reached.add(plan_page.value("document.activeElement.dataset.at"))

    assert len(reached - {None}) == total


def test_a_slider_moves_by_keys(plan_page: Opened) -> None:
    plan_page.page.focus("[data-slider=flops]")
    plan_page.page.keyboard.press("PageUp")
    plan_page.page.wait_for_selector("html[data-shows=what-if]", state="attached")

    assert plan_page.page.input_value("#flops") != "1e25"


FACTS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "one h1": ("document.querySelectorAll('h1').length", lambda found: found == 1),
    "headings in order": (
        "[...document.querySelectorAll('h1, h2, h3, h4')].map(each => Number(each.tagName[1]))",
        lambda levels: all(after - before <= 1 for before, after in pairwise(levels)),
    ),
    "a label of each field": (
        "[...document.querySelectorAll('input')].filter(each => !each.labels.length && !each.ariaLabel).length",
        lambda found: found == 0,
    ),
    "a table of each chart": (
        "document.querySelectorAll('figure:has([data-chart]):not(:has(table))').length",
        lambda found: found == 0,
    ),
    "a description of each chart": (
        (
            "[...document.querySelectorAll('[role=img]')].filter(each => "
            "!document.getElementById(each.getAttribute('aria-describedby'))).length"
        ),
        lambda found: found == 0,
    ),
    "no id twice": (
        (
            "(() => { const ids = [...document.querySelectorAll('body [id]')].filter(each => !each.closest('svg'))"
            ".map(each => each.id); return ids.length - new Set(ids).size })()"
        ),
        lambda found: found == 0,
    ),
    "only the whole chart is described": (
        "document.querySelectorAll('.chart svg .mark-group [aria-label]').length",
        lambda found: found == 0,
    ),
    "a language": ("document.documentElement.lang", lambda found: found == "en"),
}


@pytest.mark.parametrize("fact", FACTS)
def test_it_can_be_read_without_seeing_it(plan_page: Opened, fact: str) -> None:
    expression, holds = FACTS[fact]
    found = plan_page.value(expression)

    assert holds(found), found


def test_what_made_a_figure_is_copied_or_selected(plan_page: Opened) -> None:
    plan_page.value("document.querySelector('#basis details.origin').open = true")
    plan_page.page.click("#basis [data-copy]")

    assert plan_page.value("getSelection().toString()").startswith("tokaudit plan --flops 1e+25 ")
    assert plan_page.page.inner_text("#basis [data-copy]") in {"Copied", "Selected: press Ctrl+C"}
