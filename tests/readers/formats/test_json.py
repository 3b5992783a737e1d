"""JSON arrays and objects over several lines: each record is read once, or the fault is reported."""

import gzip
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.readers.fields.record_paths import as_label
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reread import read_ordinals
from tokaudit.readers.unpack.limits import Limits

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]

QUICK = settings(max_examples=80, deadline=None)
TEXTS = st.text(st.sampled_from('ab\\"{}[],:\n\u2028\x85é😀 ') | st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
RECORDS = st.lists(st.fixed_dictionaries({"text": TEXTS}, optional={"meta": VALUES, "n": VALUES}), max_size=8)
INDENTS = st.sampled_from([None, 0, 2, "\t"])


def array(texts: list[str], between: bytes = b",\n") -> bytes:
    return b"[" + between.join(orjson.dumps({"text": text}) for text in texts) + b"]"


@QUICK
@given(records=RECORDS, indent=INDENTS, ascii_only=st.booleans(), shape=st.sampled_from(["array", "commas", "blanks"]))
def test_every_record_has_its_ordinal_and_offset(
    *, stored: Stored, seen: Seen, records: list[dict[str, Any]], indent: int | str | None, ascii_only: bool, shape: str
) -> None:
    dumped = [json.dumps(record, indent=indent, ensure_ascii=ascii_only) for record in records]
    whole = {
        "array": json.dumps(records, indent=indent, ensure_ascii=ascii_only),
        "commas": ",\r\n".join(dumped),
        "blanks": " ".join(dumped),
    }[shape].encode()

    found = seen(stored("a.json", whole), "json", labels={"n": "n"})

    assert found.texts == [record["text"] for record in records]
    assert found.ordinals == list(range(len(records)))
    decoder = json.JSONDecoder()
    assert [decoder.raw_decode(whole[offset:].decode())[0] for offset in found.offsets] == records
    assert found.labels.get("n", []) == [as_label(orjson.loads(json.dumps(record)).get("n")) for record in records]
    assert not found.bad


@QUICK
@given(
    records=RECORDS,
    indent=INDENTS,
    step=st.integers(1, 70),
    block=st.integers(1, 30),
    batch=st.integers(64, 200),
    damage=st.lists(
        st.tuples(st.integers(0, 10**6), st.sampled_from([b"", b'"', b"{", b"}", b"]", b",", b"x", b"\\"]))
    ),
)
def test_read_and_batch_sizes_change_no_document_and_no_fault(
    *,
    stored: Stored,
    seen: Seen,
    records: list[dict[str, Any]],
    indent: int | str | None,
    step: int,
    block: int,
    batch: int,
    damage: list[tuple[int, bytes]],
) -> None:
    data = bytearray(json.dumps(records, indent=indent).encode())
    for place, put in damage[:2]:
        data[place % len(data) : place % len(data) + 1] = put
    file = stored("a.json", bytes(data))
    whole = seen(file, "json")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tokaudit.readers.json.values._STEP", step)
        patch.setattr("tokaudit.readers.json.scan._BLOCK", block)
        found = seen(file, "json", batch_bytes=batch, batch_documents=3)

    assert (found.texts, found.ordinals, found.offsets) == (whole.texts, whole.ordinals, whole.offsets)
    assert found.bad == whole.bad
    assert all(len(texts) <= 3 for texts in found.batches)


A, B = b'{"text":"a"}', b'{"text":"b"}'


@pytest.mark.parametrize(
    ("data", "texts", "codes", "why"),
    [
        # between records
        (b"[%b,%b,]" % (A, B), ["a", "b"], [(2, "malformed")], "is missing: the array ends with a comma"),
        (b"%b,\n%b,\n" % (A, B), ["a", "b"], [(2, "malformed")], "is missing: the file ends with a comma"),
        (b"[%b,,%b]" % (A, B), ["a", "b"], [(1, "malformed")], "is missing: only its comma is there"),
        (b"[,%b]" % A, ["a"], [(0, "malformed")], "is missing: only its comma is there"),
        (b"[%b %b]" % (A, B), ["a", "b"], [], ""),
        (b'[1,%b,"}, {",null,[{}],%b,true]' % (A, B), ["a", "b"], [(n, "malformed") for n in (0, 2, 3, 4, 6)], "is a"),
        (b"[%b,[%b],%b]" % (A, A, B), ["a", "b"], [(1, "malformed")], "is an array, not an object"),
        (b"[%b, x, %b]" % (A, B), ["a"], [(None, "malformed")], "contains something that is not JSON between records"),
        (b'[%b, "x]' % A, ["a"], [(None, "malformed")], "contains something that is not JSON between records"),
        (b'"a"', [], [(0, "malformed")], "is a string, not an object"),
        (b"hello", [], [(None, "malformed")], "contains something that is not JSON between records, at byte 0"),
        # the ends of arrays
        (b"[%b,%b" % (A, B), ["a", "b"], [(None, "cut")], "ends before its array is closed"),
        (b"[", [], [(None, "cut")], "ends before its array is closed"),
        (b"[%b,{" % A, ["a"], [(None, "cut")], "ends inside of a record, at byte 14"),
        (b'[%b,{"text":"b' % A, ["a"], [(None, "cut")], "ends inside of a record, at byte 14"),
        (b'[%b,{"n":NaN,"text":"\xc3' % A, ["a"], [(None, "cut")], "ends inside of a record, at byte 14"),
        (b'%b\n{"text":\n' % A, ["a"], [(None, "cut")], "ends inside of a record, at byte 13"),
        (
            b"[%b] [%b]" % (A, B),
            ["a"],
            [(None, "malformed")],
            "contains another array after the end of its array, at byte 15",
        ),
        (b"[%b]\n%b" % (A, B), ["a"], [(None, "malformed")], "contains text after the end of its array, at byte 15"),
        (b"[%b]\0" % A, ["a"], [(None, "malformed")], "contains text after the end of its array, at byte 14"),
        (b"[%b}" % A, ["a"], [(None, "malformed")], "contains the bracket }, but none that it closes, at byte 13"),
        (b"%b]" % A, ["a"], [(None, "malformed")], "contains the bracket ], but none that it closes, at byte 12"),
        (b"%b[%b]" % (A, B), ["a"], [(None, "malformed")], "contains an array next to objects, at byte 12"),
        # in records
        (b'[%b,{"text":"x",},%b]' % (A, B), ["a", "b"], [(1, "malformed")], "trailing comma is not allowed at column"),
        (b'[%b,{\n"text":\n},%b]' % (A, B), ["a", "b"], [(1, "malformed")], "at line 3, column 1 of the record"),
        (
            b'[%b,{"text":"\xff"},%b]' % (A, B),
            ["a", "b"],
            [(1, "encoding")],
            "byte 10 of the record is not valid UTF-8",
        ),
        (b'[%b,{"text":"\\ud800"},%b]' % (A, B), ["a", "b"], [(1, "encoding")], "half a surrogate pair"),
        (b'[%b,{"text":"\n"},%b]' % (A, B), ["a", "b"], [(1, "malformed")], "unexpected control character in string"),
        (
            b'[%b,{"text":NaN},%b]' % (A, B),
            ["a", "b"],
            [(1, "malformed")],
            "contains NaN, which is not JSON, in the field",
        ),
        (b'[{"text":"a","n":[NaN]},%b]' % B, ["a", "b"], [], ""),
        (b'[{"text":"a","text":"b"},%b]' % B, ["b", "b"], [], ""),
        (
            b'[%b,{"text":null},{"text":1},{},%b]' % (A, B),
            ["a", "b"],
            [(1, "null_text"), (2, "text_type"), (3, "no_text")],
            "",
        ),
        (b'[%b,{"text":%b},%b]' % (A, b"[" * 10_000 + b"]" * 10_000, B), ["a", "b"], [(1, "malformed")], "depth limit"),
        (b'[%b,{"text":"x},%b]' % (A, B), ["a"], [(None, "malformed")], "where the next record begins is not sure"),
        (b'[%b,{"text":"x"]},%b]' % (A, B), ["a"], [(None, "malformed")], "where the next record begins is not sure"),
        (
            b'[%b,{"text":"x","l":[1},%b]' % (A, B),
            ["a"],
            [(None, "malformed")],
            "where the next record begins is not sure",
        ),
        (b'{"version":1,"data":[%b]}' % A, [], [(0, "no_text")], "has no field 'text'"),
        # the start of the file
        (b"\xef\xbb\xbf\n [%b]" % A, ["a"], [], ""),
        (
            b"[%b,\xef\xbb\xbf%b]" % (A, B),
            ["a"],
            [(None, "malformed")],
            "contains something that is not JSON between records",
        ),
        ("[{}]".encode("utf-16"), [], [(None, "encoding")], "looks like UTF-16: convert it to UTF-8"),
        (b"PAR1\0\0", [], [(None, "wrong_format")], "is not JSON: it is Parquet"),
        (b"", [], [], ""),
        (b" \n\t\r", [], [], ""),
        (b"[]", [], [], ""),
        (b" [ ] \n", [], [], ""),
        (b"{}", [], [(0, "no_text")], "has no field 'text' and no others"),
        (b"[{}]", [], [(0, "no_text")], "has no field 'text' and no others"),
    ],
)
def test_each_fault_has_its_code_and_the_other_records_are_read(
    *, stored: Stored, seen: Seen, data: bytes, texts: list[str], codes: list[tuple[int | None, str]], why: str
) -> None:
    found = seen(stored("a.json", data), "json", text_fields=("text",))

    assert (found.texts, found.codes) == (texts, codes)
    assert all(why in bad.why or why == "is a" for bad in found.bad)


PRETTY = json.dumps([{"text": text, "l": [{"text": "inner"}]} for text in "abcde"], indent=2)
LINES = array(["a", "b", "c", "d", "e"], b",\n").replace(b"[", b"[\n")


@pytest.mark.parametrize("good", [PRETTY.encode(), LINES])
@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"c"', b'"c'), (b'"c"', b"c"), (b'"c"', b'"c"}'), (b'"c"', b'"c" ]'), (b'"c"', b'"c", [')],
)
def test_after_a_damaged_record_the_next_line_that_begins_like_it_is_read(
    *, stored: Stored, seen: Seen, good: bytes, old: bytes, new: bytes
) -> None:
    found = seen(stored("a.json", good.replace(old, new)), "json", text_fields=("text",))

    assert found.texts[:2] == ["a", "b"]
    assert found.texts[-2:] == ["d", "e"]
    assert {code for _, code in found.codes} == {"malformed"}
    assert len(found.bad) <= 2
    assert found.refused is None


