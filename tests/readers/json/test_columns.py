"""Lines read many at once give exactly what orjson gives for each, or nothing."""

import json
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tokaudit.core.types import Int64
from tokaudit.readers.fields.record_paths import as_label, find
from tokaudit.readers.json.columns import JsonColumns

LABELS = {"label": "meta.label", "kind": "kind"}

NAMES = st.sampled_from(["text", "meta", "label", "kind", "n", "", "meta.label", "te\\u0078t", "\ud83d"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("\udc00"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=4,
)
RECORDS = st.fixed_dictionaries(
    {"text": st.text(max_size=8)},
    optional={"meta": st.dictionaries(NAMES, VALUES, max_size=2), "kind": VALUES, "n": VALUES, "m": VALUES},
)
RAW = st.sampled_from(
    [b"NaN", b"Infinity", b"-Inf", b"9" * 400, b"1e999", b"01", b"[" * 2000, b"\xff", b"\xed\xa0\x80", b"\\ud83d"]
    + [
        b'"text":"b"',
        b'"te\\u0078t":"b",',
        b"}\n{",
        b"}{",
        b",",
        b"\n",
        b"\r",
        b" ",
        b"{}",
        b"null",
        b"\0",
        b'"',
        b"\\",
    ]
)


def read(columns: JsonColumns, data: bytes) -> list[tuple[str, dict[str, str | None]]] | None:
    """The text and labels of each line; None if they are not read at once."""
    spans = lines_of(data)
    found = columns.read(memoryview(data), spans[:, 0], spans[:, 1])
    if found is None:
        return None
    text, labels = found
    text.validate(full=True)
    assert all(values.type == pa.string() for values in labels.values())
    each = [dict(zip(labels, row, strict=True)) for row in zip(*(v.to_pylist() for v in labels.values()), strict=True)]
    return list(zip(text.to_pylist(), each, strict=True))


def lines_of(data: bytes) -> Int64:
    ends = np.cumsum([len(line) + 1 for line in data.removesuffix(b"\n").split(b"\n")]) - 1
    return np.column_stack([np.concatenate([[0], ends[:-1] + 1]), ends])


def one_by_one(data: bytes) -> list[tuple[str, dict[str, str | None]]]:
    records = [orjson.loads(line) for line in data.removesuffix(b"\n").split(b"\n")]
    assert all(isinstance(record["text"], str) for record in records)
    return [
        (record["text"], {name: as_label(find(record, field)) for name, field in LABELS.items()}) for record in records
    ]


def parsed(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


@pytest.mark.slow
@settings(max_examples=250, deadline=None)
@given(records=st.lists(RECORDS, min_size=1, max_size=4), data=st.data())
def test_reading_at_once_equals_reading_one_by_one(records: list[dict[str, Any]], data: st.DataObject) -> None:
    columns = JsonColumns("text", LABELS)
    lines = bytearray(b"\n".join(json.dumps(record).encode() for record in records))
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(lines)))
        lines[place : place + data.draw(st.integers(0, 4))] = data.draw(RAW)
    tame = [json.dumps(record).replace("NaN", "0").replace("Infinity", "0").encode() for record in records]
    columns.learn([record for line in [*bytes(lines).split(b"\n"), *tame] if isinstance(record := parsed(line), dict)])

    found = read(columns, bytes(lines))

    event("one by one" if found is None else "at once")
    assert found is None or found == one_by_one(bytes(lines))


@pytest.mark.parametrize("more", [{}, {"n": 1, "z": None, "l": [1, 2.5], "meta": {"label": "x"}, "kind": "k"}])
@settings(max_examples=50, deadline=None)
@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1), end=st.sampled_from(["\n", "\r\n"])
)
def test_lines_with_known_fields_are_read_at_once(more: dict[str, Any], texts: list[str], end: str) -> None:
    columns = JsonColumns("text", LABELS)
    records = [{"text": text} | more for text in texts]
    data = b"".join(orjson.dumps(record) + end.encode() for record in records)
    if more:
        assert read(columns, data) is None
        columns.learn(records)

    assert read(columns, data) == one_by_one(data)


@pytest.mark.parametrize(
    "line",
    [
        b'{"text":"a","n":NaN}',
        b'{"text":"a","n":-Infinity}',
        b'{"text":"a","n":' + b"9" * 400 + b"}",
        b'{"text":"a","l":[NaN]}',
        b'{"text":"a","o":{"n":Inf}}',
        b'{"text":"a","new":' + b"[" * 2000 + b"]" * 2000 + b"}",
        b'{"text":"a","text":"b"}',
        b'{"text":"a","n":1,"n":2}',
        b'{"text":"a\xff"}',
        b'{"text":"a","s":"\xff"}',
        b'{"text":"a"}{"text":"b"}',
        b'{"text":null}',
        b'{"n":1}',
        b'{"text":1}',
        b'{"text":"a","kind":1}',
        b'{"text":"a"}\n',
        b" " * 3,
    ],
)
def test_one_unusual_line_prevents_reading_at_once(line: bytes) -> None:
    columns = JsonColumns("text", LABELS)
    columns.learn([{"n": 1, "s": "x", "l": [1.5], "o": {"n": 1}}])
    good = b'{"text":"x","n":1,"s":"y","l":[],"o":null}\n'

    assert read(columns, good + good) is not None
    assert read(columns, good + line + b"\n" + good) is None


def test_two_values_on_one_line_are_noticed_despite_one_on_two_lines() -> None:
    columns = JsonColumns("text", LABELS)
    columns.learn([{"o": {"n": 1}}])

    assert read(columns, b'{"text":"a"}{"text":"b"}\n{"text":"c","o":{}\n}\n') is None
    assert read(columns, b'{"text":"a"}{"text":"b"}\n{"text":"c"}\n') is None


def test_reading_at_once_is_given_up_after_repeated_failures() -> None:
    columns = JsonColumns("text", {})
    for _ in range(4):
        assert read(columns, b'{"text":"a","x":1}\n') is None
    columns.learn([{"x": 1}])

    assert read(columns, b'{"text":"a","x":1}\n') is None
