"""The small catalog, asked at the command line."""

import pytest
from made.samples import Counted, Done, Run


@pytest.fixture
def ask(run: Run, counted: Counted) -> Run:
    """A command on the small catalog."""

    def call(*arguments: object, code: int = 0) -> Done:
        return run("--catalog", counted.catalog, *arguments, code=code)

    return call
