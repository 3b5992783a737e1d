"""What can be known about damaged JSON: whether a record ends where it seems, and whether it is only cut."""

import pytest

from tokaudit.readers.json.damage import has_sure_end, is_cut, line_of_records


@pytest.mark.parametrize(
    ("record", "sure"),
    [
        (b'{"a": 1,}', True),
        (b'{"a" 1 "b"}', True),
        (b'{"a": NaN, "b": [-Infinity, None, 1.5e+3, undefined]}', True),
        (b'{"a": "\xff \n \\" } ]"}', True),
        (b'{"a": "text}, {" text", "b": 1}', False),
        (b'{"a": [1}', False),
        (b'{"a": 1]}', False),
        (b'{"a": x}', False),
        (b"{'a': 1}", False),
        (b'{"a": truetrue}', False),
        (b'{"a": 1"}', False),
        (b"{" * 2_000_000 + b"}" * 2_000_000, False),
    ],
)
def test_a_record_ends_surely_if_no_quote_or_bracket_may_be_missing(record: bytes, sure: bool) -> None:
    assert has_sure_end(record) is sure


@pytest.mark.parametrize(
    ("record", "cut"),
    [(b'{"a": "b', True), (b'{"a": NaN, "\xc3', True), (b"{", True), (b'{"a": x', False), (b'{"a": 1}', False)],
)
def test_a_record_is_cut_if_it_has_no_other_fault(record: bytes, cut: bool) -> None:
    assert is_cut(record) is cut


@pytest.mark.parametrize(
    ("before", "record", "line"),
    [
        (b",\n  ", b'{"a', b'\n  {"b"'),
        (b"\n", b'{\n "a', b'\n{\n "b"'),
        (b",\r\n", b'{\r\n\t"a', b'\n{"b'),
        (b", ", b'{"a', None),
        (b"", b'{"a', None),
        (b"\n", b'{\n"a"', None),
        (b"\n ", b'{\n "a"', None),
    ],
)
def test_records_that_begin_lines_are_found_by_their_indentation(
    before: bytes, record: bytes, line: bytes | None
) -> None:
    found = line_of_records(before, record)

    assert (found is None) == (line is None)
    if found is not None and line is not None:
        assert found.search(line)
        assert not found.search(line.replace(b"\n", b"\n   "))
        assert not found.search(line.replace(b"\n", b" "))
