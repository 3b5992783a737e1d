"""JSON lines: every line is a record, and every fault says where it is."""

import gzip
import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.core.batches import TextBatch
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import jsonl
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.unpack.limits import Limits

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
QUICK = settings(max_examples=60, deadline=None)


def lines(texts: list[str]) -> bytes:
    return b"".join(orjson.dumps({"text": text}) + b"\n" for text in texts)


@QUICK
@given(texts=st.lists(TEXTS), ascii_only=st.booleans(), end=st.sampled_from(["\n", "\r\n", "\n\n", "\n \t\r\n"]))
def test_every_text_has_its_ordinal_and_the_offset_of_its_line(
    stored: Stored, seen: Seen, texts: list[str], ascii_only: bool, end: str
) -> None:
    data = "".join(json.dumps({"text": text}, ensure_ascii=ascii_only) + end for text in texts).encode()

    found = seen(stored("a.jsonl", data), "jsonl")

    assert found.texts == texts
    assert found.ordinals == list(range(len(texts)))
    assert [json.loads(data[offset:].split(b"\n")[0])["text"] for offset in found.offsets] == texts
    assert not found.bad


BLANKS = st.sampled_from([b"\n", b"\r\n", b" \n", b"\t \r\n", b"   \n"])


@QUICK
@given(pieces=st.lists(st.one_of(BLANKS, st.just(b"bad\n"), st.just(b' {"text": "a"}\n'))), step=st.integers(1, 9))
def test_blank_lines_count_in_line_numbers_and_nowhere_else(
    *, stored: Stored, seen: Seen, pieces: list[bytes], step: int
) -> None:
    records = [number for number, piece in enumerate(pieces, 1) if piece.strip()]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tokaudit.readers.formats.jsonl._STEP", step)
        found = seen(stored("a.jsonl", b"".join(pieces)), "jsonl", batch_bytes=20)

    assert [(bad.ordinal, bad.line, bad.offset) for bad in found.bad] == [
        (ordinal, line, sum(map(len, pieces[: line - 1])))
        for ordinal, line in enumerate(records)
        if pieces[line - 1] == b"bad\n"
    ]
    assert len(found.texts) + len(found.bad) == len(records)


@pytest.mark.slow
def test_millions_of_blank_lines_take_no_time(stored: Stored, seen: Seen) -> None:
    file = stored("a.jsonl", b"\n" * 2_000_000 + b" \r\n" * 1_000_000 + lines(["a"]))
    begun = time.process_time()

    assert seen(file, "jsonl").texts == ["a"]

    assert time.process_time() - begun < 5


@QUICK
@given(texts=st.lists(TEXTS), step=st.integers(1, 40), batch=st.integers(1, 100), documents=st.integers(1, 5))
def test_read_and_batch_sizes_change_no_document(
    *, stored: Stored, seen: Seen, texts: list[str], step: int, batch: int, documents: int
) -> None:
    file = stored("a.jsonl", lines(texts))
    whole = seen(file, "jsonl")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tokaudit.readers.unpack.lines._STEP", step)
        found = seen(file, "jsonl", batch_bytes=batch, batch_documents=documents)

    assert (found.texts, found.ordinals, found.offsets) == (whole.texts, whole.ordinals, whole.offsets)
    assert all(len(texts) == 1 or sum(len(t.encode()) for t in texts) <= batch for texts in found.batches)
    assert all(len(texts) <= documents for texts in found.batches)


@QUICK
@given(texts=st.lists(TEXTS, min_size=1), data=st.data())
def test_splitting_a_file_between_lines_changes_no_document(
    stored: Stored, seen: Seen, texts: list[str], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(texts)))

    parts = [seen(stored("a.jsonl", lines(part)), "jsonl") for part in (texts[:cut], texts[cut:])]

    assert parts[0].texts + parts[1].texts == texts


