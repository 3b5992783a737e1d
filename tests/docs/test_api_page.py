"""The page of the Python interface is what signatures and docstrings say now."""

import re

import pytest
from made.api_page import WIDTH, api_page
from made.documents import PACKAGE, blocks, text_of

import tokaudit

PAGE = PACKAGE / "guide" / "api.md"


@pytest.mark.slow
def test_the_page_is_that_of_the_docstrings(request: pytest.FixtureRequest) -> None:
    page = api_page()
    if request.config.getoption("write_docs"):
        PAGE.write_text(page, encoding="utf-8")

    assert text_of(PAGE) == page, "write it anew: pytest -n 0 tests/docs --write-docs"


def test_the_page_describes_every_public_name() -> None:
    headings = re.findall(r"^## tokaudit\.(\w+)$", text_of(PAGE), re.MULTILINE)

    assert headings == [name for name in tokaudit.__all__ if name != "__version__"]


def test_signatures_fit_a_terminal_and_name_no_constants() -> None:
    lines = [line for block in blocks(text_of(PAGE), "text") for line in block.splitlines()]

    assert [line for line in lines if len(line) > WIDTH] == []
    assert [line for line in lines if re.search(r"= [A-Z]{2}", line)] == []


@pytest.mark.parametrize("function", ["plan", "fit", "forecast", "Catalog.ingest"])
def test_each_argument_of_a_function_is_explained(function: str) -> None:
    part = text_of(PAGE).partition(f"# tokaudit.{function}\n")[2].partition("\n#")[0]
    arguments = re.findall(r"^    (\w+):", blocks(part, "text")[0], re.MULTILINE)

    assert len(arguments) > 8
    assert [name for name in arguments if f"\n* `{name}`: " not in part] == []
