"""Figures in the prose of the guide are those that the program computes."""

import re
from typing import Any

import pytest
from made.documents import CHAPTERS, text_of
from made.marked_pages import agreement, marked_pages
from made.samples import Run

from tokaudit.core.extraction import Extraction
from tokaudit.core.page_kind import PageKind
from tokaudit.readers.pages.page_text import page_text

SUPPLY = ["--supply", "web=2T,books=30B,code=400B"]


def chapter(name: str) -> str:
    """Return the text of a chapter, each run of blanks and line breaks as one blank."""
    (found,) = [each for each in CHAPTERS if each.stem == name]
    return " ".join(text_of(found).split())


def short(value: float) -> str:
    """Return a number as the guide writes it: three digits, with a letter up to trillions."""
    for size, letter in ((1e16, ""), (1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"), (1, "")):
        if size <= value:
            digits = f"{value / size:#.3g}".rstrip(".") if size < 1e16 else f"{value:.2e}".replace("e+", "e")
            return f"{digits}{letter}"
    return f"{value:#.3g}"


def planned(run: Run, *arguments: str) -> Any:
    """Return the JSON of a plan on the supply of the chapter."""
    return run("plan", *arguments, *SUPPLY, "--format", "json").json


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1.994e24, "1.99e24"),
        (135.6e9, "136B"),
        (10.28e12, "10.3T"),
        (4.2371, "4.24"),
        (0.7161, "0.716"),
        (14e6, "14.0M"),
    ],
)
def test_numbers_are_written_with_three_digits(value: float, written: str) -> None:
    assert short(value) == written


@pytest.mark.slow
def test_the_largest_model_that_the_supply_feeds(run: Run) -> None:
    enough = planned(run, "--tokens", "2.43T")
    feeds = enough["ceiling"]
    flips = planned(run, "--flops", "1e25")["flips_at"]["flops"]
    best = planned(run, "--flops", "2.67e25")["constrained"]

    for said in (
        f"feeds a compute-optimal model of {short(feeds['params_one_epoch'])} parameters without a repeat",
        f"with {short(feeds['flops_one_epoch'])} FLOPs. Four epochs take {short(feeds['flops_four_epochs'])} FLOPs.",
        f"For 2.43T tokens you have {short(1 / enough['flips_at']['supply_factor'])} times the supply that you need.",
        f"Data becomes the constraint at {short(flips)} FLOPs.",
        f"The best run there has {short(best['params'])} parameters and {short(best['tokens'])} tokens",
        f"tokens, in up to {short(best['epochs'])} epochs.",
        f"It takes {flips / feeds['flops_one_epoch']:.0f} times the compute",
    ):
        assert said in chapter("plans")


@pytest.mark.slow
def test_tokens_of_cl100k_base_in_those_of_the_law(run: Run) -> None:
    given = ["--flops", "1e25", "--supply", "web=2T", "--tokenizer", "cl100k_base", "--format", "json"]
    (web,) = run("plan", *given).json["domains"]

    assert f"2T tokens of cl100k_base are about {web['tokens_unique'] / 1e12:.1f}T of SentencePiece's" in chapter(
        "plans"
    )


@pytest.mark.slow
@pytest.mark.parametrize("added", [["--add", "code=100B"], []], ids=["100B of code", "one epoch of code"])
def test_what_more_code_is_worth(run: Run, added: list[str]) -> None:
    found = planned(run, "--flops", "1e25", "--price-gpu-hour", "2", *added)
    (row,) = [each for each in found["worth"] if each["domain"] == "code"]
    gain, low, high = (f"{short(100 * row[name])} %" for name in ("share_gain", "share_gain_low", "share_gain_high"))

    assert re.search(rf"gain {gain}( of the compute)? \({low} to {high}\)", chapter("plans"))
    for said in (
        f"this run costs {short(found['cost']['run'])}.",
        f"Missing data takes {short(found['cost']['want_of_data'])} of that.",
        f"* {short(row['added_tokens'])} more tokens of code",
        f"{short(row['money'])}, or {short(row['break_even_per_million_tokens'])} per million tokens",
    ):
        assert said in chapter("plans")


@pytest.mark.slow
@pytest.mark.parametrize("arguments", ["", "--demand mixture", "--overtraining 5", "--domain code"])
def test_the_years_of_the_forecast(run: Run, arguments: str) -> None:
    found = run("forecast", *arguments.split(), "--format", "json").json
    years = [found[name] for name in ("year_median", "year_low", "year_high")]

    assert "{:.1f} ({:.1f} to {:.1f})".format(*years) in chapter("forecast")


@pytest.mark.slow
@pytest.mark.parametrize("model", ["villalobos2024", "villalobos2022", "villalobos2022-high-quality"])
def test_the_published_years_and_those_of_the_forecast(run: Run, model: str) -> None:
    rows = run("forecast", "--model", model, "--format", "json").json["published"]
    shown = [row for row in rows if row["published_low"] is not None and row["projection"] != "compute"]

    assert shown
    for row in shown:
        for origin in ("published", "year"):
            years = [row[f"{origin}_{name}"] for name in ("median", "low", "high")]
            written = "{:.1f} ({:.1f} to {:.1f})" if years[0] % 1 else "{:.0f} ({:.0f} to {:.0f})"
            assert written.format(*years) in chapter("forecast")


@pytest.mark.slow
def test_the_stocks_domains_and_back_test_of_the_forecast(run: Run) -> None:
    found = run("forecast", "--format", "json").json
    trillions = "{:.0f}T ({:.0f}T to {:.0f}T)"
    stocks = [trillions.format(*(each[name] / 1e12 for name in ("median", "low", "high"))) for each in found["stocks"]]
    domains = [
        "| {} | {:.1f} ({:.1f} to {:.1f}) |".format(
            each["domain"], each["year_median"], each["year_low"], each["year_high"]
        )
        for each in found["domains"]
    ]
    tested = re.findall(r"\| (20\d\d) \| ([\d.]+)T \| (\d+)T \| (\d+) \|", chapter("forecast"))
    largest = {each["year"]: each for each in sorted(found["backtest"], key=lambda each: each["tokens_total"] or 0)}

    assert [each for each in stocks + domains if each not in chapter("forecast")] == []
    assert len(tested) == 3
    for year, demand, total, percentile in tested:
        row = largest[int(year)]
        assert float(demand) == pytest.approx(row["demand_median"] / 1e12, abs=0.15)
        assert (int(total), int(percentile)) == (row["tokens_total"] / 1e12, round(row["percentile_total"]))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "main_content"), [("tokaudit, main content", True), ("all visible text", False)])
def test_the_table_of_extractors_has_the_measured_figures(name: str, main_content: bool) -> None:
    extraction = Extraction(main_content=main_content)
    found = [
        (page, agreement(page_text(PageKind.HTML, page.html.encode(), None, extraction), page.body))
        for page in marked_pages()
    ]
    with_menus = [each for page, each in found if page.has_navigation]
    figures = [
        f"{sum(getattr(each, figure) for each in pages) / len(pages):.3f}"
        for pages in ([each for _, each in found], with_menus)
        for figure in ("precision", "recall", "f1")
    ]

    assert f"| {name} | {' | '.join(figures)} |" in chapter("crawls")