@QUICK
@given(texts=st.lists(TEXTS, min_size=1), data=st.data())
def test_a_cut_file_gives_its_whole_lines_and_at_most_one_bad_record(
    stored: Stored, seen: Seen, texts: list[str], data: st.DataObject
) -> None:
    whole = lines(texts)
    cut = whole[: data.draw(st.integers(0, len(whole)))]

    found = seen(stored("a.jsonl", cut), "jsonl")

    assert found.texts == texts[: len(found.texts)]
    assert (
        len(found.texts) + len(found.bad) == len(cut.splitlines() if cut.isascii() else cut.strip().split(b"\n"))
        or not cut
    )
    assert len(found.bad) <= 1


@QUICK
@given(
    st.lists(
        st.binary(max_size=20) | st.sampled_from([b'{"text":', b'"a"', b"}", b"\n", b"[", b"null"]),
        max_size=30,
    )
)
def test_no_bytes_make_the_reader_raise(stored: Stored, seen: Seen, pieces: list[bytes]) -> None:
    data = b"".join(pieces)

    found = seen(stored("a.jsonl", data), "jsonl")

    records = [line for line in data.split(b"\n") if line.strip(b" \t\r\xef\xbb\xbf")]
    assert found.refused or len(found.texts) + len(found.bad) >= len(records)


@pytest.mark.parametrize(
    ("line", "code", "why"),
    [
        (b'{"text": "a"', "malformed", "is not valid JSON: unexpected end of data at column 13"),
        (b'{"text": "a"} x', "malformed", "contains text after the object, at column 15"),
        (b'{"text": "\xc3\xa9"}{"text": "b"}', "malformed", "contains a second object after the object, at column 14"),
        (b'{"text": "a"}\r{"text": "b"}', "malformed", "contains a second object after the object, at column 15"),
        (b'\xef\xbb\xbf{"text": "a"}', "malformed", "begins with a byte order mark, as if two files had been joined"),
        (b'{"text": "a\0"}', "malformed", "contains a zero byte, which is not text, as byte 12 of the record"),
        (b"\0\0\0", "malformed", "contains a zero byte, which is not text, as byte 1 of the record"),
        (b'{"text": NaN}', "malformed", "contains NaN, which is not JSON, in the field 'text'"),
        (b'{"text": -Infinity}', "malformed", "contains Infinity or a number beyond 64-bit floats, which is not JSON,"),
        (b'{"text": ' + b"9" * 5000 + b"}", "malformed", "or a number beyond 64-bit floats, which is not JSON,"),
        (
            b'{"text": NaN, "n": }',
            "malformed",
            "is not valid JSON: unexpected character, expected a JSON value at column 20",
        ),
        (b'{"text": "a", "n": Inf}', "malformed", "is not valid JSON: "),
        (b'{"text": "a", "n": 1.2.3, "m": NaN}', "malformed", "is not valid JSON: "),
        (b'{"text": "a", NaN: 1}', "malformed", "is not valid JSON: "),
        (b'{"text": "a\xff", "n": NaN}', "encoding", "byte 12 of the record is not valid UTF-8"),
        (b'{"text": "a", "s": "\\ud800", "n": NaN}', "encoding", "contains half a surrogate pair"),
        (b'{"text": "a", "n": [' + b"[" * 10_000 + b"NaN" + b"]" * 10_001 + b"}", "malformed", "depth limit exceeded"),
        (b'["a"]', "malformed", "line 3: is an array, not an object"),
        (b'"a"', "malformed", "line 3: is a string, not an object"),
        (b"null", "malformed", "line 3: is null, not an object"),
        (b"3", "malformed", "line 3: is a number, not an object"),
        (b"[" * 5000, "malformed", "is not valid JSON: "),
        (b'{"text": "\xff"}', "encoding", "byte 11 of the record is not valid UTF-8"),
        (b'{"text": "\\ud800"}', "encoding", "contains half a surrogate pair, which is not a character"),
        (
            b'{"body": "a", "id": 1}',
            "no_text",
            "has no field 'text', only 'body', 'id'",
        ),
        (b"{}", "no_text", "has no field 'text' and no others"),
        (b'{"text": null}', "null_text", "the field 'text' is null"),
        (b'{"text": 3}', "text_type", "the field 'text' is a number, not text"),
        (b'{"text": ["a"]}', "text_type", "the field 'text' is an array, not text"),
        (b'{"text": {"a": 1}}', "text_type", "the field 'text' is an object, not text"),
        (b'{"text": true}', "text_type", "the field 'text' is true or false, not text"),
    ],
)
def test_a_bad_line_is_reported_and_its_neighbours_are_read(
    *, stored: Stored, seen: Seen, line: bytes, code: str, why: str
) -> None:
    found = seen(stored("a.jsonl", b'{"text":"before"}\n\n' + line + b'\n{"text":"after"}\n'), "jsonl")

    assert found.texts == ["before", "after"]
    assert found.ordinals == [0, 2]
    bad = found.bad[0]
    assert (bad.ordinal, bad.offset, bad.code, bad.line) == (1, 19, code, 3)
    assert bad.why.startswith("line 3: ")
    assert why in bad.why


