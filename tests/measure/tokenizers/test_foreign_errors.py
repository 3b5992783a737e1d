"""What goes through the shield, and what does not."""

import pytest

from tokaudit.measure.tokenizers.foreign_errors import ForeignError, foreign_errors


class PanicException(BaseException):
    """As pyo3 raises it."""


def test_a_panic_becomes_an_error_that_says_its_first_line() -> None:
    with pytest.raises(ForeignError, match=r"^PanicException: index out of bounds$"), foreign_errors():
        raise PanicException("index out of bounds\n\nLocation: src/lib.rs")


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError])
def test_what_means_stop_goes_through(stop: type[BaseException]) -> None:
    with pytest.raises(stop), foreign_errors():
        raise stop
