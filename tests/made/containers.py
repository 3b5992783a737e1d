"""The same texts in files of every kind that contains several documents."""

import bz2
import csv
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final


def _members(texts: Sequence[str]) -> Mapping[str, bytes]:
    return {f"part/{number}.txt": text.encode() for number, text in enumerate(texts)}


def lines(texts: Sequence[str]) -> bytes:
    """JSON lines with the fields ``text`` and ``licence``."""
    records = [{"text": text, "licence": f"licence {number}"} for number, text in enumerate(texts)]
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def array(texts: Sequence[str]) -> bytes:
    """The records of `lines` as one array over several lines."""
    return json.dumps([json.loads(line) for line in lines(texts).splitlines()], indent=1).encode()


def table(texts: Sequence[str]) -> bytes:
    """The records of `lines` as CSV."""
    found = io.StringIO(newline="")
    writer = csv.writer(found)
    writer.writerows([("licence", "text"), *((f"licence {number}", text) for number, text in enumerate(texts))])
    return found.getvalue().encode()


def notebook(text: str, licence: str | None = None) -> bytes:
    """A notebook with the text in one cell."""
    cell = {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}
    return json.dumps(
        {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5, "licence": licence}
    ).encode()


def tar(members: Mapping[str, bytes], mode: str = "w") -> bytes:
    """A tar archive."""
    found = io.BytesIO()
    with tarfile.open(fileobj=found, mode=mode) as archive:  # type: ignore[call-overload] # any mode
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return found.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip archive."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return found.getvalue()


CONTAINERS: Final[Mapping[str, Callable[[Sequence[str]], bytes]]] = {
    "a.tar": lambda texts: tar(_members(texts)),
    "a.tar.gz": lambda texts: tar(_members(texts), "w:gz"),
    "a.zip": lambda texts: zipped(_members(texts)),
    "shards.tar": lambda texts: tar({"0.jsonl": lines(texts[:1]), "1.jsonl.gz": gzip.compress(lines(texts[1:]))}),
    "tables.zip": lambda texts: zipped({"0.csv": table(texts[:2]), "1.json": array(texts[2:])}),
    "notebooks.zip": lambda texts: zipped({f"{number}.ipynb": notebook(text) for number, text in enumerate(texts)}),
    "a.csv": table,
    "a.csv.bz2": lambda texts: bz2.compress(table(texts)),
    "packed.csv": lambda texts: gzip.compress(table(texts)),
    "a.json": array,
    "a.json.gz": lambda texts: gzip.compress(array(texts)),
}
"""File name -> a function from texts to a file that contains them in order."""


def write_container(folder: Path, name: str, texts: Sequence[str]) -> Path:
    """Write a file of one of the kinds of `CONTAINERS`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(CONTAINERS[name](texts))
    return folder / name
