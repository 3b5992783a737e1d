"""Arguments of Python as options."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tokaudit.api.arguments import check_texts, flag, parameter, text, texts
from tokaudit.core.errors import UsageError


def test_paths_are_texts_too() -> None:
    assert text(Path("a/b"), "x") == "a/b"
    assert texts([Path("a"), "b"], "x") == ("a", "b")
    assert [texts(value, "x") for value in (None, "a", ())] == [(), ("a",), ()]


def test_what_is_not_text_is_refused_by_name() -> None:
    check_texts(law="x", where=None)
    with pytest.raises(UsageError, match=r"^where: 5 is not a text$"):
        check_texts(law="x", where=5)


@pytest.mark.parametrize(("value", "expected"), [(np.float64(0.5), float), (np.bool_(True), bool), ("a", str)])
def test_parameters_of_numpy_become_those_of_python(value: Any, expected: type) -> None:
    assert type(parameter(value)) is expected


@pytest.mark.parametrize("value", [True, False, np.bool_(True), np.bool_(False)])
def test_a_flag_is_true_or_false(value: Any) -> None:
    assert flag(value, "x") is bool(value)


@pytest.mark.parametrize("wrong", ["no", "", 0, 1, None, []])
def test_a_flag_is_nothing_else(wrong: Any) -> None:
    with pytest.raises(UsageError, match=r"^force: .* is neither True nor False$"):
        flag(wrong, "force")
