"""Keys of results differ wherever something is given that differs."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from tokaudit.core.stage_key import stage_key

GIVEN: list[tuple[Any, ...]] = [
    ("a",),
    ("b",),
    ("a", 1),
    ("a", "1"),
    ("a", None),
    ("a", [1]),
    ("a", [1, 2]),
    ("a", [[1], 2]),
    ("a", np.array([1, 3])),
    ("a", {"x": 1}),
]


def test_different_things_have_different_keys() -> None:
    assert all(stage_key(*a) != stage_key(*b) for a, b in combinations(GIVEN, 2))


def test_equal_things_have_equal_keys() -> None:
    assert stage_key("a", np.arange(3), {"x": 1, "y": 2}) == stage_key("a", [0, 1, 2], {"y": 2, "x": 1})
    assert set(stage_key("a")) <= set("0123456789abcdef")


def test_another_version_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = stage_key("a", 1)
    monkeypatch.setattr("tokaudit.core.stage_key.__version__", "another")

    assert stage_key("a", 1) != before
