"""CSV: every row is what Python's csv module reads, or a bad record, wherever the pieces of the file end."""

import bz2
import csv
import gzip
import io
import lzma
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokaudit.core.batches import BadRecord, TextBatch
from tokaudit.readers.csv.records import CsvRecords
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import csv as csv_format
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reread import read_ordinals
from tokaudit.readers.unpack.limits import Limits

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]


@dataclass
class Expected:
    """What the csv module reads: documents by ordinal, and the ordinals, offsets and lines of malformed rows."""

    texts: dict[int, str] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    offsets: dict[int, int] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)
    malformed: list[int] = field(default_factory=list)
    open: bool = False


def rows(text: str, separator: str) -> Iterator[tuple[list[str], str, int, int]]:
    """Each row that is not blank, its characters, its first byte and its first line."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    offset = 0
    reader = csv.reader(lines(), delimiter=separator)
    before = 0
    for row in reader:
        raw = "".join(taken)
        taken.clear()
        if row:
            yield row, raw, offset, before + 1
        offset += len(raw.encode())
        before = reader.line_num


def expected(text: str, separator: str, columns: int, place: int, label: int) -> Expected:
    """Read a table whose first row is the header."""
    found = Expected()
    for ordinal, (row, raw, offset, line) in enumerate(rows(text, separator), -1):
        if ordinal < 0:
            continue
        found.offsets[ordinal], found.lines[ordinal] = offset, line
        if len([each for each in csv.reader(io.StringIO(f"{raw}\nz", newline=""), delimiter=separator) if each]) == 1:
            found.open = True  # the line break became part of a cell
            break
        try:
            list(csv.reader(io.StringIO(raw, newline=""), delimiter=separator, strict=True))
        except csv.Error:
            found.malformed.append(ordinal)
            continue
        if len(row) != columns:
            found.malformed.append(ordinal)
        else:
            found.texts[ordinal], found.labels[ordinal] = row[place], row[label]
    return found


PARTS = [
    "a",
    "é",
    '"',
    '"',
    '""',
    "{s}",
    "{s}",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\0",
    ",",
    ";",
    "long words ",
    '"x"',
    '{s}"',
    '"\n',
]
"""Parts of tables; ``{s}`` is the separator."""


@settings(max_examples=300)
@given(
    parts=st.lists(st.sampled_from(PARTS), max_size=40),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    mark=st.booleans(),
    batch=st.integers(1, 40),
    documents=st.integers(1, 4),
)
@example(parts=['"', "a", '"', "a", '"'], separator=",", end="\n", mark=False, batch=1, documents=1)
def test_rows_are_those_of_the_csv_module_wherever_pieces_end(
    *,
    stored: Stored,
    seen: Seen,
    parts: list[str],
    separator: str,
    end: str,
    mark: bool,
    batch: int,
    documents: int,
) -> None:
    body = "".join(parts).replace("{s}", separator)
    text = f'"id"{separator}text{end}{body}'
    wanted = expected(text, separator, 2, 1, 0)
    data = b"\xef\xbb\xbf" * mark + text.encode()

    found = seen(
        stored("a.csv", data), "csv", batch_bytes=batch, batch_documents=documents, labels={"id": "id", "no": "nowhere"}
    )

    assert dict(zip(found.ordinals, found.texts, strict=True)) == wanted.texts
    assert [bad.ordinal for bad in found.bad if bad.ordinal is not None] == wanted.malformed
    assert found.refused == ("malformed" if wanted.open else None)
    assert found.labels.get("id", []) == list(wanted.labels.values())
    assert set(found.labels.get("no", [])) <= {None}
    assert found.offsets == [wanted.offsets[ordinal] + 3 * mark for ordinal in found.ordinals]
    for bad in found.bad:
        if bad.ordinal is not None:
            assert (bad.offset, bad.line) == (wanted.offsets[bad.ordinal] + 3 * mark, wanted.lines[bad.ordinal])
            assert bad.why.startswith(f"line {bad.line}: ")
    if wanted.open:
        assert f"line {wanted.lines[max(wanted.lines)]}: a quote is never closed" in found.bad[-1].why
    assert all(len(texts) <= documents for texts in found.batches)


CELLS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('",;\n\r\t|'), max_size=12)


@settings(max_examples=200)
@given(
    table=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=30),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
    end=st.sampled_from(["\n", "\r\n"]),
    batch=st.integers(1, 200),
)
def test_what_the_csv_module_writes_is_read_back(
    *,
    stored: Stored,
    seen: Seen,
    table: list[tuple[str, str, str]],
    separator: str,
    quoting: Any,
    end: str,
    batch: int,
) -> None:
    if end == "\n":
        quoting = csv.QUOTE_ALL  # with other settings, this writer does not quote a carriage return
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, delimiter=separator, quoting=quoting, lineterminator=end)
    writer.writerow(["a", "text", "b"])
    writer.writerows(table)

    found = seen(stored("a.csv", sink.getvalue().encode()), "csv", batch_bytes=batch, labels={"b": "b"})

    assert found.texts == [text for _, text, _ in table]
    assert (found.ordinals, found.bad) == (list(range(len(table))), [])
    assert found.labels.get("b", []) == [label for _, _, label in table]


def test_values_stay_text_and_an_empty_cell_is_an_empty_document(stored: Stored, seen: Seen) -> None:
    cells = ["NA", "null", "1", "007", "", "true", "=1+1", "NaN"]
    data = "id,text\n" + "".join(f"{number},{cell}\n" for number, cell in enumerate(cells))

    found = seen(stored("a.csv", data.encode()), "csv")

    assert (found.texts, found.bad, found.text_fields) == (cells, [], {"text"})


@pytest.mark.slow
def test_the_lines_of_many_malformed_rows_are_found_in_one_pass(stored: Stored, seen: Seen) -> None:
    file = stored("a.csv", b"id,text\n" + b"1,2,3\r\n\r1,2\n" * 150_000)
    begun = time.process_time()

    found = seen(file, "csv", batch_bytes=2_000_000)

    assert time.process_time() - begun < 15
    assert [bad.line for bad in found.bad] == list(range(2, 2 + 3 * 150_000, 3))


def test_blank_lines_are_not_records_but_a_quoted_empty_row_is(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.csv", b'\n\ntext\n\na\r\n\r\n""\n\nb'), "csv")

    assert (found.texts, found.ordinals, found.offsets) == (["a", "", "b"], [0, 1, 2], [8, 13, 17])


@pytest.mark.parametrize("data", [b"", b"\n\r\n", b"text\n", b"text", b"\xef\xbb\xbftext\r\n"])
def test_a_file_without_rows_has_no_documents_and_no_fault(stored: Stored, seen: Seen, data: bytes) -> None:
    found = seen(stored("a.csv", data), "csv")

    assert (found.texts, found.bad) == ([], [])


@pytest.mark.parametrize(
    ("name", "header", "row"),
    [
        ("a.csv", "text,url", "b,c"),
        ("a.csv", "text;url,other", "b;c,d"),
        ("a.csv", "url\ttext", "b\tc"),
        ("a.csv", "url|text|x", "a|b|c"),
        ("a.tsv", "url\ttext", "a, b\tc"),
        ("a.tsv", "text", "a, b"),
        ("a.tsv", "id,text", "1,b\tc"),
        ("a.psv.gz", "text", "a, b"),
        ("a.csv", '"text","a;b;c;d"', "a,b"),
        ("a.csv", "text,my;own;words", "a,b"),
    ],
)
def test_the_separator_is_the_one_with_which_the_header_has_a_text_column(
    *, stored: Stored, seen: Seen, name: str, header: str, row: str
) -> None:
    data = f"{header}\n{row}\n".encode()

    found = seen(stored(name, gzip.compress(data) if name.endswith(".gz") else data), "csv")

    separator = max(
        ",;\t|", key=lambda each: ("text" in next(csv.reader([header], delimiter=each)), header.count(each))
    )
    if header == "text":
        separator = "\t"
    names, values = next(csv.reader([header], delimiter=separator)), next(csv.reader([row], delimiter=separator))
    assert (found.texts, found.bad) == ([values[names.index("text")]], [])


def test_the_first_wanted_column_that_the_header_has_is_read(stored: Stored, seen: Seen) -> None:
    file = stored("a.csv", b"body,content\nx,y\n")

    assert seen(file, "csv").texts == ["y"]
    assert seen(file, "csv", text_fields=("none", "body")).text_fields == {"body"}


def test_a_file_without_a_known_column_is_refused_with_its_first_row(stored: Stored, seen: Seen) -> None:
    headless = seen(stored("a.csv", f"1,{'long text ' * 9}\n2,b\n".encode()), "csv").bad[0]
    other = seen(InputFile(stored("a.csv", b"id,summary\n1,long\n").path, "sub/a.csv", 20, ""), "csv").bad[0]

    assert (headless.ordinal, headless.code) == (None, "no_text")
    assert "only '1', 'long text long text long text long text …'; the first row must name the columns" in headless.why
    assert other.why.endswith(
        "only 'id', 'summary'; pass --text-field sub/a.csv=summary to read it, or --exclude sub/a.csv to leave it out"
    )


def test_a_needed_column_that_is_there_twice_is_refused(stored: Stored, seen: Seen) -> None:
    file = stored("a.csv", b"text,x,x,\na,b,c,d\n")

    assert seen(file, "csv").texts == ["a"]
    assert seen(file, "csv", labels={"x": "x"}).refused == "wrong_format"
    assert seen(stored("a.csv", b"text,text\na,b\n"), "csv").refused == "wrong_format"


def test_ragged_rows_are_bad_records_with_their_line(stored: Stored, seen: Seen) -> None:
    found = seen(stored("a.csv", b'id,text\n1,"a\nb"\n2\n3,c\n4,d,e\n5,f'), "csv")

    assert (found.texts, found.ordinals) == (["a\nb", "c", "f"], [0, 2, 4])
    assert [(bad.ordinal, bad.code, bad.line, bad.offset) for bad in found.bad] == [
        (1, "malformed", 4, 16),
        (3, "malformed", 6, 22),
    ]
    assert found.bad[1].why == "line 6: has 3 cells, but the header has 2"


def test_bytes_that_are_not_utf8_lose_only_their_record(stored: Stored, seen: Seen) -> None:
    data = b'id,text\n1,a\n2,b\xff\n3,"\xc3\n"\n\xe9,d\n'

    found = seen(stored("a.csv", data), "csv", labels={"id": "id"})

    assert (found.texts, found.ordinals, found.codes) == (["a", "d"], [0, 3], [(1, "encoding"), (2, "encoding")])
    assert found.labels == {"id": ["1", "�"]}
    assert found.bad[0].why == "line 3: byte 2 of the text is not valid UTF-8"


@pytest.mark.parametrize(
    ("data", "code", "why"),
    [
        (gzip.compress(gzip.compress(b"text\na\n", mtime=0), mtime=0), "wrong_format", "it is gzip"),
        (b"PK\x03\x04....", "wrong_format", "is not CSV: it is a zip archive"),
        ("text\na\n".encode("utf-16"), "encoding", "looks like UTF-16: convert it to UTF-8"),
        ("text\na\n".encode("utf-16-le"), "wrong_format", "contains a zero byte, so it is binary or UTF-16"),
        (b"x" * 200_000 + b",text\na,b\n", "malformed", "its first row is longer than 131072 characters"),
        (b'text\n"a\n' + b"b\n" * 99, "malformed", "line 2: a quote is never closed"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_with_the_reason(
    *, stored: Stored, seen: Seen, data: bytes, code: str, why: str
) -> None:
    found = seen(stored("a.csv", data), "csv", batch_bytes=64)

    assert (found.texts, found.refused) == ([], code)
    assert why in found.bad[0].why


@pytest.mark.parametrize("quoted", [True, False])
@pytest.mark.parametrize("batch", [10, 100, 1000, 100_000])
def test_a_row_over_the_limit_is_a_bad_record_and_its_neighbours_are_kept(
    *, stored: Stored, seen: Seen, quoted: bool, batch: int
) -> None:
    long = b'"' + b'x"",\n' * 900 + b'"' if quoted else b"y" * 4500
    data = b"id,text\n1,a\n2," + long + b"\n3,c\n4," + long + b"\n5,d\n6," + long

    found = seen(stored("a.csv", data), "csv", batch_bytes=batch, limits=Limits(record=1000))

    assert (found.texts, found.ordinals) == (["a", "c", "d"], [0, 2, 4])
    assert [(bad.ordinal, bad.code, bad.offset) for bad in found.bad] == [
        (1, "too_large", data.index(b"2,")),
        (3, "too_large", data.index(b"4,")),
        (5, "too_large", data.index(b"6,")),
    ]
    assert [bad.line for bad in found.bad] == [data[: bad.offset].count(b"\n") + 1 for bad in found.bad]


PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor().compress,
    "": bytes,
}
SAMPLE = b"id,text\n" + b"".join(b'%d,"text ""%d"", of some\nwords"\n' % (n, n * n) for n in range(200))
WHOLE = [row[1] for row, *_ in rows(SAMPLE.decode(), ",")][1:]


@pytest.mark.parametrize("suffix", PACK)
def test_any_compression_gives_the_same_rows(stored: Stored, seen: Seen, suffix: str) -> None:
    file = stored(f"a.csv{suffix}", PACK[suffix](SAMPLE))

    found = seen(file, "csv", batch_bytes=500)

    assert found.texts == WHOLE
    assert found.positions[-1] == file.size


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("near", [0, 1 << 16])
def test_picked_rows_are_those_that_were_read(
    *, stored: Stored, monkeypatch: pytest.MonkeyPatch, suffix: str, near: int, named: bool
) -> None:
    monkeypatch.setattr(csv_format, "_NEAR", near or 1)
    file = stored(f"a.csv{suffix if named else ''}", PACK[suffix](SAMPLE))
    options = ReadOptions(batch_bytes=100)
    every = [item for item in csv_format.READER.read(file, options) if isinstance(item, TextBatch)]
    offsets = np.concatenate([batch.offset.to_numpy() for batch in every])
    wanted = np.array([0, 3, 4, 70, 199])

    picked = read_ordinals(csv_format.READER, file, options, wanted, offsets[wanted])
    unplaced = read_ordinals(csv_format.READER, file, options, wanted, None)

    for found in (list(picked), list(unplaced)):
        assert [text for batch in found for text in batch.text.to_pylist()] == [WHOLE[n] for n in wanted]
        assert np.concatenate([batch.ordinal for batch in found]).tolist() == wanted.tolist()
    assert csv_format.READER.starts(file).tolist() == [0]


def test_picking_from_a_file_that_was_emptied_gives_nothing(stored: Stored) -> None:
    assert list(csv_format.READER.pick(stored("a.csv", b""), ReadOptions(), np.array([0]), np.array([5]))) == []


def test_the_first_row_says_whether_a_file_has_a_column(stored: Stored) -> None:
    has_field = csv_format.READER.has_field

    assert has_field(stored("a.csv", b"id;text\n"), ["body", "text"])
    assert not has_field(stored("a.csv", b"id;text\n"), ["body"])
    assert has_field(stored("a.csv", b""), ["body"])
    assert has_field(InputFile("/no/such/file.csv", "x", 0, ""), ["body"])


def test_only_a_compression_gives_a_csv_file_check_sums(tmp_path: Path) -> None:
    for suffix, checked in {"": False, ".gz": True}.items():
        path = tmp_path / f"a.csv{suffix}"
        path.write_bytes(PACK[suffix](SAMPLE))
        assert csv_format.READER.is_checked(InputFile(str(path), path.name, 1, "")) is checked


@pytest.mark.slow
def test_a_cell_of_two_hundred_megabytes_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    cell = b'words of ""some"" kind,\n' * 8_500_000
    path.write_bytes(b'id,text\n1,a\n2,"' + cell + b'"\n3,b\n')
    options = ReadOptions(limits=Limits(record=1 << 30))

    tracemalloc.start()
    found = []
    for item in csv_format.READER.read(InputFile(str(path), "a.csv", len(cell), ""), options):
        assert isinstance(item, TextBatch)
        found += [(len(text), hash(text)) for text in (value.as_py() for value in item.text)]
        del item
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    text = cell.decode().replace('""', '"')
    assert found == [(1, hash("a")), (len(text), hash(text)), (1, hash("b"))]
    assert peak < 6 * len(cell)


@pytest.mark.slow
@pytest.mark.parametrize("value", [b'""', b","])
def test_a_record_of_quotes_or_separators_takes_little_more_than_its_bytes(value: bytes) -> None:
    class Endless:
        left = 64 << 20

        def readinto(self, target: memoryview) -> int:
            size = min(len(target), self.left)
            target[:size] = (value * size)[:size]
            self.left -= size
            return size

    tracemalloc.start()
    records = CsvRecords(Endless(), ord(","), 3, 1 << 20, 1 << 25)
    while records.take() is not None:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 5 << 25


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_damage_never_raises_and_is_noticed_where_there_are_check_sums(
    *, stored: Stored, seen: Seen, suffix: str
) -> None:
    data = PACK[suffix](SAMPLE)
    chance = random.Random(7)
    spoilt = [data[: chance.randrange(len(data))] for _ in range(60)]
    for _ in range(120):
        flipped = bytearray(data)
        flipped[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        spoilt.append(bytes(flipped))

    unseen = 0
    for each in spoilt:
        found = seen(stored(f"a.csv{suffix}", each), "csv", batch_bytes=1000)
        unseen += not found.bad and found.texts != WHOLE

    assert unseen == 0 or not suffix
    assert all(isinstance(bad, BadRecord) for bad in found.bad)
