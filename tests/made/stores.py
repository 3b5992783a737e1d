"""Writers of stores of token ids, as Megatron-LM, `dolma tokens` and llm.c lay them out."""

import csv
import gzip
import io
import struct
from collections.abc import Sequence
from itertools import accumulate, count
from pathlib import Path
from random import Random

import fsspec
import numpy as np

from tokaudit.core.token_ids import TokenIds
from tokaudit.readers.files import InputFile

Ids = Sequence[int]

CODES = {"u1": 1, "i1": 2, "<i2": 3, "<i4": 4, "<i8": 5, "<u2": 8, "<u4": 9, "<u8": 10}
_FOLDERS = count()

VOCABULARY = TokenIds("made", "0" * 64, np.array([2] * 50_000 + [0, -1], np.int32), end_of_text=50_000)
"""Every id below 50,000 stands for two bytes of text."""


def megatron(documents: Sequence[Sequence[Ids]], dtype: str = "<u2", modes: bytes = b"") -> tuple[bytes, bytes]:
    """The ``.bin`` and ``.idx`` of documents, each of sequences of ids."""
    sequences = [sequence for document in documents for sequence in document]
    width = np.dtype(dtype).itemsize
    lengths = [len(sequence) for sequence in sequences]
    places = list(accumulate([width * length for length in lengths], initial=0))[:-1]
    bounds = list(accumulate(map(len, documents), initial=0))
    index = b"MMIDIDX\x00\x00" + struct.pack("<QBQQ", 1, CODES[dtype], len(sequences), len(bounds))
    index += struct.pack(f"<{len(lengths)}i", *lengths) + struct.pack(f"<{len(places)}q", *places)
    index += struct.pack(f"<{len(bounds)}q", *bounds) + modes
    return b"".join(np.array(sequence, dtype).tobytes() for sequence in sequences), index


def olmo(documents: Sequence[Ids], dtype: str = "<u2") -> tuple[bytes, bytes]:
    """The ``.npy`` and ``.csv.gz`` of documents."""
    rows = io.StringIO()
    writer, start = csv.writer(rows), 0
    for number, document in enumerate(documents):
        writer.writerow([start, start + len(document), f"id,{number}\n", "s3://bucket/a.json.gz", number + 1])
        start += len(document)
    data = b"".join(np.array(document, dtype).tobytes() for document in documents)
    return data, gzip.compress(rows.getvalue().encode())


def in_memory(name: str, **files: bytes) -> InputFile:
    """A store and its index in memory, from suffix (with ``_`` for a dot) -> bytes; the first is the store."""
    folder = f"/{next(_FOLDERS)}"
    paths = [f"{folder}/{name}.{suffix.replace('_', '.')}" for suffix in files]
    for path, data in zip(paths, files.values(), strict=True):
        fsspec.filesystem("memory").pipe_file(path, data)
    return InputFile(f"memory://{paths[0]}", paths[0].rpartition("/")[2], len(next(iter(files.values()))), "")


def damaged(data: bytes, number: int, random: Random) -> bytes:
    """The data with one byte flipped, or cut, or with a byte put in; which of these and where is chance."""
    place = random.randrange(len(data))
    if number % 3 == 0:
        return data[:place]
    if number % 3 == 1:
        return data[:place] + bytes([data[place] ^ 1 << random.randrange(8)]) + data[place + 1 :]
    return data[:place] + bytes([random.randrange(256)]) + data[place:]


def write_megatron(path: Path, documents: Sequence[Sequence[Ids]], dtype: str = "<u2") -> Path:
    """Write a store at ``path``, which ends in ``.bin``, and its index."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data, index = megatron(documents, dtype)
    path.write_bytes(data)
    path.with_suffix(".idx").write_bytes(index)
    return path


def write_olmo(path: Path, documents: Sequence[Ids], dtype: str = "<u2") -> Path:
    """Write a store at ``path``, which ends in ``.npy``, and its index."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data, index = olmo(documents, dtype)
    path.write_bytes(data)
    path.with_suffix(".csv.gz").write_bytes(index)
    return path
