"""Kinds of values: what each takes, and the form in which it goes on."""

import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.units import parse_count
from tokaudit.planning.audit_file.kinds import (
    BY_DOMAIN,
    ENTRIES,
    FIELDS,
    FLAG,
    NUMBER,
    NUMBER_OR_BY_DOMAIN,
    PATHS,
    SHARE,
    SIZE,
    STAGES,
    TEXT,
    TEXTS,
    Kind,
    choice,
    whole,
)

ANY: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    " ",
    "a\0b",
    [],
    [1],
    {},
    {"a": []},
    date(2026, 1, 1),
    math.nan,
    math.inf,
    16**900,
]


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        (TEXT, {"a b": "a b"}),
        (TEXTS, {"a": ("a",)}),
        (PATHS, {"a": ("a",)}),
        (NUMBER, {"1.4T": "1.4T"}),
        (SIZE, {"8GiB": "8GiB"}),
        (SHARE, {"40%": "40%", "0.4": "0.4"}),
        (BY_DOMAIN, {"web=1T,code=2T": "web=1T,code=2T"}),
        (NUMBER_OR_BY_DOMAIN, {"4,code=2": "4,code=2"}),
        (STAGES, {"a 100% web=1": ("a 100% web=1",)}),
        (ENTRIES, {"record=8MiB": ("record=8MiB",)}),
        (choice(("stop", "skip")), {"skip": "skip"}),
    ],
)
def test_text_is_taken_as_the_option_takes_it(kind: Kind, taken: dict[str, Any]) -> None:
    assert {text: kind.read(text) for text in taken} == taken


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        (TEXTS, ["a", "b"], ("a", "b")),
        (FLAG, False, False),
        (whole(9), 9, 9),
        (SHARE, 0.4, "0.4"),
        (FIELDS, {"a": "b"}, {"a": "b"}),
        (ENTRIES, {"record": "8MiB", "ratio": 100}, ("record=8MiB", "ratio=100")),
        (BY_DOMAIN, {"a, b = c": "2T", "code": 4e11}, {"a, b = c": "2T", "code": "4e11"}),
        (NUMBER_OR_BY_DOMAIN, {"code": 2}, {"code": "2"}),
        (NUMBER_OR_BY_DOMAIN, 4, "4"),
        (STAGES, ["a 1% web=1", {"stage": "b", "share": 0.99}], ("a 1% web=1", {"stage": "b", "share": "0.99"})),
        (STAGES, {"stage": "b", "mixture": {"a,b": 1}}, ({"stage": "b", "mixture": {"a,b": "1"}},)),
    ],
)
def test_values_go_on_in_one_form(kind: Kind, value: Any, read: Any) -> None:
    assert kind.read(value) == read


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        (TEXT, ANY),
        (TEXTS, [each for each in ANY if each != []]),
        (PATHS, ANY),
        (FLAG, [each for each in ANY if each is not True]),
        (whole(9), [*ANY, 10, 1.0, "1"]),
        (NUMBER, [None, True, "", " ", [], {}, math.nan, math.inf, 16**900]),
        (SIZE, [*ANY, "8", "big"]),
        (SHARE, [None, False, True, -1, 1.5, "", "41", "x", [], {}, math.nan, math.inf, 16**900]),
        (FIELDS, [each for each in ANY if each != {}]),
        (ENTRIES, [*(each for each in ANY if each not in ([], {})), {"a,b": 1}, {"a": "b=c"}]),
        (BY_DOMAIN, [*ANY, {"": 1}, {"a\0": 1}, {"a\n": 1}, {"a": True}, {"a": 1, "b": []}]),
        (NUMBER_OR_BY_DOMAIN, [None, True, "", " ", [], {}, {"": 1}, math.nan, math.inf, 16**900]),
        (STAGES, [each for each in ANY if each not in ([], {})]),
        (STAGES, [{"stage": 1}, {"tokens": True}, {"mixture": {"": 1}}, {"mixture": 1}]),
        (choice(("stop", "skip")), [*ANY, "Stop"]),
    ],
    ids=lambda each: each.what if isinstance(each, Kind) else "",
)
def test_other_values_are_refused_in_words(kind: Kind, refused: list[Any]) -> None:
    assert [each for each in refused if kind.read(each) is not None] == []
    for each in refused:
        assert kind.fault(each).endswith(f" must be {kind.what}, such as {kind.example}")
        assert len(kind.fault(each)) < 200


@given(st.floats(min_value=1e-9, max_value=1e30) | st.integers(min_value=1, max_value=2**62))
def test_a_bare_number_is_read_as_the_same_number(number: float) -> None:
    assert parse_count(NUMBER.read(number)) == float(number)
