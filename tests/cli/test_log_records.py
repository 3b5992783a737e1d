"""Log records on stderr."""

import logging
import warnings

import pytest

from tokaudit.cli.log_records import records_written
from tokaudit.core.logs import logger


def written(*, verbose: bool, debug: bool) -> list[str]:
    """What is written of records of this library, of another, and of Python."""
    said: list[str] = []
    with records_written(lambda level, name, text: said.append(f"{level} {name}: {text}"), lambda: (verbose, debug)):
        logger("tokaudit.core.cache").debug("a detail")
        logger("tokaudit.core.cache").info("%s and %s", "one", "two")
        logging.getLogger("tokauditor").warning("of another program")
        logging.getLogger("s3fs").info("a detail")
        logging.getLogger("s3fs").warning("a fault")
        warnings.warn("use something else", UserWarning, stacklevel=1)
    return said


def test_no_record_is_seen_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert written(verbose=False, debug=False) == []
    assert capsys.readouterr() == ("", "")


def test_verbose_shows_the_records_of_tokaudit_alone() -> None:
    assert written(verbose=True, debug=False) == ["info tokaudit.core.cache: one and two"]


def test_debug_shows_each_record_once_and_warnings_of_others() -> None:
    said = written(verbose=True, debug=True)

    assert said[:4] == [
        "debug tokaudit.core.cache: a detail",
        "info tokaudit.core.cache: one and two",
        "warning tokauditor: of another program",
        "warning s3fs: a fault",
    ]
    assert len(said) == 5
    assert said[4].startswith("warning py.warnings: ")
    assert "use something else" in said[4]


def test_a_record_whose_arguments_do_not_fit_is_written_as_it_is() -> None:
    said: list[str] = []
    with records_written(lambda *record: said.append(record[2]), lambda: (True, True)):
        logging.getLogger().handlers[-1].handle(logging.LogRecord("s3fs", 30, "x.py", 1, "%d faults", ("x",), None))

    assert said == ["%d faults"]


def test_logging_is_as_before_afterwards() -> None:
    own, root, show = logging.getLogger("tokaudit"), logging.getLogger(), warnings.showwarning
    before = (own.level, own.handlers[:], root.level, root.handlers[:])
    written(verbose=True, debug=True)

    assert (own.level, own.handlers, root.level, root.handlers) == before
    assert warnings.showwarning is show
