"""MinHash signatures on disk: Parquet files in a folder beside the catalog, one a commit, never changed.

The catalog names each with its size and hash; a file that it does not name is the rest of a crash and is ignored.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from tokaudit.errors import CatalogError
from tokaudit.fingerprints.minhash import BANDS, PERMUTATIONS, band_keys
from tokaudit.keys import positions, unique
from tokaudit.paths import parts_folder
from tokaudit.records import UInt32, UInt64

_ROW_GROUP: Final = 65_536
_SCHEMA: Final = pa.schema(
    {
        "hi": pa.uint64(),
        "lo": pa.uint64(),
        "bands": pa.list_(pa.uint64(), BANDS),
        "signature": pa.binary(4 * PERMUTATIONS),
    }
)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A file of signatures, as the catalog names it."""

    name: str
    bytes: int
    xxh3: str
    texts: int


def write(catalog: Path, keys: UInt64, signatures: UInt32) -> Fragment:
    """A new fragment, synced to disk, for texts with their keys (n, 2) and signatures (n, 128).

    Its name is the hash of its content, so that writing it again after a crash changes nothing.
    """
    bands = pa.FixedSizeListArray.from_arrays(pa.array(band_keys(signatures).ravel()), BANDS)
    signature = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(4 * PERMUTATIONS), len(keys), [None, pa.py_buffer(np.ascontiguousarray(signatures))]
    )
    table = pa.table({"hi": keys[:, 0], "lo": keys[:, 1], "bands": bands, "signature": signature}, _SCHEMA)
    sink = pa.BufferOutputStream()
    # Hashes do not compress; a checksum a page, so that a flipped bit is noticed where it is read.
    pq.write_table(
        table,
        sink,
        row_group_size=_ROW_GROUP,
        compression="none",
        use_dictionary=False,
        write_page_checksum=True,
    )
    data = sink.getvalue()
    digest = xxhash.xxh3_128_hexdigest(data)
    target = parts_folder(catalog) / f"{digest}.parquet"
    temporary = target.with_suffix(".tmp")
    try:
        target.parent.mkdir(exist_ok=True)
        with temporary.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise CatalogError(f"{target}: can't be written: {error.strerror or error}") from error
    return Fragment(target.name, data.size, digest, len(keys))


def _scan(catalog: Path, names: Iterable[str], columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    for name in names:
        path = parts_folder(catalog) / name
        try:
            with pq.ParquetFile(path, page_checksum_verification=True) as file:
                if not file.schema_arrow.equals(_SCHEMA):
                    raise pa.ArrowInvalid("it has other columns")
                yield from file.iter_batches(batch_size=_ROW_GROUP, columns=list(columns))
        except (OSError, ValueError, pa.ArrowException) as error:  # a damaged name of a column is a ValueError
            raise CatalogError(
                f"{path}: signatures that {catalog.name} relies on can't be read ({error}); "
                "`tokaudit forget` all sources and ingest them again"
            ) from error


def _keys(batch: pa.RecordBatch) -> UInt64:
    return np.column_stack([batch.column("hi").to_numpy(), batch.column("lo").to_numpy()])


def read_bands(catalog: Path, names: Iterable[str]) -> tuple[UInt64, UInt64]:
    """Keys (n, 2) and band keys (n, 16) of all texts in the fragments; a text may occur in several."""
    keys, bands = [np.empty((0, 2), np.uint64)], [np.empty((0, BANDS), np.uint64)]
    for batch in _scan(catalog, names, ("hi", "lo", "bands")):
        keys.append(_keys(batch))
        bands.append(batch.column("bands").flatten().to_numpy().reshape(-1, BANDS))
    return np.concatenate(keys), np.concatenate(bands)


def read_signatures(catalog: Path, names: Iterable[str], wanted: UInt64) -> UInt32:
    """Signatures (n, 128) of the wanted keys (n, 2), in their order.

    Raises:
        CatalogError: a fragment can't be read, or none has one of the keys.
    """
    distinct, _ = unique(wanted)
    found = np.zeros(len(distinct), bool)
    signatures = np.empty((len(distinct), PERMUTATIONS), np.uint32)
    for batch in _scan(catalog, names, ("hi", "lo", "signature")):
        place = positions(distinct, _keys(batch))
        hit = np.flatnonzero(place >= 0)
        if len(hit):
            column = batch.column("signature")
            raw = np.frombuffer(column.buffers()[1], np.uint32).reshape(-1, PERMUTATIONS)
            signatures[place[hit]] = raw[column.offset + hit]
            found[place[hit]] = True
    if not found.all():
        raise CatalogError(f"{parts_folder(catalog)}: signatures of {int((~found).sum())} texts are missing")
    return signatures[positions(distinct, wanted)]
