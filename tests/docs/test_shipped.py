"""What users get: the wheel contains the guide, and the archive of the source what its tests read."""

from importlib.metadata import files

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder
from made.documents import CHAPTERS, ROOT

IN_A_CHECKOUT = (ROOT / "tokaudit").is_dir()
"""Where the source is gone, the package at hand is the wheel itself."""


def in_the_wheel() -> set[str]:
    """Return the files that a wheel of this source contains, or that this wheel contained."""
    if IN_A_CHECKOUT:
        return {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    return {file.as_posix() for file in files("tokaudit") or ()}


def test_the_wheel_contains_every_chapter_of_the_guide() -> None:
    chapters = {f"tokaudit/guide/{chapter.name}" for chapter in CHAPTERS}

    assert len(chapters) > 10
    assert chapters <= in_the_wheel()


def test_the_wheel_contains_the_parts_of_the_page() -> None:
    scripts = ("page.js", "numbers.js", "outcome.js", "form.js")
    names = {f"tokaudit/reports/page/{name}" for name in ("page.html.j2", "page.css", "licences.txt", *scripts)}

    assert names <= in_the_wheel()
    assert IN_A_CHECKOUT or "tokaudit/reports/page/vega.js" in in_the_wheel()


@pytest.mark.skipif(not IN_A_CHECKOUT, reason="the source is gone")
def test_the_source_archive_contains_what_its_tests_read() -> None:
    names = {file.distribution_path for file in SdistBuilder(str(ROOT)).recurse_included_files()}

    assert {".build/hook.py", "tokaudit/reports/page/page.html.j2"} <= names
    assert {"README.md", "CONTRIBUTING.md", ".ci/run", ".github/workflows/ci.yml"} <= names
    assert "tests/docs/test_shipped.py" in names
