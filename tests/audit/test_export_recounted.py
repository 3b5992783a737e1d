"""A corpus filtered by its export has the unique tokens of the catalog, in every format."""

import gzip
import json
import shutil
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made.crawls import Page, html, records
from made.samples import altered, ask, count_into, text, write_jsonl

from tokaudit.audit.export import export

Row = dict[str, Any]


def lines(path: Path, texts: list[str]) -> None:
    """Write JSON lines."""
    write_jsonl(path, texts)


def packed_lines(path: Path, texts: list[str]) -> None:
    """Write compressed JSON lines."""
    write_jsonl(path, texts)
    path.with_suffix(".jsonl.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()


def parquet(path: Path, texts: list[str]) -> None:
    """Write a Parquet file of several row groups."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"text": texts}), path.with_suffix(".parquet"), row_group_size=2)


def files(path: Path, texts: list[str]) -> None:
    """Write a file per document."""
    for number, one in enumerate(texts):
        target = path.with_suffix("") / f"{number}.txt"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(one)


def tar(path: Path, texts: list[str]) -> None:
    """Write a tar with a member per document."""
    files(path, texts)
    with tarfile.open(path.with_suffix(".tar"), "w") as archive:
        for number in range(len(texts)):
            archive.add(path.with_suffix("") / f"{number}.txt", f"{number}.txt")
    shutil.rmtree(path.with_suffix(""))


def texts_of(path: Path) -> list[str]:
    """The texts of a file, in order of their ordinals."""
    if path.suffix == ".parquet":
        return [str(one) for one in pq.read_table(path)["text"].to_pylist()]
    if path.suffix == ".tar":
        with tarfile.open(path) as archive:
            return [member.read().decode() for member in filter(None, map(archive.extractfile, archive))]
    if path.suffix == ".txt":
        return [path.read_text()]
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line)["text"] for line in data.splitlines()]


def filtered(rows: Iterable[Row], folder: Path, write: Callable[[Path, list[str]], None]) -> None:
    """Write the documents of the rows, and no others, in the same format."""
    chosen: dict[str, list[int]] = {}
    for row in rows:
        chosen.setdefault(row["path"], []).append(row["ordinal"])
    for number, (path, ordinals) in enumerate(sorted(chosen.items())):
        found = texts_of(Path(path))
        write(folder / f"{number}.jsonl", [found[ordinal] for ordinal in ordinals])


@pytest.mark.slow
@pytest.mark.parametrize("write", [lines, packed_lines, parquet, files, tar])
def test_a_filtered_corpus_has_the_unique_tokens(write: Callable[[Path, list[str]], None], tmp_path: Path) -> None:
    first = [text(1), text(2), text(1), altered(text(2), 2), text(3)]
    second = [text(3), text(4), altered(text(4), 2), text(5), text(5)]
    write(tmp_path / "corpus" / "a.jsonl", first)
    write(tmp_path / "corpus" / "b.jsonl", second)
    count_into(tmp_path / "c.duckdb", tmp_path / "corpus", "web")
    export(tmp_path / "c.duckdb", tmp_path / "kept.parquet", tmp_path / "dropped.parquet")
    kept, dropped = (pq.read_table(tmp_path / f"{name}.parquet").to_pylist() for name in ("kept", "dropped"))
    filtered(kept, tmp_path / "copy", write)
    count_into(tmp_path / "copy.duckdb", tmp_path / "copy", "web")
    total = "select sum(tokens_seen), sum(tokens_unique) from supply"
    ((seen, unique),) = ask(tmp_path / "c.duckdb", total)

    assert (len(kept), len(dropped)) == (5, 5)
    assert ask(tmp_path / "copy.duckdb", total) == [(unique, unique)]
    assert seen > unique
    assert len({(row["path"], row["ordinal"]) for row in kept + dropped}) == 10


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["warc", "jsonl"])
def test_records_at_the_offsets_have_the_unique_tokens(kind: str, tmp_path: Path) -> None:
    texts = [text(1), text(2), text(1), altered(text(2), 2), text(3)]
    if kind == "warc":
        parts = records([Page(html(one), f"http://example.com/{number}") for number, one in enumerate(texts)])
    else:
        parts = [part for one in texts for part in (json.dumps({"text": one}).encode() + b"\n", b"\n")]
    starts = np.cumsum([0, *map(len, parts)])[:-1].tolist()
    for name in ("corpus", "copy"):
        (tmp_path / name).mkdir()
    (tmp_path / "corpus" / f"a.{kind}").write_bytes(b"".join(parts))
    count_into(tmp_path / "c.duckdb", tmp_path / "corpus", "web")
    done = export(tmp_path / "c.duckdb", tmp_path / "kept.parquet")
    kept = set(pq.read_table(tmp_path / "kept.parquet")["offset"].to_pylist())
    chosen = [part for start, part in zip(starts, parts, strict=True) if start in kept]
    (tmp_path / "copy" / f"a.{kind}").write_bytes(b"".join(chosen))
    count_into(tmp_path / "copy.duckdb", tmp_path / "copy", "web")

    assert done.kept
    assert len(chosen) == 3
    assert ask(tmp_path / "copy.duckdb", "select tokens_seen, tokens_unique from supply") == [
        (done.kept.tokens["words"], done.kept.tokens["words"])
    ]
