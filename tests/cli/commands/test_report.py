"""``tokaudit report``: the page of a catalog and of a plan, the card, and what is refused."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from made.samples import Counted, Run

pytestmark = pytest.mark.slow

SUPPLY = ("--supply", "web=2T,code=400B")


def page_of(run: Run, *arguments: object) -> tuple[dict[str, object], str]:
    """The JSON of the command, and the page that it wrote."""
    found = run("report", "page.html", "--json", *arguments).json
    return found, Path("page.html").read_text(encoding="utf-8")


def headings(page: str) -> list[str]:
    """The texts of the headings of a page."""
    return re.findall(r"<h[1-3][^>]*>(.*?)</h", page)


def test_without_a_budget_the_page_is_of_what_was_counted(run: Run, counted: Counted) -> None:
    found, page = page_of(run, "--catalog", counted.catalog)

    assert re.match(r"[\d.]+ unique tokens: [\d.]+ % of the tokens seen are duplicates\.", str(found["says"]))
    assert headings(page)[0] == found["says"]
    assert "The text that was counted" in headings(page)
    assert "What if?" not in headings(page)
    assert found["bytes"] == len(page.encode())


def test_with_a_budget_it_begins_with_the_verdict(run: Run, counted: Counted) -> None:
    found, page = page_of(run, "--catalog", counted.catalog, "--flops", "1e20")
    verdict = run("plan", "--catalog", counted.catalog, "--flops", "1e20").out.split(".")[0]

    assert str(found["says"]).startswith(" ".join(verdict.split()))
    assert headings(page)[0] == found["says"]
    assert {"What if?", "The run and its data", "The text that was counted"} <= set(headings(page))


def test_a_plan_needs_no_catalog(run: Run) -> None:
    found, page = page_of(run, "--catalog", "none.duckdb", "--flops", "1e24", *SUPPLY)

    assert found["says"] == "Compute is the constraint, not data, with shares in proportion to the supply."
    assert "The text that was counted" not in headings(page)


def test_without_catalog_and_budget_it_says_what_to_do(run: Run) -> None:
    done = run("report", "page.html", "--catalog", "none.duckdb", code=4)

    assert "or give a budget such as --flops 1e24" in done.err
    assert not Path("page.html").exists()


def test_options_of_a_plan_without_a_budget_are_refused(run: Run) -> None:
    assert "a plan needs one budget" in run("report", "page.html", *SUPPLY, code=2).err


def test_a_file_is_overwritten_only_with_force(run: Run, counted: Counted) -> None:
    Path("page.html").write_text("mine")

    assert "exists already; pass --force" in run("report", "page.html", "--catalog", counted.catalog, code=2).err
    assert Path("page.html").read_text() == "mine"
    run("report", "page.html", "--catalog", counted.catalog, "--force")
    assert Path("page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_people_read_the_first_sentence_and_the_size(run: Run, counted: Counted) -> None:
    out = run("report", "page.html", "--catalog", counted.catalog).out

    assert "are duplicates." in out.splitlines()[0]
    assert re.search(r"page\.html +\d+ kB", out)


def test_a_page_needs_a_name(run: Run) -> None:
    assert "name the page to write" in run("report", code=2).err


def test_the_card_goes_to_stdout_or_to_a_file(run: Run, counted: Counted) -> None:
    card = run("report", "--card", "--catalog", counted.catalog).out
    assert card.startswith("---\n")
    assert run("report", "--card", "card.md", "--json", "--catalog", counted.catalog).json["file"] == "card.md"
    assert Path("card.md").read_text(encoding="utf-8") == card
    assert "pass --force" in run("report", "--card", "card.md", "--catalog", counted.catalog, code=2).err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("page.html", "--card", "card.md"), "leave out one of them"),
        (("--card", "card.md", "--flops", "1e24"), "leave out the options of a plan"),
    ],
)
def test_a_card_is_of_what_was_counted_alone(
    run: Run, counted: Counted, arguments: tuple[str, ...], message: str
) -> None:
    assert message in run("report", *arguments, "--catalog", counted.catalog, code=2).err


def test_plan_also_writes_a_page(run: Run, counted: Counted) -> None:
    run("plan", "--flops", "1e20", "--catalog", counted.catalog, "--html", "measured.html")
    run("plan", "--flops", "1e20", "--catalog", counted.catalog, *SUPPLY, "--html", "stated.html")

    measured, stated = (Path(f"{name}.html").read_text(encoding="utf-8") for name in ("measured", "stated"))
    assert "The text that was counted" in headings(measured)
    assert "The text that was counted" not in headings(stated)
    assert "pass --force" in run("plan", "--flops", "1e20", *SUPPLY, "--html", "stated.html", code=2).err


def test_the_same_catalog_and_plan_give_the_same_bytes_in_another_process(counted: Counted, tmp_path: Path) -> None:
    pages = []
    for name in ("first.html", "second.html"):
        given = ["report", str(tmp_path / name), "--catalog", str(counted.catalog), "--flops", "1e20", "-q"]
        subprocess.run([sys.executable, "-m", "tokaudit", *given], check=True, capture_output=True, cwd=tmp_path)
        pages.append((tmp_path / name).read_bytes())

    assert pages[0] == pages[1]
    assert len(pages[0]) < 2_000_000
