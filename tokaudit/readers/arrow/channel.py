"""Messages between this process and the one that reads Arrow files: a JSON object and some bytes, through pipes."""

import io
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import IO, Any, Final, cast

import numpy as np
import orjson
import pyarrow as pa

from tokaudit.core.arrow import integers, to_arrow
from tokaudit.core.batches import BadRecord, Found, TextBatch
from tokaudit.core.types import UInt8

_SIZES: Final = struct.Struct("<IQ")
_MOST_HEADER: Final = 1 << 24
_NOTHING: Final = b""
_TEXT: Final = "text"
_ORDINAL: Final = "ordinal"
_LABEL: Final = "label:"


class ClosedError(Exception):
    """The other process has ended."""


class Channel:
    """Two unbuffered pipes to another process."""

    def __init__(self, incoming: IO[bytes], outgoing: IO[bytes]) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    def send(self, header: Mapping[str, Any], payload: Any = _NOTHING) -> None:
        """Send a message.

        Raises:
            ClosedError: the other process has ended.
        """
        view = memoryview(payload)
        head = orjson.dumps(header)
        try:
            self._write(memoryview(_SIZES.pack(len(head), view.nbytes) + head))
            self._write(view)
        except (OSError, ValueError) as error:  # a ValueError if this end is closed
            raise ClosedError from error

    def _write(self, view: memoryview) -> None:
        while view:
            view = view[self._outgoing.write(view) :]

    def receive(self) -> tuple[dict[str, Any], UInt8]:
        """Receive a message.

        Raises:
            ClosedError: the other process has ended.
        """
        head, size = _SIZES.unpack(self._read(_SIZES.size).tobytes())
        if head > _MOST_HEADER:
            raise ClosedError
        return orjson.loads(self._read(head).tobytes()), self._read(size)

    def _read(self, size: int) -> UInt8:
        try:
            data = np.empty(size, np.uint8)
            view = memoryview(cast("Any", data))
            while view:
                read = self._incoming.readinto(view)  # type: ignore[attr-defined] # every raw file has it
                if not read:
                    raise ClosedError
                view = view[read:]
        except (OSError, MemoryError, ValueError) as error:
            raise ClosedError from error
        return data

    def close(self) -> None:
        """Close both pipes, at which the other process ends."""
        for pipe in (self._incoming, self._outgoing):
            with suppress(OSError):
                pipe.close()


def packed(found: Found) -> tuple[dict[str, Any], Any]:
    """What a reader found, as a message."""
    if not isinstance(found, TextBatch):
        return {"kind": "bad", "record": asdict(found)}, _NOTHING
    names = [_TEXT, _ORDINAL, *(_LABEL + name for name in found.labels)]
    columns = [found.text, to_arrow(found.ordinal), *found.labels.values()]
    batch = pa.RecordBatch.from_arrays(columns, names=names)
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return {"kind": "batch", "position": found.position, "field": found.text_field}, sink.getbuffer()


def unpacked(header: Mapping[str, Any], payload: UInt8) -> Found:
    """What a reader found in the other process.

    Raises:
        ClosedError: the message is damaged, so the other process is.
    """
    try:
        if header["kind"] == "bad":
            return BadRecord(**header["record"])
        with pa.ipc.open_stream(pa.py_buffer(payload)) as stream:
            batch = stream.read_next_batch()
        batch.validate(full=True)
        labels = {name[len(_LABEL) :]: batch.column(name) for name in batch.schema.names if name.startswith(_LABEL)}
        text, ordinals = batch.column(_TEXT), batch.column(_ORDINAL)
        if text.null_count or text.type != pa.large_string() or ordinals.type != pa.int64():
            raise ClosedError
        nothing = pa.nulls(len(text), pa.int64())
        return TextBatch(text, integers(ordinals), nothing, labels, int(header["position"]), header["field"])
    except (KeyError, TypeError, ValueError, StopIteration, pa.ArrowException) as error:
        raise ClosedError from error