def test_records_inside_a_damaged_record_are_not_taken_for_records(stored: Stored, seen: Seen) -> None:
    for indent in (0, 1):
        data = json.dumps([{"text": text, "l": [{"text": "inner"}] * 3} for text in "abc"], indent=indent)
        found = seen(stored("a.json", data.replace('"b"', '"b').encode()), "json", text_fields=("text",))

        assert found.texts == (["a", "c"] if indent else ["a"])


def plain(data: bytes) -> list[dict[str, Any]] | None:
    """The records of an array or of objects, one by one with the standard library; None if something is wrong."""
    text = data.decode().strip(" \t\r\n")
    if text.startswith("["):
        if not text.endswith("]"):
            return None
        text = text[1:-1]
    records: list[dict[str, Any]] = []
    place = 0
    while text[place:].strip(" \t\r\n"):
        between = len(text[place:]) - len(text[place:].lstrip(" \t\r\n,"))
        if text[place : place + between].count(",") > bool(records):
            return None
        try:
            record, place = json.JSONDecoder().raw_decode(text, place + between)
        except ValueError:
            return None
        if not isinstance(record, dict) or not isinstance(record.get("text"), str):
            return None
        if any("\ud800" <= each <= "\udfff" for each in json.dumps(record, ensure_ascii=False)):
            return None
        records.append(record)
    return records


