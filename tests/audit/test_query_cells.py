"""Values of SQL on their way through JSON."""

import math
from datetime import timedelta, timezone
from http import HTTPStatus
from typing import Any

import duckdb
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.audit.query_cells import from_cell, is_plain, to_cell

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.decimals(allow_nan=False)
    | st.datetimes()
    | st.datetimes(timezones=st.just(timezone(timedelta(hours=5, minutes=30))))
    | st.dates()
    | st.times()
    | st.timedeltas()
    | st.uuids(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text() | st.integers(), inner),
)


def sent(value: Any) -> Any:
    """The value as another process gets it."""
    return from_cell(orjson.loads(orjson.dumps(to_cell(value))))


@given(VALUES)
def test_a_value_arrives_as_it_is(value: Any) -> None:
    arrived = sent(value)

    assert arrived == value
    assert type(arrived) is type(value)


def test_values_of_every_type_of_duckdb_arrive() -> None:
    with duckdb.connect() as connection:
        asked = connection.execute("from test_all_types()")
        types = [str(column[1]) for column in asked.description]
        rows = asked.fetchall()

    for row in rows:
        for kind, value in zip(types, row, strict=True):
            assert to_cell(sent(value)) == to_cell(value)
            assert not is_plain(kind) or orjson.loads(orjson.dumps(value)) == value


def test_numbers_that_json_lacks_arrive() -> None:
    assert (sent(math.inf), sent(-math.inf), sent(2**64), sent(-(2**63) - 1)) == (
        math.inf,
        -math.inf,
        2**64,
        -(2**63) - 1,
    )
    assert math.isnan(sent(math.nan))


def test_what_sql_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError, match="is not a value of SQL"):
        to_cell([object()])


def test_an_integer_of_a_subclass_is_sent_as_its_value() -> None:
    assert sent(HTTPStatus.OK) == 200


def test_a_time_that_pandas_lacks_is_null() -> None:
    pandas = pytest.importorskip("pandas")

    assert sent(pandas.NaT) is None
