"""Measures ``tokaudit ingest`` on the same documents in every format, and compares the counts.

    python tests/benchmarks/formats.py FOLDER [--data /tmp/formats] [--megabytes 100]

FOLDER has text files; their lines are joined to documents of about 8 kB. Prints for each format the documents, tokens,
MB of text per second and the ratio to JSON lines. Documents and bytes must be those
that were written, and tokens the same in all formats.
"""

import argparse
import csv
import io
import json
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from programs import TOKENIZER, run

_DOCUMENT: Final = 8_000


def documents(folder: Path, size: int) -> Iterator[str]:
    """Documents of text from a folder, up to so many bytes; over and over if it is small."""
    done = number = 0
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    while done < size:
        before = done
        for file in files:
            try:
                text = file.read_text(encoding="utf-8")
            except (UnicodeDecodeError, OSError):
                continue
            if "\0" in text:
                continue
            for begin in range(0, len(text), _DOCUMENT):
                piece = f"{number} {text[begin : begin + _DOCUMENT]}"
                number += 1
                done += len(piece.encode())
                yield piece
            if done >= size:
                return
        if done == before:
            sys.exit(f"{folder}: contains no text")


def as_jsonl(path: Path, texts: Sequence[str]) -> None:
    """JSON lines."""
    path.with_suffix(".jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))


def as_json(path: Path, texts: Sequence[str]) -> None:
    """A JSON array, indented."""
    path.with_suffix(".json").write_text(json.dumps([{"text": text} for text in texts], indent=1))


def as_csv(path: Path, texts: Sequence[str]) -> None:
    """CSV with a header."""
    with path.with_suffix(".csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["text"], *([text] for text in texts)])


def as_parquet(path: Path, texts: Sequence[str]) -> None:
    """Parquet with check sums."""
    table = pa.table({"text": texts})
    pq.write_table(table, path.with_suffix(".parquet"), row_group_size=5_000, write_page_checksum=True)


def as_arrow(path: Path, texts: Sequence[str]) -> None:
    """An Arrow IPC file."""
    table = pa.table({"text": texts})
    with pa.OSFile(str(path.with_suffix(".arrow")), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=5_000)


def as_tar(path: Path, texts: Sequence[str]) -> None:
    """A tar archive of text files."""
    with tarfile.open(path.with_suffix(".tar"), "w") as archive:
        for number, text in enumerate(texts):
            data = text.encode()
            member = tarfile.TarInfo(f"{number:08}.txt")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


def as_zip(path: Path, texts: Sequence[str]) -> None:
    """A zip archive of text files."""
    with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for number, text in enumerate(texts):
            archive.writestr(f"{number:08}.txt", text)


WRITERS: Final[dict[str, Callable[[Path, Sequence[str]], None]]] = {
    "jsonl": as_jsonl,
    "json": as_json,
    "csv": as_csv,
    "parquet": as_parquet,
    "arrow": as_arrow,
    "tar": as_tar,
    "zip": as_zip,
}


def main() -> None:
    """Write the documents in each format, and count each."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--data", type=Path, default=Path("/tmp/formats"))  # noqa: S108 - a default for one machine
    options.add_argument("--megabytes", type=float, default=100)
    given = options.parse_args()
    texts = list(documents(given.folder, int(given.megabytes * 1e6)))
    size = sum(len(text.encode()) for text in texts)
    base = 0.0
    counts = set()
    for name, write in WRITERS.items():
        shutil.rmtree(given.data, ignore_errors=True)
        given.data.mkdir(parents=True)
        write(given.data / "documents", texts)
        (file,) = given.data.iterdir()
        command = [sys.executable, "-m", "tokaudit", "--catalog", given.data / "c.duckdb", "ingest", file]
        found = run([*command, "--domain", "web", "--json", "-q"])
        answer = found.json
        assert (answer["documents"], answer["bytes"], answer["complete"]) == (len(texts), size, True), answer
        tokens = answer["tokens"][TOKENIZER]
        counts.add(tokens)
        base = base or found.seconds
        rate = size / 1e6 / found.seconds
        print(
            f"{name:8} {answer['documents']:9,} documents {tokens:13,} tokens {found.seconds:6.2f} s {rate:6.1f} MB/s"
            f"  {found.seconds / base:5.2f} x jsonl  CPU {found.cpu_seconds:5.1f} s  peak {found.peak_mib:5.0f} MiB"
        )
    assert len(counts) == 1, "one format gives other tokens than another"
    shutil.rmtree(given.data)


if __name__ == "__main__":
    main()