@settings(max_examples=300, deadline=None)
@given(
    records=RECORDS,
    indent=INDENTS,
    batch=st.integers(64, 300),
    damage=st.tuples(
        st.integers(0, 10**6),
        st.sampled_from(["", " ", '"', "{", "}", "[", "]", ",", "x", "\\", '"},{"text":"', "\n{"]),
    ),
    replaced=st.integers(0, 2),
)
@pytest.mark.slow
def test_damage_is_reported_or_changes_nothing_that_json_would_not_change(
    *,
    stored: Stored,
    seen: Seen,
    records: list[dict[str, Any]],
    indent: int | str | None,
    batch: int,
    damage: tuple[int, str],
    replaced: int,
) -> None:
    good = json.dumps(records, indent=indent)
    place = damage[0] % len(good)
    data = (good[:place] + damage[1] + good[place + replaced :]).encode()
    expected = plain(data)

    found = seen(stored("a.json", data), "json", batch_bytes=batch)

    assert (expected is None) == bool(found.bad)
    if expected is not None:
        assert found.texts == [record["text"] for record in expected]


@pytest.mark.parametrize("batch", [64, 100, 8_000_000])
@pytest.mark.parametrize("between", [b",", b" , "])
@pytest.mark.parametrize("times", [1, 40])
def test_a_record_over_the_limit_is_too_large(
    *, stored: Stored, seen: Seen, batch: int, between: bytes, times: int
) -> None:
    texts = ["a", "[{" + "b" * 500 * times, "c", "d" * 600, "e" * 600, "f"]
    data = array(texts, between)

    found = seen(stored("a.json", data), "json", batch_bytes=batch, limits=Limits(record=300))

    assert found.texts == ["a", "c", "f"]
    assert found.ordinals == [0, 2, 5]
    assert found.codes == [(1, "too_large"), (3, "too_large"), (4, "too_large")]
    assert [bad.offset for bad in found.bad] == [data.index(b'{"text":"' + text) for text in (b"[", b"d", b"e")]


