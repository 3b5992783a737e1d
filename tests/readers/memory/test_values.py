"""Single values of rows in memory."""

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd

from tokaudit.readers.fields.record_paths import NOT_A_LIST
from tokaudit.readers.memory.values import plain, written_label, written_text


def test_arrays_and_missing_values_become_plain_however_deep() -> None:
    deep = {"a": np.array([1, 2]), "b": [pd.NA, float("nan"), {"c": pd.NaT}], "d": (np.float32(0.5),)}

    assert plain(deep) == {"a": [1, 2], "b": [None, None, {"c": None}], "d": [0.5]}


def test_a_text_is_itself_and_all_else_is_of_its_kind() -> None:
    assert [written_text(value) for value in ("a", np.str_("b"), None, pd.NA, True, 7, 7.5)] == [
        *("a", "b", None, None, True, 0, 0)
    ]
    assert [written_text(value) for value in (["a"], NOT_A_LIST, {"a": 1}, date(2020, 1, 1))] == [[], [], {}, {}]


def test_a_label_is_the_text_that_a_file_would_have() -> None:
    labels = [written_label(value) for value in ("a", 3, Decimal("1.50"), date(2020, 1, 1), None, [object], object())]

    assert labels[:5] == ["a", "3", "1.50", "2020-01-01", None]
    assert labels[5] is not None
    assert written_label({1: {2, 3}}) is not None
    assert written_label(10**30) is None
