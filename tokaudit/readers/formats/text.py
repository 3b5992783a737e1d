"""Plain text: the whole file is one document, unchanged (with its line ends and byte order mark)."""

import struct
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from tokaudit.core.arrow import to_arrow
from tokaudit.core.batches import BadRecord, Found, TextBatch
from tokaudit.readers.faults import FileFault, yields_faults
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reader import Reader
from tokaudit.readers.samples import WINDOW_BYTES, FileSample, sample_windows, window_of_text
from tokaudit.readers.unpack.magic import binary_format, other_unicode
from tokaudit.readers.unpack.streams import read_whole

_START: Final = to_arrow([0])
_HEAD: Final = 32
_TEXTLIKE: Final = ("PDF", "WARC")


def _document(data: bytes | bytearray) -> pa.LargeStringArray:
    """The bytes as an array of one text, neither copied nor checked."""
    offsets = struct.pack("=qq", 0, len(data))  # a numpy array takes four times as long
    return pa.LargeStringArray.from_buffers(1, pa.py_buffer(offsets), pa.py_buffer(data))


def _undecodable(text: pa.LargeStringArray, data: bytes | bytearray) -> BadRecord | None:
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        try:
            data.decode()
        except UnicodeDecodeError as error:
            return BadRecord(
                0, 0, "encoding", f"is not valid UTF-8: byte {data[error.start]:#04x} at offset {error.start}"
            )
    return None


def _fault(text: pa.LargeStringArray, data: bytes | bytearray) -> BadRecord | None:
    """The bad record of bytes that are not text in UTF-8; None if they are.

    Raises:
        FileFault: they are something else than text, or in another form of Unicode.
    """
    head = bytes(data[:_HEAD])
    if found := other_unicode(head):
        raise FileFault("encoding", f"looks like {found}: convert it to UTF-8")
    bad = _undecodable(text, data)
    zero = data.find(0)
    found = binary_format(head)
    # A text may begin with PAR1 (a protein), so the mark alone is enough only for formats that are mostly text.
    if found and (zero >= 0 or bad or found in _TEXTLIKE):
        raise FileFault("wrong_format", f"is not text: it is {found}")
    if zero >= 0:
        raise FileFault("wrong_format", f"is not text: the byte at offset {zero} is zero, so it is a binary format")
    return bad


def _may_be_old(options: ReadOptions) -> bool:
    return options.members is not None and options.members.old_encodings


def _decoded(data: bytes) -> str | None:
    from tokaudit.readers.encodings.old_text import decode_old  # noqa: PLC0415 - takes long, and few files need it

    return decode_old(data)


def _from_old_encoding(data: bytes | bytearray, options: ReadOptions) -> pa.LargeStringArray | None:
    """The text of bytes that are not UTF-8; None if texts in old encodings do not count, or it is not sure which."""
    if not _may_be_old(options) or binary_format(bytes(data[:_HEAD])):
        return None
    text = _decoded(bytes(data))
    return None if text is None else _document(text.encode())


def _window_of_old_text(window: bytes, size: int, at_start: bool) -> FileSample:
    """A sample of one window, which may be in an old encoding: in UTF-8, it has other bytes than the file."""
    sample = window_of_text(window, size, at_start)
    text = None if window.isascii() else _decoded(window)
    if text is None:
        return sample
    return replace(window_of_text(text.encode(), size, at_start), stored=sample.stored, documents=sample.documents)


class Text(Reader):
    """Reads one document per file, compressed or not; an empty file has no document."""

    suffixes = (".txt", ".text", ".md", ".markdown", ".rst")
    documents_per_file = 1

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield the document, or a bad record; labels are null, because plain text has no fields."""
        data, position = read_whole(file, options.limits)
        if not data:
            return
        text: pa.LargeStringArray | None = _document(data)
        try:
            bad = _fault(text, data)
        except FileFault:
            text = _from_old_encoding(data, options)
            if text is None:
                raise
        else:
            text = _from_old_encoding(data, options) if bad else text
            if bad and text is None:
                yield bad
                return
        labels = {name: pa.nulls(1, pa.string()) for name in options.labels}
        yield TextBatch(text, np.zeros(1, np.int64), _START, labels, position)

    def sample(self, file: InputFile, budget: int, options: ReadOptions) -> Iterator[FileSample]:
        """Samples of a small file whole, or of windows of a large one."""
        small = file.size <= WINDOW_BYTES
        window = _window_of_old_text if _may_be_old(options) else window_of_text
        yield from super().sample(file, budget, options) if small else sample_windows(file, budget, window)


READER: Final = Text()