@pytest.mark.parametrize("fields", [("document",), ("document", "article")])
def test_advice_for_a_file_with_another_field_is_given_once(
    *, stored: Stored, seen: Seen, fields: tuple[str, ...]
) -> None:
    file = stored("a.jsonl", b'{"body":"a text","id":1}\n{"body":"b","id":2}\n')
    found = seen(file, "jsonl", text_fields=fields)

    assert "; pass --text-field a.jsonl=body to read it, or --exclude a.jsonl" in found.bad[0].why
    assert [bad.code for bad in found.bad] == ["no_text", "no_text"]


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-" + b"9" * 5000])
def test_a_number_that_json_lacks_loses_no_text_that_was_asked_for(
    *, stored: Stored, seen: Seen, number: bytes
) -> None:
    line = b'{"text":"NaN \\"NaN","n":%b,"l":[1,%b],"m":{"x":%b}}\n' % (number, number, number)
    line += b'{"text":"b","n":12345678901234567890123,"l":[18446744073709551615],"m":{"x":-9223372036854775808}}\n'

    found = seen(stored("a.jsonl", line), "jsonl", labels={"n": "n", "l": "l", "x": "m.x"})

    assert (found.texts, found.codes) == (['NaN "NaN', "b"], [])
    assert found.labels == {
        "n": [None, "1.2345678901234568e+22"],
        "l": ["[1,null]", "[18446744073709551615]"],
        "x": [None, "-9223372036854775808"],
    }


def test_other_numbers_of_a_record_with_nan_are_read_as_ever(stored: Stored, seen: Seen) -> None:
    numbers = [b"1", b"-0", b"1.0", b"1E2", b"9223372036854775808", b"18446744073709551616", b"-9223372036854775809"]
    data = b"".join(b'{"text":"","n":%b}\n{"text":"","n":%b,"s":NaN}\n' % (each, each) for each in numbers)

    labels = seen(stored("a.jsonl", data), "jsonl", labels={"n": "n"}).labels["n"]

    assert labels[::2] == labels[1::2]


@pytest.mark.parametrize("texts", [["a\u2028b\u2029c\x85d\x0b\x0c", "\r", "\0", "\ufeff"]])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_line_ends_of_unicode_do_not_end_a_line(
    *, stored: Stored, seen: Seen, texts: list[str], ascii_only: bool
) -> None:
    data = "\n".join(json.dumps({"text": text}, ensure_ascii=ascii_only) for text in texts).encode()

    assert seen(stored("a.jsonl", data), "jsonl").texts == texts


