"""Chromium without a window, for tests that look at pages or run their scripts."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from playwright.sync_api import Browser, sync_playwright

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
"""Names of the program in Debian, Ubuntu and Google's packages."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser. Without one, tests skip; they fail if the variable TESTS_BROWSER is ``required``."""
    program = next((found for found in map(shutil.which, _NAMES) if found), None)
    if program is None:
        why = f"there is no {', '.join(_NAMES)}"
        if os.environ.get("TESTS_BROWSER") == "required":
            pytest.fail(why)
        pytest.skip(why)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
