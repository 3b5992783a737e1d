"""What a reader finds in another process, as messages."""

import io
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import pyarrow as pa

from tokaudit.core.arrow import integers, to_arrow
from tokaudit.core.batches import BadRecord, Found, TextBatch
from tokaudit.core.types import UInt8
from tokaudit.readers.processes.channel import ClosedError

_TEXT: Final = "text"
_ORDINAL: Final = "ordinal"
_LABEL: Final = "label:"


def packed(found: Found) -> tuple[dict[str, Any], Any]:
    """What a reader found, as a message."""
    if not isinstance(found, TextBatch):
        return {"kind": "bad", "record": asdict(found)}, b""
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
