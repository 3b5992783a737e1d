"""Measured work in a file: for each batch an Arrow stream with its columns, and as metadata what is said of its files.

The last stream has no columns and says how many came before it, so that a file that is cut is noticed.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tokaudit.core.arrow import numbers, to_arrow
from tokaudit.core.batches import BackfillBatch, BadRecord, MeasuredBatch, Omitted, TextOrigin
from tokaudit.core.errors import InputError
from tokaudit.pipeline.measuring import MeasuredWork
from tokaudit.readers.parts import PartEnd

_ABOUT: Final = b"work"
_TOKENS: Final = "tokens "
_LABEL: Final = "label "


@dataclass(frozen=True, slots=True)
class ShardWork:
    """Measured work of a shard.

    Attributes:
        first: place of the first of its files in the shard.
        files: number of its files.
        work: the work. Its tokens are by the hash of the vocabulary; read from a file, it has no tasks.
    """

    first: int
    files: int
    work: MeasuredWork


def write_works(works: Iterable[ShardWork], file: Path) -> None:
    """Write work to a new file.

    Raises:
        OSError: it can't be written.
    """
    count = 0
    with pa.OSFile(str(file), "wb") as sink:
        for each in works:
            batch = each.work.batch
            _write(sink, {} if batch is None else _columns(batch), _about(each))
            count += 1
        _write(sink, {}, {"works": count})


def read_works(file: Path) -> Iterator[ShardWork]:
    """Yield the work in a file.

    Raises:
        InputError: the file is cut or damaged.
    """
    count = 0
    try:
        with pa.OSFile(str(file), "rb") as source:
            while True:
                about, columns = _read(source)
                if "works" in about:
                    break
                yield _work(about, columns)
                count += 1
    except (OSError, pa.ArrowException, ValueError, KeyError) as error:
        raise InputError(f"{file}: is damaged: {error}; remove it") from error
    if about["works"] != count:
        raise InputError(f"{file}: is damaged: it has {count} of {about['works']} batches; remove it")


def _write(sink: Any, columns: Mapping[str, pa.Array], about: Mapping[str, Any]) -> None:
    arrays = list(columns.values())
    # Text of a message may have half a surrogate pair, which only this module's escapes can express.
    metadata = {_ABOUT: json.dumps(about).encode()}
    schema = pa.schema([pa.field(name, of.type) for name, of in columns.items()], metadata)
    with pa.ipc.new_stream(sink, schema) as stream:
        if arrays:
            stream.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))


def _read(source: Any) -> tuple[Any, dict[str, pa.Array]]:
    with pa.ipc.open_stream(source) as stream:
        about = json.loads(stream.schema.metadata[_ABOUT])
        columns: dict[str, pa.Array] = {}
        for batch in stream:
            columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    return about, columns


def _columns(batch: MeasuredBatch | BackfillBatch) -> dict[str, pa.Array]:
    columns = {"ordinal": to_arrow(batch.ordinal), "bytes": to_arrow(batch.bytes), "keys": _fixed(batch.keys)}
    if isinstance(batch, MeasuredBatch):
        columns |= {
            "offset": batch.offset,
            "words": to_arrow(batch.words),
            "repeated": batch.bytes_repeated_inside,
            "signatures": _fixed(batch.signatures),
            "bands": _fixed(batch.bands),
        }
    columns |= {f"{_TOKENS}{sha256}": to_arrow(counts) for sha256, counts in batch.tokens.items()}
    return columns | {f"{_LABEL}{name}": values for name, values in batch.labels.items()}


def _fixed(values: npt.NDArray[Any]) -> pa.Array:
    """A column with the bytes of each row."""
    rows = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.binary(rows.shape[1] * rows.itemsize), len(rows), [None, pa.py_buffer(rows)])


def _rows(column: pa.Array, kind: type[np.integer[Any]]) -> npt.NDArray[Any]:
    """The rows of a column that `_fixed` made."""
    width = column.type.byte_width
    data = np.frombuffer(column.buffers()[1], np.uint8)[column.offset * width :][: len(column) * width]
    return data.view(kind).reshape(len(column), width // np.dtype(kind).itemsize)


def _about(each: ShardWork) -> dict[str, Any]:
    work = each.work
    return {
        "first": each.first,
        "files": each.files,
        "is_backfill": work.backfill is not None,
        "contents": work.contents,
        "checked": work.checked,
        "documents": work.documents.tolist(),
        "origins": [asdict(origin) for origin in work.origins],
        "bad": [(place, asdict(record)) for place, record in work.bad],
        "omitted": [(place, asdict(parts)) for place, parts in work.omitted],
        "begins": work.begins,
        "ends": work.ends,
        "position": work.position,
        "part_end": work.part_end and asdict(work.part_end),
    }


def _work(about: Mapping[str, Any], columns: Mapping[str, pa.Array]) -> ShardWork:
    batch = _batch(columns, is_backfill=about["is_backfill"]) if columns else None
    work = MeasuredWork(
        tasks=(),
        contents=about["contents"],
        checked=about["checked"],
        documents=np.array(about["documents"], np.int64),
        origins=[TextOrigin(**origin) for origin in about["origins"]],
        bad=[(place, BadRecord(**record)) for place, record in about["bad"]],
        omitted=[(place, Omitted(**parts)) for place, parts in about["omitted"]],
        measured=batch if isinstance(batch, MeasuredBatch) else None,
        backfill=batch if isinstance(batch, BackfillBatch) else None,
        begins=about["begins"],
        ends=about["ends"],
        position=about["position"],
        part_end=about["part_end"] and _part_end(about["part_end"]),
    )
    return ShardWork(about["first"], about["files"], work)


def _part_end(about: Mapping[str, Any]) -> PartEnd:
    return PartEnd(**{**about, "unnamed": tuple(map(tuple, about["unnamed"]))})


def _batch(columns: Mapping[str, pa.Array], *, is_backfill: bool) -> MeasuredBatch | BackfillBatch:
    labels = {name.removeprefix(_LABEL): of for name, of in columns.items() if name.startswith(_LABEL)}
    ordinal, sizes = numbers(columns["ordinal"], np.int64), numbers(columns["bytes"], np.int64)
    keys = _rows(columns["keys"], np.uint64)
    tokens = {
        name.removeprefix(_TOKENS): numbers(of, np.int64) for name, of in columns.items() if name.startswith(_TOKENS)
    }
    if is_backfill:
        return BackfillBatch(ordinal=ordinal, labels=labels, bytes=sizes, keys=keys, tokens=tokens)
    return MeasuredBatch(
        ordinal=ordinal,
        offset=columns["offset"],
        labels=labels,
        bytes=sizes,
        words=numbers(columns["words"], np.int64),
        keys=keys,
        tokens=tokens,
        bytes_repeated_inside=columns["repeated"],
        signatures=_rows(columns["signatures"], np.uint16),
        bands=_rows(columns["bands"], np.uint32),
    )
