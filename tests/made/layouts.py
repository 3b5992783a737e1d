"""Folders as people have them, file by file: what other programs write, download and leave behind."""

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

APPLE_DOUBLE = b"\0\5\x16\7\0\2\0\0Mac OS X        \0\2"
"""What macOS writes into `._` files."""
PNG = b"\x89PNG\r\n\x1a\n\0\0"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@dataclass(frozen=True)
class Layout:
    """A folder, and what an ingest must find in it.

    Attributes:
        files: contents by path.
        texts: the texts of all its documents, in any order.
        left_out: rule and suffix -> files, and their stored bytes if they are not those of the files in the folder.
        options: options of the ingest.
        code: exit code of the ingest.
        unchecked: counted files without check sums.
    """

    files: Mapping[str, bytes]
    texts: Sequence[str]
    left_out: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    options: Sequence[str] = ("--domain", "web")
    code: int = 0
    unchecked: int = 0


def write_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files with these contents by their paths below the folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def texts(name: str, count: int = 3) -> list[str]:
    """Different short texts, some with more bytes than characters."""
    return [f"{name} number {place} says: é, {'word ' * place}end" for place in range(count)]


def lines(records: Sequence[Any]) -> bytes:
    """JSON lines."""
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def fields(found: Sequence[str], name: str = "text", **more: Any) -> list[dict[str, Any]]:
    """A record per text, with further fields."""
    return [{"id": str(place), name: text, **more} for place, text in enumerate(found)]


def parquet(**columns: Sequence[Any]) -> bytes:
    """A Parquet file."""
    stream = io.BytesIO()
    pq.write_table(pa.table(dict(columns)), stream)
    return stream.getvalue()


def tar(members: Mapping[str, bytes], mode: Literal["w", "w:gz"] = "w") -> bytes:
    """A tar archive."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def notebook(*sources: str) -> bytes:
    """A notebook with a cell per source."""
    cells = [{"cell_type": "markdown", "metadata": {}, "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1).encode()


def packed(content: bytes) -> bytes:
    """A gzip file."""
    return gzip.compress(content)
