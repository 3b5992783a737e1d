"""JSON lines in parts: together they have what the whole file has."""

import gzip
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.core.batches import BadRecord, TextBatch
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats.jsonl import READER
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.parts import PartEnd

Stored = Callable[[str, bytes], InputFile]

LINES = st.sampled_from(
    [
        b'{"text": "one"}',
        b'{"text": "two", "body": "2"}',
        b'{"body": "three"}',
        b'{"text": null}',
        b'["four"]',
        b"no JSON",
        b"\x1f\x8b\x08 like gzip",
        b"",
        b"  ",
        b'{"text": "' + b"5" * 70 + b'"}',
    ]
)
FIELDS = st.sampled_from([("text",), ("text", "body"), ("body", "text")])


def everything(found: Any, records: int = 0, lines: int = 0) -> tuple[list[tuple[Any, ...]], list[PartEnd]]:
    """Documents and bad records with their places in the file, and the ends of parts."""
    seen: list[tuple[Any, ...]] = []
    ends = []
    for each in found:
        if isinstance(each, PartEnd):
            ends.append(each)
        elif isinstance(each, BadRecord):
            ordinal = None if each.ordinal is None else each.ordinal + records
            why = each.why.removeprefix(f"line {each.line}: ")
            seen.append((ordinal, each.offset, each.code, why, each.line and each.line + lines))
        else:
            assert isinstance(each, TextBatch)
            rows = zip(each.text.to_pylist(), each.ordinal.tolist(), each.offset.to_pylist(), strict=True)
            seen += [(ordinal + records, offset, text, each.text_field) for text, ordinal, offset in rows]
    return sorted(seen, key=repr), ends


def in_parts(file: InputFile, options: ReadOptions, size: int) -> tuple[list[tuple[Any, ...]], int]:
    """The same of all parts of a file, and how many these are."""
    seen: list[tuple[Any, ...]] = []
    records = lines = 0
    parts = READER.parts(file, options, size)
    for part in parts:
        found, (end,) = everything(READER.read_part(file, options, part), records, lines)
        seen += found
        records, lines = records + end.records, lines + end.lines
    return sorted(seen, key=repr), len(parts)


@settings(deadline=None, max_examples=150)
@given(
    lines=st.lists(LINES, max_size=30),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
    end=st.sampled_from([b"\n", b""]),
    fields=FIELDS,
    size=st.integers(1, 200),
)
def test_the_parts_of_a_file_have_what_the_whole_file_has(
    stored: Stored, lines: list[bytes], mark: bytes, end: bytes, fields: tuple[str, ...], size: int
) -> None:
    # The first object decides on the field. Before it, the whole file looks for the first one that has a field.
    file = stored("a.jsonl", mark + b"\n".join([b'{"text": "zero"}', *lines]) + end)
    options = ReadOptions(text_fields=fields, batch_bytes=100)
    whole, _ = everything(READER.read(file, options))

    found, number = in_parts(file, options, size)

    assert found == whole
    assert number >= 1


def test_a_line_belongs_to_the_part_in_which_it_begins(stored: Stored) -> None:
    file = stored("a.jsonl", b'{"text": "one"}\n{"text": "two"}\n{"text": "three"}\n')

    parts = READER.parts(file, ReadOptions(), 20)

    assert [(part.begin, part.end, part.first, part.last) for part in parts] == [
        (0, 32, True, False),
        (32, 50, False, True),
    ]


def test_the_first_object_decides_on_the_field_of_all_parts(stored: Stored) -> None:
    file = stored("a.jsonl", b'{"body": "one"}\n{"text": "two", "body": "2"}\n')
    _, last = READER.parts(file, ReadOptions(), 10)

    assert last.text_field == "body"


def test_a_compressed_file_has_no_parts(stored: Stored) -> None:
    assert READER.parts(stored("a.jsonl.gz", gzip.compress(b'{"text": "one"}\n' * 9)), ReadOptions(), 10) == ()


def test_a_file_whose_first_object_has_no_text_has_no_parts(stored: Stored) -> None:
    assert READER.parts(stored("a.jsonl", b'{"a": 1}\n{"text": "two"}\n'), ReadOptions(), 10) == ()


def test_a_file_that_is_gone_has_no_parts() -> None:
    assert READER.parts(InputFile("/nowhere/a.jsonl", "a.jsonl", 99, ""), ReadOptions(), 10) == ()
