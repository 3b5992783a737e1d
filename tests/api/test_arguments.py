"""Arguments of Python as options."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tokaudit.api.arguments import parameter, text, texts, whole
from tokaudit.core.errors import UsageError


def test_paths_are_texts_too() -> None:
    assert text(Path("a/b"), "x") == "a/b"
    assert texts([Path("a"), "b"], "x") == ("a", "b")
    assert [texts(value, "x") for value in (None, "a", ())] == [(), ("a",), ()]


def test_whole_numbers_may_be_of_numpy_and_have_bounds() -> None:
    assert whole(np.int64(3), "x", 1, 3) == 3
    for wrong in (0, 4, "3", 3.0, True, None):
        with pytest.raises(UsageError, match=r"x: .* is not a whole number from 1 to 3"):
            whole(wrong, "x", 1, 3)


@pytest.mark.parametrize(("value", "expected"), [(np.float64(0.5), float), (np.bool_(True), bool), ("a", str)])
def test_parameters_of_numpy_become_those_of_python(value: Any, expected: type) -> None:
    assert type(parameter(value)) is expected