def test_a_byte_order_mark_at_the_start_is_skipped(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.jsonl", b'\xef\xbb\xbf{"text":"a"}\n{"text":"b"}'), "jsonl")

    assert (found.texts, found.offsets) == (["a", "b"], [3, 16])


@pytest.mark.parametrize("data", [b"", b"\n", b" \t\r\n\n", b"\xef\xbb\xbf"])
def test_a_file_without_records_has_no_documents_and_no_fault(stored: Stored, seen: Seen, data: bytes) -> None:
    found = seen(stored("a.jsonl", data), "jsonl")

    assert (found.texts, found.bad) == ([], [])


def test_an_empty_text_is_a_document(stored: Stored, seen: Seen) -> None:
    assert seen(stored("a.jsonl", b'{"text":""}'), "jsonl").texts == [""]


def test_the_last_of_two_equal_keys_counts(stored: Stored, seen: Seen) -> None:
    assert seen(stored("a.jsonl", b'{"text":"a","text":"b"}'), "jsonl").texts == ["b"]


def test_a_dotted_field_is_first_a_literal_key_then_a_path(stored: Stored, seen: Seen) -> None:
    data = b'{"a":{"b":"inner"}}\n{"a":{"b":"inner"},"a.b":"literal"}\n{"a":"no object"}'

    found = seen(stored("a.jsonl", data), "jsonl", text_fields=("a.b",))

    assert (found.texts, found.codes) == (["inner", "literal"], [(2, "no_text")])


def test_labels_are_unchanged_text_or_compact_json(stored: Stored, seen: Seen) -> None:
    values = [b'"en"', b"1", b"0.5", b"true", b"null", b'["a",1]', b'{"a": 1}', b'""']
    data = b"".join(b'{"text":"","meta":{"x":%b}}\n' % value for value in values) + b'{"text":""}'

    found = seen(stored("a.jsonl", data), "jsonl", labels={"label": "meta.x"})

    assert found.labels == {"label": ["en", "1", "0.5", "true", None, '["a",1]', '{"a":1}', "", None]}


def test_a_document_longer_than_a_batch_is_a_batch_of_its_own(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.jsonl", lines(["a", "b", "c" * 100, "d", "e"])), "jsonl", batch_bytes=30)

    assert found.batches == [["a", "b"], ["c" * 100], ["d", "e"]]


def test_positions_rise_to_the_size_of_the_file(stored: Stored, seen: Seen) -> None:
    file = stored("a.jsonl", lines(["a" * 100] * 9))

    found = seen(file, "jsonl", batch_bytes=100)

    assert found.positions == sorted(found.positions)
    assert found.positions[-1] == file.size


@pytest.mark.parametrize(
    ("name", "data", "code", "why"),
    [
        ("a.jsonl", b"PAR1\0\0", "wrong_format", "is not JSON lines: it is Parquet"),
        ("a.jsonl", b"\x1f\x8b\x08\0\0", "cut", "is cut off: its gzip data stop after 5 bytes"),
        ("a.jsonl", '{"text":"a"}'.encode("utf-16"), "encoding", "looks like UTF-16: convert it to UTF-8"),
        (
            "a.jsonl.gz",
            b'{"text":"\x00a"}',
            "wrong_format",
            "its name ends in .gz, but it does not begin like gzip: rename it",
        ),
    ],
)
def test_a_file_that_does_not_match_its_name_is_refused(
    *, stored: Stored, seen: Seen, name: str, data: bytes, code: str, why: str
) -> None:
    found = seen(stored(name, data), "jsonl")

    assert (found.texts, found.refused) == ([], code)
    assert why in found.bad[0].why


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("batch", [20, 100, 8_000_000])
def test_a_line_over_the_limit_is_one_bad_record(*, stored: Stored, seen: Seen, batch: int, mark: bytes) -> None:
    data = mark + lines(["l" * 90, "a", "b" * 700]) + b" " * 300 + b"\n\n" + lines(["c", "d" * 100, "e", "f" * 99])
    found = seen(stored("a.jsonl", data), "jsonl", batch_bytes=batch, limits=Limits(record=50))

    assert (found.texts, found.ordinals) == (["a", "c", "e"], [1, 3, 5])
    assert found.offsets == [data.index(b'{"text":"' + text + b'"') for text in (b"a", b"c", b"e")]
    assert [(bad.ordinal, bad.line, bad.code) for bad in found.bad] == [
        (0, 1, "too_large"),
        (2, 3, "too_large"),
        (4, 7, "too_large"),
        (6, 9, "too_large"),
    ]
    assert [bad.offset for bad in found.bad] == [data.index(b'{"text":"' + text) for text in (b"l", b"bb", b"d", b"f")]
    assert found.bad[0].why == "line 1: is longer than 50 B: if it can be trusted, pass --limit record=SIZE"


@pytest.mark.parametrize(("name", "packed"), [("a.jsonl", True), ("a.jsonl.gz", False)])
def test_lines_are_picked_as_they_were_read_whatever_the_name_says(
    *, stored: Stored, seen: Seen, name: str, packed: bool
) -> None:
    data = lines([f"text {i}" for i in range(20)])
    file = stored(name, gzip.compress(data) if packed else data)
    first = seen(file, "jsonl")

    picked = jsonl.READER.pick(file, ReadOptions(), np.array([7]), np.array([first.offsets[7]]))

    assert [each.text.to_pylist() for each in picked if isinstance(each, TextBatch)] == [["text 7"]]


def test_wanted_lines_are_read_by_offset_without_the_others(stored: Stored, seen: Seen) -> None:
    texts = [f"text {i}" for i in range(20)]
    data = lines(texts)
    offsets = seen(stored("a.jsonl", data), "jsonl").offsets
    spoilt = bytearray(data)
    spoilt[offsets[5] : offsets[6] - 1] = b"x" * (offsets[6] - 1 - offsets[5])

    picked = jsonl.READER.pick(
        stored("a.jsonl", bytes(spoilt)),
        ReadOptions(),
        np.array([3, 19]),
        np.array([offsets[3], offsets[19]]),
    )

    batches = [item for item in picked if isinstance(item, TextBatch)]
    assert [batch.text.to_pylist() for batch in batches] == [["text 3", "text 19"]]
    assert batches[0].offset.to_pylist() == [offsets[3], offsets[19]]


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("\udc00"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=3,
)
RECORDS = st.lists(
    st.fixed_dictionaries({"text": st.text(max_size=8)}, optional={"n": VALUES, "m": VALUES}), min_size=1, max_size=8
)
DAMAGE = st.sampled_from(
    [b"NaN", b"Infinity", b"-Infinity", b"Inf", b"9" * 400, b"1e999", b"01", b"[" * 2000, b"\xff", b"\\ud83d"]
    + [b'"text":"b",', b"}{", b",", b"\n", b"\r", b" ", b"\0", b'"', b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\xc2\x85"]
)


@pytest.mark.slow
@pytest.mark.parametrize("reader", ["jsonl", "json"])
@settings(max_examples=200, deadline=None)
@given(records=RECORDS, damage=st.lists(st.tuples(st.integers(0, 10**6), DAMAGE, st.integers(0, 4)), max_size=2))
def test_reading_many_records_at_once_equals_parsing_each(
    *,
    stored: Stored,
    seen: Seen,
    reader: str,
    records: list[dict[str, Any]],
    damage: list[tuple[int, bytes, int]],
) -> None:
    data = bytearray(b"\n".join(json.dumps(record).encode() for record in records))
    for place, put, replaced in damage:
        data[place % len(data) : place % len(data) + replaced] = put
    file = stored("a.jsonl", b'{"text":"","n":1,"m":{"a":[0.5]}}\n' * 3 + bytes(data))
    options = {"labels": {"n": "n", "m": "m"}, "text_fields": ("text",)}

    found = seen(file, reader, batch_bytes=64, **options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tokaudit.readers.json.columns.JsonColumns.read", lambda *_: None)
        one_by_one = seen(file, reader, **options)

    assert (found.texts, found.ordinals, found.offsets) == (one_by_one.texts, one_by_one.ordinals, one_by_one.offsets)
    assert (found.labels, found.bad) == (one_by_one.labels, one_by_one.bad)
