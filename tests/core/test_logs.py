"""The loggers of the library."""

import subprocess
import sys

import pytest

from tokaudit.core.logs import logger

UNHEARD = """
from tokaudit.core.logs import logger
logger("tokaudit.audit.answers").warning("nobody asked")
"""


def test_nothing_is_written_if_the_program_asks_for_no_records() -> None:
    done = subprocess.run([sys.executable, "-c", UNHEARD], capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("", "")


def test_a_handler_of_the_package_hears_each_of_its_modules_once(caplog: pytest.LogCaptureFixture) -> None:
    logger("tokaudit.audit.answers").warning("heard")

    assert caplog.record_tuples == [("tokaudit.audit.answers", 30, "heard")]
