"""Which exceptions are turned into ForeignError, and which pass through."""

import pytest

from tokaudit.measure.tokenizers.foreign_errors import ForeignError, foreign_errors


class PanicException(BaseException):
    """Stands in for pyo3's exception."""


def test_a_panic_becomes_an_error_with_its_first_line() -> None:
    with pytest.raises(ForeignError, match=r"^PanicException: index out of bounds$"), foreign_errors():
        raise PanicException("index out of bounds\n\nLocation: src/lib.rs")


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError])
def test_exceptions_that_mean_stop_pass_through(stop: type[BaseException]) -> None:
    with pytest.raises(stop), foreign_errors():
        raise stop
