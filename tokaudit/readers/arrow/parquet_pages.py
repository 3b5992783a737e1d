"""The headers of Parquet pages, which pyarrow hides: the size of a dictionary, and whether pages have check sums.

A header is a Thrift struct in the compact protocol (parquet.thrift, PageHeader). It begins with three numbers: the
type of the page, its unpacked and its packed size. The fourth, if there, is the check sum.
"""

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pyarrow.parquet as pq

_HEAD: Final = 64
_NEXT_NUMBER: Final = 0x15  # the field after the one before, a 32-bit integer
_BYTES: Final = "BYTE_ARRAY"
MOST_PAGES: Final = 4_096
MOST_REMOTE_PAGES: Final = 8


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A zigzag varint of Thrift's compact protocol, and the position after it."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return (value >> 1) ^ -(value & 1), at


def _numbers(raw: IO[bytes], place: int) -> list[int]:
    """The numbers that the page header at a place of the file begins with; empty if there is no header."""
    found: list[int] = []
    try:
        raw.seek(place)
        head = raw.read(_HEAD)
        at = 0
        while len(found) < 4 and head[at] == _NEXT_NUMBER:
            number, at = _varint(head, at + 1)
            found.append(number)
    except (IndexError, ValueError, TypeError):
        return []
    return found


def dictionary_bytes(raw: IO[bytes], chunk: "pq.ColumnChunkMetaData") -> int:
    """The unpacked size of a column chunk's dictionary in bytes, which limits the length of each text in it.

    If its header can't be parsed, the size of the whole chunk is returned.
    """
    numbers = _numbers(raw, chunk.dictionary_page_offset)
    return numbers[1] if len(numbers) > 1 and numbers[1] >= 0 else int(chunk.total_uncompressed_size)


def have_check_sums(raw: IO[bytes], parquet: "pq.ParquetFile", most: int = MOST_PAGES) -> bool:
    """Whether the pages of all columns that may contain text have check sums, which pyarrow verifies.

    A writer gives all pages of a file a check sum or none, but row groups of several files may be copied into one. So
    the dictionary and the first data page of each column of bytes are looked at in each row group. In a file with more
    than `most` such column chunks, `most` are looked at, evenly spread, so that the cost has a bound: a read of 64
    bytes for each, or on a remote file of one block.

    Args:
        raw: the file.
        parquet: the same file, opened.
        most: number of column chunks to look at.
    """
    meta = parquet.metadata
    columns = [n for n in range(meta.num_columns) if parquet.schema.column(n).physical_type == _BYTES]
    chunks = len(columns) * meta.num_row_groups
    if not chunks:
        return False
    looked = range(chunks) if chunks <= most else sorted({n * (chunks - 1) // (most - 1) for n in range(most)})
    places = (divmod(number, len(columns)) for number in looked)
    return all(_checked(raw, meta.row_group(group).column(columns[column])) for group, column in places)


def _checked(raw: IO[bytes], chunk: "pq.ColumnChunkMetaData") -> bool:
    return all(len(_numbers(raw, place)) == 4 for place in _pages(chunk))


def _pages(chunk: "pq.ColumnChunkMetaData") -> Iterator[int]:
    """Where the dictionary, if there is one, and the first data page of a column chunk are."""
    if chunk.has_dictionary_page:
        yield chunk.dictionary_page_offset
    if chunk.num_values:
        yield chunk.data_page_offset