def test_a_record_over_the_limit_that_never_ends_is_the_last(stored: Stored, seen: Seen) -> None:
    data = array(["a", "b" * 500], b",").rstrip(b"]}")

    found = seen(stored("a.json", data), "json", batch_bytes=64, limits=Limits(record=300))

    assert (found.texts, found.codes) == (["a"], [(None, "too_large")])


def test_a_record_over_the_limit_is_skipped_if_records_begin_lines(stored: Stored, seen: Seen) -> None:
    data = array(["a", "b" * 500, "c"], b",\n").replace(b"[", b"[\n")

    for batch in (64, 8_000_000):
        found = seen(stored("a.json", data), "json", batch_bytes=batch, limits=Limits(record=300))

        assert (found.texts, found.codes) == (["a", "c"], [(1, "too_large")])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("begin", "more"), [(b"[", b'{"text":"aaaaaaaaaaaaaaaaa"},'), (b"[", b"1, "), (b"", b" "), (b'[{"t', b"x")]
)
def test_a_large_file_is_read_in_little_memory(*, seen: Seen, begin: bytes, more: bytes) -> None:
    data = begin + more * (40_000_000 // len(more))
    file = InputFile("large", "large.json", len(data), "", data=data)
    seen(InputFile("small", "small.json", 0, "", data=array(["a"] * 99)), "json", batch_bytes=64)  # import all
    tracemalloc.start()

    batches = 0
    for _ in READERS.get("json").read(file, ReadOptions(batch_bytes=500_000, limits=Limits(record=1_000_000))):
        batches += 1
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most < 20_000_000
    assert batches or more == b" "


@QUICK
@given(records=RECORDS, indent=INDENTS, data=st.data(), near=st.integers(0, 50))
def test_records_are_picked_by_offset(
    *,
    stored: Stored,
    seen: Seen,
    records: list[dict[str, Any]],
    indent: int | str | None,
    data: st.DataObject,
    near: int,
) -> None:
    file = stored("a.json", json.dumps(records, indent=indent).encode())
    whole = seen(file, "json")
    wanted = np.array(sorted(data.draw(st.sets(st.sampled_from(range(len(records)))))) if records else [], np.int64)
    offsets = np.array(whole.offsets, np.int64)[wanted]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tokaudit.readers.formats.json._NEAR", near)
        batches = list(
            read_ordinals(
                READERS.get("json"),
                file,
                ReadOptions(batch_bytes=data.draw(st.sampled_from([64, 1000]))),
                wanted,
                offsets,
            )
        )

    assert [text for batch in batches for text in batch.text.to_pylist()] == [records[n]["text"] for n in wanted]
    assert [n for batch in batches for n in batch.ordinal.tolist()] == wanted.tolist()
    assert [n for batch in batches for n in batch.offset.to_pylist()] == offsets.tolist()


def test_picking_goes_on_after_a_record_that_was_damaged_meanwhile(stored: Stored, seen: Seen) -> None:
    data = array(["a", "b", "c", "d"])
    offsets = np.array(seen(stored("a.json", data), "json").offsets)
    spoilt = stored("a.json", data.replace(b'"b"', b'"b '))

    batches = list(read_ordinals(READERS.get("json"), spoilt, ReadOptions(), np.arange(4), offsets))

    assert [text for batch in batches for text in batch.text.to_pylist()] == ["a", "c", "d"]


@pytest.mark.parametrize("packed", [".gz", ""])
def test_picking_without_offsets_or_from_a_compressed_file_reads_it(*, stored: Stored, seen: Seen, packed: str) -> None:
    data = array(["a", "b", "c"])
    file = stored(f"a.json{packed}", gzip.compress(data) if packed else data)
    offsets = np.array(seen(file, "json").offsets)[[2]] if packed else None

    batches = list(read_ordinals(READERS.get("json"), file, ReadOptions(), np.array([2]), offsets))

    assert [batch.text.to_pylist() for batch in batches] == [["c"]]


@pytest.mark.parametrize(
    ("head", "whole", "json", "jsonl"),
    [
        (b'[{"text": "a"}]', True, True, False),
        (b'\xef\xbb\xbf\n[\n  {\n    "text": "a"', False, True, False),
        (b'[{"text": "' + b"a" * 1000, False, True, False),
        (b'{\n  "text": "a"\n}\n{\n  "text": "b"\n}', True, True, False),
        (b'{\n  "l": [\n    {"a": 1}\n  ]\n}', True, True, False),
        (b'{"a":1}{"b":1}', True, True, False),
        (b'{"a":1},{"b":"' + b"b" * 1000, False, True, False),
        (b"[{}]", True, True, False),
        (b"[ ]", True, True, False),
        (b'{"text": "a"}', True, False, True),
        (b'{"text": "a", "n": NaN}\n{"text"', False, False, True),
        (b'{"text": "' + "é".encode() * 1000 + b"\xc3", False, False, True),
        (b'{"text": "a"}\n{"text": "b"}\n', True, False, True),
        (b"{}\n", True, False, True),
    ],
)
def test_first_bytes_are_json_or_json_lines_but_never_both(
    *, head: bytes, whole: bool, json: bool, jsonl: bool
) -> None:
    assert READERS.get("json").begins(head, whole=whole) is json
    assert READERS.get("jsonl").begins(head, whole=whole) is jsonl
    assert (READERS.get("json").may_begin(head), READERS.get("jsonl").may_begin(head)) == (json, jsonl)


@pytest.mark.parametrize(
    ("head", "json", "jsonl"),
    [
        (b'{"text": "a"\n{"text": "b"}\n', False, True),
        (b'{"text": "a', False, True),
        (b"[1, 2]", True, False),
        (b"{x: 1}", True, False),
        (b"[link](address)", True, False),
        (b"", False, False),
        (b"text", False, False),
    ],
)
def test_a_file_named_json_has_one_reader_even_if_damaged(*, head: bytes, json: bool, jsonl: bool) -> None:
    assert (READERS.get("json").may_begin(head), READERS.get("jsonl").may_begin(head)) == (json, jsonl)
    assert not READERS.get("json").begins(head, whole=True)


@settings(max_examples=200, deadline=None)
@given(head=st.lists(st.sampled_from([b"[", b"{", b"}", b"]", b'"a":', b'"b"', b"1", b",", b"\n", b" "])).map(b"".join))
def test_no_first_bytes_are_claimed_by_both_readers(head: bytes) -> None:
    readers = [READERS.get("json"), READERS.get("jsonl")]

    assert sum(reader.may_begin(head) for reader in readers) == (head.lstrip()[:1] in {b"{", b"["})
    for whole in (True, False):
        assert sum(reader.begins(head, whole=whole) for reader in readers) <= 1


@pytest.mark.parametrize(
    ("data", "has"),
    [
        (b'[{"text":"a"}]', True),
        (b'[{"id":"a"}]', False),
        (b'{\n"id":"a"}', False),
        (b"[]", True),
        (b'[{"id":', True),
        (b"[[1]]", True),
        (b'[{"id":x}]', True),
        (b"PAR1", True),
    ],
)
def test_the_first_record_says_whether_a_file_has_the_field(*, stored: Stored, data: bytes, has: bool) -> None:
    assert READERS.get("json").has_field(stored("a.json", data), ("text",)) is has


def test_a_file_that_can_not_be_opened_is_left_to_read() -> None:
    assert READERS.get("json").has_field(InputFile("memory:///no/file", "x.json", 0, ""), ("text",))


def test_json_lines_have_the_same_content_as_json(stored: Stored, seen: Seen) -> None:
    data = b"\n".join(orjson.dumps({"text": text}) for text in ("a", "b\u2028", ""))

    assert seen(stored("a.json", data), "json").texts == seen(stored("a.json", data), "jsonl").texts


def test_a_damaged_compressed_file_gives_its_whole_records_and_a_fault(stored: Stored, seen: Seen) -> None:
    rng = np.random.default_rng(1)
    texts = [rng.bytes(200).hex() for _ in range(2000)]
    packed = gzip.compress(array(texts))

    found = seen(stored("a.json.gz", packed[: len(packed) // 2]), "json")

    assert found.refused == "cut"
    assert 100 < len(found.texts) < 2000
    assert found.texts == texts[: len(found.texts)]


def test_the_text_of_all_records_in_one_field_is_one_document(stored: Stored, seen: Seen) -> None:
    data = json.dumps({"version": 1, "data": [{"context": "a"}, {"context": "b"}]}, indent=1).encode()

    assert seen(stored("a.json", data), "json", text_fields=("data[].context",)).texts == ["a\nb"]


@pytest.mark.parametrize("batch", [64, 8_000_000])
def test_an_array_of_numbers_is_given_up_after_a_thousand(stored: Stored, seen: Seen, batch: int) -> None:
    found = seen(stored("a.json", b"[" + b"1, " * 5_000 + b"{}]"), "json", batch_bytes=batch)

    assert found.codes == [*((n, "malformed") for n in range(1_001)), (None, "malformed")]
    assert "contains more than 1000 values in a row that are not objects" in found.bad[-1].why


@pytest.mark.slow
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("indent", [None, 1])
def test_flips_and_cuts_are_reported_or_change_only_text(
    *, stored: Stored, seen: Seen, packed: bool, indent: int | None
) -> None:
    rng = np.random.default_rng(1)
    texts = [rng.bytes(50).hex() for _ in range(50)]
    good = json.dumps([{"text": text, "n": [1, 2]} for text in texts], indent=indent).encode()
    file = gzip.compress(good) if packed else good
    unnoticed = 0
    for number in range(120):
        data = bytearray(file)
        place = int(rng.integers(10 if packed else 0, len(data)))
        if number % 2:
            del data[place:]
        else:
            data[place] ^= 1 << int(rng.integers(8))
        found = seen(stored("a.json.gz" if packed else "a.json", bytes(data)), "json", text_fields=("text",))
        unnoticed += not found.bad
        assert number % 2 == 0 or found.refused, "a cut was not noticed"
        assert packed or found.bad or len(found.texts) == len(texts)
        assert not packed or found.texts == texts[: len(found.texts)] or found.refused

    assert unnoticed == 0 if packed else unnoticed > 0


def test_a_long_string_between_records_is_too_large(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.json", b'["' + b"x" * 500), "json", batch_bytes=64, limits=Limits(record=200))

    assert found.codes == [(None, "too_large")]


@QUICK
@given(data=st.binary(max_size=200), batch=st.sampled_from([64, 1000]))
def test_no_bytes_make_the_reader_raise(*, stored: Stored, seen: Seen, data: bytes, batch: int) -> None:
    found = seen(stored("a.json", data), "json", batch_bytes=batch)

    assert found.bad or found.texts or not data.strip(b" \t\r\n[]\xef\xbb\xbf")
