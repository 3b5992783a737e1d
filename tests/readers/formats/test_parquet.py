"""Parquet: every kind of text column is read whole or refused."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.core.batches import TextBatch
from tokaudit.readers.arrow.parquet_pages import have_check_sums
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import parquet
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.unpack.limits import Limits

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
QUICK = settings(max_examples=60, deadline=None)

SAMPLE = pa.table({"text": [f"document {i} " * (i % 4) for i in range(40)], "n": list(range(40))})


def written(table: pa.Table, **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


CHECKED = written(SAMPLE, row_group_size=15, write_page_checksum=True)


@QUICK
@given(
    texts=st.lists(TEXTS | st.none(), max_size=60),
    kind=st.sampled_from([pa.string(), pa.large_string(), pa.binary(), pa.large_binary(), pa.string_view()]),
    dictionary=st.booleans(),
    stored_schema=st.booleans(),
    group=st.integers(1, 70),
    batch=st.integers(1, 200),
    documents=st.integers(1, 20),
)
def test_every_kind_of_text_column_is_read_with_nulls_as_bad_records(
    *,
    stored: Stored,
    seen: Seen,
    texts: list[str | None],
    kind: pa.DataType,
    dictionary: bool,
    stored_schema: bool,
    group: int,
    batch: int,
    documents: int,
) -> None:
    column = pa.array(texts, pa.string())
    column = column.dictionary_encode() if dictionary else column.cast(kind)
    data = written(pa.table({"text": column}), row_group_size=group, store_schema=stored_schema)

    found = seen(stored("a.parquet", data), "parquet", batch_bytes=batch, batch_documents=documents)

    good = [i for i, text in enumerate(texts) if text is not None]
    assert found.ordinals == good
    assert found.texts == [texts[i] for i in good]
    assert found.offsets == [None] * len(good)
    assert {code for _, code in found.codes} <= {"null_text"}
    assert all(len(texts) == 1 or sum(len(t.encode()) for t in texts) <= batch for texts in found.batches)
    assert all(len(texts) <= documents for texts in found.batches)


def test_a_column_of_nulls_is_all_bad_records(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.parquet", written(pa.table({"text": pa.nulls(3)}))), "parquet")

    assert found.codes == [(0, "null_text"), (1, "null_text"), (2, "null_text")]


@pytest.mark.parametrize("kind", [pa.binary(), pa.string()])
def test_each_text_that_is_not_utf8_is_a_bad_record(stored: Stored, seen: Seen, kind: pa.DataType) -> None:
    column = pa.array([b"good", b"ab\xff", None, b"\xed\xa0\x80", b"also"], pa.binary()).view(kind)

    found = seen(stored("a.parquet", written(pa.table({"text": column}))), "parquet")

    assert (found.texts, found.ordinals) == (["good", "also"], [0, 4])
    assert found.codes == [(1, "encoding"), (2, "null_text"), (3, "encoding")]
    assert "byte 3 of the text is not valid UTF-8" in found.bad[0].why


def test_a_file_without_the_column_is_refused_with_existing_columns(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.parquet", written(SAMPLE)), "parquet", text_fields=("body",))

    assert (found.texts, found.refused) == ([], "no_text")
    assert found.bad[0].why == (
        "has no column 'body', only 'text', 'n'; pass --text-field a.parquet=text to read it,"
        " or --exclude a.parquet to leave it out"
    )


def test_a_column_of_another_type_is_refused(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.parquet", written(SAMPLE)), "parquet", text_fields=("n",))

    assert found.refused == "text_type"
    assert "the column 'n' contains int64, not text" in found.bad[0].why


def test_a_file_with_a_duplicate_column_is_refused(stored: Stored, seen: Seen) -> None:
    twice = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])

    assert seen(stored("a.parquet", written(twice)), "parquet").refused == "wrong_format"


def test_a_dotted_field_is_a_column_of_that_name_or_inside_a_struct(stored: Stored, seen: Seen) -> None:
    inner = pa.array([{"b": "inner"}, None, {"b": None}])

    nested = seen(stored("a.parquet", written(pa.table({"a": inner}))), "parquet", text_fields=("a.b",))
    both = pa.table({"a": inner, "a.b": ["x", "y", "z"]})
    literal = seen(stored("a.parquet", written(both)), "parquet", text_fields=("a.b",))

    assert (nested.texts, nested.codes) == (["inner"], [(1, "null_text"), (2, "null_text")])
    assert literal.texts == ["x", "y", "z"]


def test_labels_are_the_same_as_from_json(stored: Stored, seen: Seen) -> None:
    table = pa.table(
        {
            "text": ["a", None, "c"],
            "s": ["en", "de", None],
            "d": pa.array(["x", "y", "x"]).dictionary_encode(),
            "b": [True, False, None],
            "f": [0.5, 1.0, float("nan")],
            "l": [["a"], None, []],
            "t": pa.array([0, 1, None], pa.timestamp("s")),
            "m": [{"q": 1}, {"q": 2}, {"q": None}],
        }
    )
    fields = {name: name for name in "sdbflt"} | {"q": "m.q", "none": "nowhere"}

    found = seen(stored("a.parquet", written(table)), "parquet", labels=fields)

    assert found.labels == {
        "s": ["en", None],
        "d": ["x", "x"],
        "b": ["true", None],
        "f": ["0.5", None],
        "l": ['["a"]', "[]"],
        "t": ["1970-01-01T00:00:00", None],
        "q": ["1", None],
        "none": [None, None],
    }


def test_a_file_without_rows_has_no_documents_and_no_fault(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.parquet", written(SAMPLE.slice(0, 0))), "parquet")

    assert (found.texts, found.bad) == ([], [])


def test_a_file_cut_at_any_byte_is_noticed(stored: Stored, seen: Seen) -> None:
    for end in range(len(CHECKED)):
        found = seen(stored("a.parquet", CHECKED[:end]), "parquet")
        assert (found.texts, found.refused) == ([], "cut"), end


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_damage_is_noticed_if_pages_have_checksums(stored: Stored, seen: Seen, data: st.DataObject) -> None:
    spoilt = bytearray(CHECKED)
    spoilt[data.draw(st.integers(0, len(spoilt) - 1))] ^= data.draw(st.integers(1, 255))

    found = seen(stored("a.parquet", bytes(spoilt)), "parquet")

    whole = SAMPLE.column("text").to_pylist()
    assert found.bad or found.texts == whole
    assert found.texts == whole[: len(found.texts)] or found.bad


@pytest.mark.slow
@pytest.mark.parametrize("flip", [1, 2, 64])
def test_a_damaged_footer_never_raises_or_loses_documents(stored: Stored, seen: Seen, flip: int) -> None:
    # Some of these ended the whole process when pyarrow read the metadata of a column.
    footer = len(CHECKED) - 8 - int.from_bytes(CHECKED[-8:-4], "little")
    for place in range(footer, len(CHECKED)):
        spoilt = bytearray(CHECKED)
        spoilt[place] ^= flip
        found = seen(stored("a.parquet", bytes(spoilt)), "parquet")
        assert found.bad or found.texts == SAMPLE.column("text").to_pylist(), place


@QUICK
@given(st.binary(max_size=60))
def test_no_bytes_make_the_reader_raise(stored: Stored, seen: Seen, middle: bytes) -> None:
    for data in (middle, b"PAR1" + middle, b"PAR1" + middle + len(middle).to_bytes(4, "little") + b"PAR1"):
        assert seen(stored("a.parquet", data), "parquet").refused in {"cut", "corrupt", "wrong_format"}


@pytest.mark.parametrize(
    ("data", "code", "why"),
    [
        (b"", "cut", "is empty, which a Parquet file never is"),
        (b'{"text":"a"}\n', "wrong_format", "is not a Parquet file: it does not begin with PAR1"),
        (b"\x1f\x8b\x08\0" * 9, "wrong_format", "is not a Parquet file: it is gzip"),
        (b"PARE" + bytes(20), "wrong_format", "is encrypted Parquet, which tokaudit can't read"),
        (b"PAR1" + bytes(20) + b"PARE", "wrong_format", "is encrypted Parquet"),
        (b"PAR1" + bytes(20) + b"\xff\xff\0\0PAR1", "corrupt", "its footer claims to be longer than the file"),
    ],
)
def test_a_file_that_is_not_parquet_is_refused_with_the_reason(
    *, stored: Stored, seen: Seen, data: bytes, code: str, why: str
) -> None:
    found = seen(stored("a.parquet", data), "parquet")

    assert (found.texts, found.refused) == ([], code)
    assert why in found.bad[0].why


@pytest.mark.slow
def test_a_dictionary_of_long_texts_is_decoded_in_small_steps(stored: Stored) -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 300, pa.int32()), pa.array(["x" * 1_000_000]))
    file = stored("a.parquet", written(pa.table({"text": column}), store_schema=False))
    before = pa.total_allocated_bytes()
    highest = 0

    for batch in parquet.READER.read(file, ReadOptions(batch_bytes=4_000_000)):
        assert isinstance(batch, TextBatch)
        assert len(batch.text) in (3, 4)
        highest = max(highest, pa.total_allocated_bytes() - before)

    assert highest < 200_000_000


def test_only_row_groups_with_wanted_records_are_read(stored: Stored) -> None:
    spoilt = bytearray(CHECKED)
    start = pq.ParquetFile(io.BytesIO(CHECKED)).metadata.row_group(0).column(0).data_page_offset
    spoilt[start + 4 : start + 30] = bytes(26)

    picked = parquet.READER.pick(stored("a.parquet", bytes(spoilt)), ReadOptions(), np.array([20]), None)

    batches = [item for item in picked if isinstance(item, TextBatch)]
    assert [batch.ordinal.tolist() for batch in batches] == [[20]]


def test_picking_can_begin_at_each_row_group(stored: Stored) -> None:
    assert parquet.READER.starts(stored("a.parquet", CHECKED)).tolist() == [0, 15, 30]
    assert parquet.READER.starts(stored("a.parquet", CHECKED[:-9])).tolist() == [0]
    assert parquet.READER.starts(InputFile("/no/such/file.parquet", "x", 0, "")).tolist() == [0]


def test_positions_rise_to_the_size_of_the_file(stored: Stored, seen: Seen) -> None:
    file = stored("a.parquet", CHECKED)

    found = seen(file, "parquet", batch_bytes=50)

    assert found.positions == sorted(found.positions)
    assert found.positions[-1] == file.size


class Counting(io.BytesIO):
    """A file that counts the bytes read from it."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        """Read the next bytes."""
        data = super().read(size)
        self.taken += len(data)
        return data


def test_only_part_of_a_large_row_group_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [np.random.default_rng(i).integers(97, 123, 10_000, np.uint8).tobytes().decode() for i in range(1_000)]
    data = written(pa.table({"text": texts}), use_dictionary=False, data_page_size=1, write_batch_size=16)
    raw = Counting(data)
    monkeypatch.setattr(InputFile, "open", lambda _: raw)

    next(parquet.READER.read(InputFile("/a.parquet", "a.parquet", len(data), ""), ReadOptions(batch_bytes=1_000_000)))

    assert raw.taken < len(data) / 2


CHAT = pa.table(
    {
        "messages": pa.array(
            [
                [{"role": "user", "content": f"question {n}"}, {"role": "x", "content": None if n % 5 else "answer"}]
                for n in range(40)
            ]
            + [None, [], [None], [{"role": "x", "content": None}]]
        ),
        "lines": [["a", None, f"b{n}"] for n in range(41)] + [None, [], [None]],
    }
)
"""Chats and lists of lines with nulls at every level; the last rows are null, empty, and without any text."""
CHATS = [f"question {n}" if n % 5 else f"question {n}\nanswer" for n in range(40)]


@pytest.mark.parametrize("stored_schema", [True, False])
def test_texts_in_lists_of_structs_are_joined_and_nulls_inside_skipped(
    *, stored: Stored, seen: Seen, stored_schema: bool
) -> None:
    file = stored("a.parquet", written(CHAT, row_group_size=15, store_schema=stored_schema))

    chats = seen(file, "parquet", text_fields=("messages[].content",), batch_bytes=100)
    lines = seen(file, "parquet", text_fields=("text", "lines[]"), batch_bytes=100)

    assert (chats.texts, chats.ordinals) == ([*CHATS, ""], [*range(40), 41])
    assert chats.codes == [(40, "null_text"), (42, "null_text"), (43, "null_text")]
    assert (lines.texts, lines.ordinals) == ([*(f"a\nb{n}" for n in range(41)), ""], [*range(41), 42])
    assert (chats.text_fields, lines.text_fields) == ({"messages[].content"}, {"lines[]"})


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view(), pa.binary()])
def test_the_strings_of_a_list_may_be_of_any_kind(stored: Stored, seen: Seen, kind: pa.DataType) -> None:
    table = pa.table({"text": pa.array([["é", None], []], pa.list_(pa.string())).cast(pa.list_(kind))})

    assert seen(stored("a.parquet", written(table)), "parquet", text_fields=("text[]",)).texts == ["é", ""]


@pytest.mark.parametrize(
    "kind", [pa.string_view(), pa.binary_view(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())]
)
def test_texts_of_every_kind_can_be_picked(stored: Stored, kind: pa.DataType) -> None:
    file = stored("a.parquet", written(pa.table({"text": pa.array(["a", None, "é", "b"]).cast(kind)})))

    picked = list(parquet.READER.pick(file, ReadOptions(), np.array([0, 2]), None))

    assert [item.text.to_pylist() for item in picked if isinstance(item, TextBatch)] == [["a", "é"]]


def test_texts_in_lists_are_picked_and_sampled_like_others(stored: Stored) -> None:
    data = written(CHAT, row_group_size=15)
    file = stored("a.parquet", data)
    options = ReadOptions(text_fields=("messages[].content",))

    picked = list(parquet.READER.pick(file, options, np.array([3, 41]), None))
    samples = list(parquet.READER.sample(file, 1_000_000, options))

    batches = [item for item in picked if isinstance(item, TextBatch)]
    assert [(batch.ordinal.tolist(), batch.text.to_pylist()) for batch in batches] == [([3], [CHATS[3]]), ([41], [""])]
    assert sum(sample.documents for sample in samples) == len(CHATS) + 1
    assert parquet.READER.has_field(file, ["messages[].content"])
    assert not parquet.READER.has_field(file, ["messages[].text", "line"])


def test_the_sample_of_a_large_file_of_chats_knows_its_rows_and_text(stored: Stored) -> None:
    texts = [np.random.default_rng(n).integers(97, 123, 400, np.uint8).tobytes().decode() for n in range(1_000)]
    table = pa.table({"messages": [[{"content": text}] for text in texts]})
    file = stored("a.parquet", written(table, row_group_size=100))

    options = ReadOptions(text_fields=("messages[].content",), batch_bytes=10_000)
    (sample,) = parquet.READER.sample(file, 20_000, options)

    assert (sample.documents, sample.text_bytes) == (1_000, 400_000)


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("dictionary", [True, False])
@pytest.mark.parametrize("sums", [True, False])
def test_a_file_is_checked_if_its_pages_have_check_sums(
    *, stored: Stored, version: str, dictionary: bool, sums: bool
) -> None:
    options = {"data_page_version": version, "use_dictionary": dictionary, "row_group_size": 15}
    file = stored("a.parquet", written(SAMPLE, write_page_checksum=sums, **options))

    assert parquet.READER.is_checked(file) is sums


def test_a_file_is_not_checked_if_one_row_group_lacks_check_sums(stored: Stored) -> None:
    data = bytearray(written(SAMPLE, row_group_size=15, write_page_checksum=True, use_dictionary=False))
    chunk = pq.ParquetFile(io.BytesIO(bytes(data))).metadata.row_group(1).column(0)
    assert data[chunk.data_page_offset] == 0x15
    data[chunk.data_page_offset] = 0x25  # as if the header began with another field

    assert not parquet.READER.is_checked(stored("a.parquet", bytes(data)))


def test_a_file_that_can_not_be_read_or_has_no_text_is_not_checked(stored: Stored) -> None:
    numbers = written(pa.table({"n": [1]}), write_page_checksum=True)

    assert not parquet.READER.is_checked(stored("a.parquet", numbers))
    assert not parquet.READER.is_checked(stored("a.parquet", CHECKED[:-9]))
    assert not parquet.READER.is_checked(InputFile("/no/such/file.parquet", "x", 0, ""))


def test_of_a_file_of_many_row_groups_some_are_looked_at(stored: Stored) -> None:
    data = written(pa.table({"text": list("abcdefghij")}), row_group_size=1, write_page_checksum=True)
    raw = Counting(data)

    assert have_check_sums(raw, pq.ParquetFile(io.BytesIO(data)), most=3)
    assert raw.taken == 3 * 2 * 64
    assert parquet.READER.is_checked(stored("a.parquet", data))


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_a_text_over_the_limit_is_one_bad_record(stored: Stored, seen: Seen, kind: pa.DataType) -> None:
    sink = io.BytesIO()
    column = pa.array(["a", "b" * 51, None, "c" * 50], pa.string())
    pq.write_table(pa.table({"text": column.cast(kind), "name": pa.array(list("wxyz"))}), sink)

    found = seen(stored("a.parquet", sink.getvalue()), "parquet", limits=Limits(record=50), labels={"name": "name"})

    assert (found.texts, found.ordinals) == (["a", "c" * 50], [0, 3])
    assert found.labels == {"name": ["w", "z"]}
    assert sorted(found.codes) == [(1, "too_large"), (2, "null_text")]


@pytest.mark.parametrize("column", [["a text " * 1_000] * 3_000, [None] * 30_000], ids=["texts", "nulls"])
def test_a_bomb_of_one_text_or_null_again_and_again_is_refused(stored: Stored, seen: Seen, column: list[Any]) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": pa.array(column, pa.string())}), sink)
    file = stored("a.parquet", sink.getvalue())

    found = seen(file, "parquet", limits=Limits(ratio_from=10_000_000), batch_bytes=1_000_000)

    assert found.refused == "too_large"
    assert 9_000 < len(found.bad) < 11_000 if column[0] is None else 1_200 < len(found.texts) < 1_600
    assert seen(file, "parquet", limits=Limits(ratio_from=100_000_000)).refused is None
