"""JSON lines: one object a line, its text in a field.

A line of blanks is no record; a byte order mark at the very start is passed over; of a key given twice the
last counts.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa

from tokaudit.paths import InputFile
from tokaudit.readers._faults import FileFault, yields_faults
from tokaudit.readers._fields import as_label, find
from tokaudit.readers._json_faults import no_object, no_text, unparsed
from tokaudit.readers._magic import UTF8_BOM, binary_format, compression_suffix, other_unicode
from tokaudit.readers._streams import ByteStream, open_stream
from tokaudit.records import BadRecord, Int64, ReadOptions, TextBatch

_PIECE: Final = 1 << 22
# A longer line is no document; unbounded, a small compressed file could fill the memory with one.
_LINE_LIMIT: Final = 1 << 30
_BLANKS: Final = b" \t\r"


class _Batches:
    """Gathers documents until they make a batch."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._start()

    def _start(self) -> None:
        self._texts: list[str] = []
        self._ordinals: list[int] = []
        self._offsets: list[int] = []
        self._labels: dict[str, list[str | None]] = {name: [] for name in self._options.labels}
        self._bytes = 0

    def would_overflow(self, size: int) -> bool:
        """Whether the batch must be taken before a document of ``size`` bytes is added."""
        return bool(self._texts) and self._bytes + size > self._options.batch_bytes

    def add(self, text: str, record: dict[str, Any], ordinal: int, offset: int, size: int) -> None:
        self._texts.append(text)
        self._ordinals.append(ordinal)
        self._offsets.append(offset)
        self._bytes += size
        for name, field in self._options.labels.items():
            self._labels[name].append(as_label(find(record, field)))

    def take(self, position: int) -> Iterator[TextBatch]:
        """The batch, if anything is in it."""
        if self._texts:
            yield TextBatch(
                text=pa.array(self._texts, pa.large_string()),
                ordinal=np.array(self._ordinals, np.int64),
                offset=pa.array(self._offsets, pa.int64()),
                labels={name: pa.array(values, pa.string()) for name, values in self._labels.items()},
                position=position,
            )
            self._start()


def _lines(piece: bytes, stream: ByteStream) -> Iterator[list[bytes]]:
    """Lines without their line feeds, of ``piece`` and what follows it, some megabytes at a time."""
    held: list[bytes] = []
    size = 0
    while piece:
        lines = piece.split(b"\n")
        if len(lines) > 1:
            lines[0] = b"".join([*held, lines[0]])
            held, size = [lines.pop()], 0
            yield lines
        else:
            held.append(piece)
        size += len(held[-1])
        if size > _LINE_LIMIT:
            raise FileFault("malformed", f"a line longer than {_LINE_LIMIT} bytes: this is no file of JSON lines")
        piece = stream.read(_PIECE)
    yield [b"".join(held)]


def _not_lines(head: bytes) -> FileFault | None:
    """What is wrong with a file that begins so, None if nothing can be said yet."""
    if found := binary_format(head):
        return FileFault("wrong_format", f"not JSON lines: it is {found}")
    if found := other_unicode(head):
        return FileFault("encoding", f"it looks like {found}: JSON lines are UTF-8, convert it")
    return None


def _document(
    line: bytes, options: ReadOptions, ordinal: int, offset: int, number: int | None
) -> tuple[str, dict[str, Any]] | BadRecord | None:
    """The text of a line and its whole record, or what is wrong with it; None for a line of blanks."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        if not line.strip(_BLANKS):
            return None
        code, why = unparsed(line, error)
    else:
        if isinstance(record, dict):
            text = find(record, options.text_field)
            if isinstance(text, str):
                return text, record
            code, why = no_text(record, options.text_field, text)
        else:
            code, why = no_object(record)
    return BadRecord(ordinal, offset, code, why if number is None else f"line {number}: {why}", number)


def _size(text: str, line: bytes) -> int:
    """Bytes of the text in UTF-8, or a little more: a text is never longer than its JSON."""
    return len(text) if text.isascii() else len(line)


class Jsonl:
    """Reads JSON lines, compressed or not."""

    suffixes = (".jsonl", ".ndjson", ".jsonlines")

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[TextBatch | BadRecord]:
        """Documents and bad records; ``offset`` is the first byte of the record's line."""
        batches = _Batches(options)
        with open_stream(file) as stream:
            try:
                head = stream.read(_PIECE)
                if fault := _not_lines(head):
                    raise fault
                offset = len(UTF8_BOM) if head.startswith(UTF8_BOM) else 0
                ordinal = 0
                for number, line in enumerate(chain.from_iterable(_lines(head[offset:], stream)), 1):
                    found = _document(line, options, ordinal, offset, number)
                    if found is not None:
                        if isinstance(found, BadRecord):
                            yield found
                        else:
                            text, record = found
                            size = _size(text, line)
                            if batches.would_overflow(size):
                                yield from batches.take(stream.position())
                            batches.add(text, record, ordinal, offset, size)
                        ordinal += 1
                    offset += len(line) + 1
            except FileFault:
                yield from batches.take(stream.position())
                raise
            yield from batches.take(stream.position())

    @yields_faults
    def pick(
        self, file: InputFile, options: ReadOptions, ordinals: Int64, offsets: Int64 | None
    ) -> Iterator[TextBatch | BadRecord]:
        """The wanted records alone, if the file is not compressed and their offsets are known; else all."""
        if offsets is None or compression_suffix(file.name):
            yield from self.read(file, options)
            return
        batches = _Batches(options)
        with file.open() as raw:
            for ordinal, offset in zip(ordinals.tolist(), offsets.tolist(), strict=True):
                raw.seek(offset)
                line = raw.readline(_LINE_LIMIT).removesuffix(b"\n")
                found = _document(line, options, ordinal, offset, None)
                if isinstance(found, tuple):
                    text, record = found
                    size = _size(text, line)
                    if batches.would_overflow(size):
                        yield from batches.take(raw.tell())
                    batches.add(text, record, ordinal, offset, size)
                elif found is not None:
                    yield found
            yield from batches.take(raw.tell())


READER: Final = Jsonl()
