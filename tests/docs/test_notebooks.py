"""Notebooks of the guide run, print what they are stored with, and are chapters, too."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from made.documents import text_of
from made.notebooks import NOTEBOOKS, as_markdown, executed, outputs


def stored(notebook: Path) -> Any:
    return nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[each.stem for each in NOTEBOOKS])
def test_a_notebook_prints_what_it_is_stored_with(
    notebook: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = executed(notebook, tmp_path)
    if request.config.getoption("write_docs"):
        nbformat.write(found, notebook)  # type: ignore[no-untyped-call]
        notebook.with_suffix(".md").write_text(as_markdown(found), encoding="utf-8")
    kinds = {kind for cell in outputs(found) for kind, _ in cell}

    assert kinds == {"value", "stream stdout"}
    assert outputs(found) == outputs(stored(notebook)), "write it anew: pytest -n 0 tests/docs --write-docs"


def test_the_notebook_of_the_guide_is_found() -> None:
    assert [each.stem for each in NOTEBOOKS] == ["notebook"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[each.stem for each in NOTEBOOKS])
def test_a_notebook_and_its_chapter_are_the_same(notebook: Path) -> None:
    assert text_of(notebook.with_suffix(".md")) == as_markdown(stored(notebook))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[each.stem for each in NOTEBOOKS])
def test_frames_and_plans_are_stored_as_html_without_paths(notebook: Path) -> None:
    html = [
        output.data["text/html"]
        for cell in stored(notebook).cells
        for output in cell.get("outputs", ())
        if "text/html" in output.get("data", {})
    ]

    assert any("Data is the constraint" in each for each in html)
    assert any('class="dataframe"' in each for each in html)
    assert not any("/tmp" in each or "<script" in each for each in html)  # noqa: S108 - it is searched for
