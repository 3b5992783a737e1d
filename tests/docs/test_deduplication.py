"""Each way that the guide shows to copy a corpus without its duplicates gives the unique tokens of the catalog."""

import bz2
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard
from made.documents import PACKAGE, blocks, text_of
from made.samples import Run, Words, altered, count_into, text

LINES, DATASET, FILES = blocks(text_of(PACKAGE / "guide" / "duplicates.md"), "python")


def execute(block: str, folder: Path) -> None:
    """Run a block of the guide in a folder."""
    done = subprocess.run([sys.executable, "-c", block], cwd=folder, env=os.environ, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def counted(folder: Path, domain: str, catalog: str = "tokaudit.duckdb") -> None:
    """Count a folder in the working directory, in words and with bad records skipped."""
    count_into(Path(catalog), folder, domain, [Words()])


def total(run: Run, catalog: str = "tokaudit.duckdb") -> tuple[int, int]:
    """The tokens seen and unique in a catalog."""
    found = run("supply", "--json", "--catalog", catalog).json["total"]
    return found["tokens_seen"], found["tokens_unique"]


def check_recipe(run: Run, recipe: str, corpus: Path, copy: Path, domain: str) -> None:
    """Count a corpus, make its copy by the recipe and the export, and count that: all of it is unique."""
    counted(corpus, domain)
    run("export", "--kept", "kept.parquet")
    execute(recipe, Path())
    counted(copy, domain, "copy.duckdb")
    seen, unique = total(run)

    assert seen > unique
    assert total(run, "copy.duckdb") == (unique, unique)


def line(content: str) -> bytes:
    """A record."""
    return json.dumps({"text": content}, ensure_ascii=False).encode() + b"\n"


def write_crawl(folder: Path) -> None:
    """Write JSON lines as they are found: compressed in several parts, marked, with blank lines and bad records."""
    folder.mkdir()
    (folder / "below").mkdir()
    (folder / "a.jsonl").write_bytes(
        b"\xef\xbb\xbf\n \t\r\n" + line(text(1)) + b"\n" + b'{"text": 1}\n' + line(text(2)).replace(b"\n", b"\r\n")
    )
    (folder / "b.jsonl").write_bytes(
        b"\xef\xbb\xbf" + line(text(1)) + b"no json\n" + line("häß\u2028lich") + b"\x0c\n" + line(text(3))[:-1]
    )
    (folder / "c.jsonl.gz").write_bytes(
        gzip.compress(line(text(2)) + line(text(4))) + gzip.compress(b"\n" + line(text(5)))
    )
    frames = [zstandard.compress(line(altered(text(5), 2)) + b"\n"), zstandard.compress(line(text(6)))]
    (folder / "below" / "d.jsonl.zst").write_bytes(b"".join(frames))
    (folder / "below" / "e.jsonl.bz2").write_bytes(bz2.compress(line(text(6)) + line("") + line(text(7))))
    (folder / "below" / "none.jsonl").write_bytes(line(text(7)))


@pytest.mark.slow
def test_json_lines_without_their_duplicates_have_the_unique_tokens(run: Run) -> None:
    write_crawl(Path("crawl"))
    check_recipe(run, LINES, Path("crawl"), Path("crawl-unique"), "web")


@pytest.mark.slow
def test_a_dataset_without_its_duplicates_has_the_unique_tokens(run: Run) -> None:
    Path("crawl").mkdir()
    for name, seeds in (("a", (1, 2, 1)), ("b", (3, 2)), ("c", (1,))):
        records = b"\n".join(line(text(seed)) for seed in seeds) + line(altered(text(3), 2))
        Path(f"crawl/{name}.jsonl").write_bytes(records)
    Path("crawl/empty.jsonl").touch()
    Path("crawl/blank.jsonl").write_bytes(b"\n\r\n")
    check_recipe(run, DATASET + 'pages.to_json("copy.jsonl")\n', Path("crawl"), Path("copy.jsonl"), "web")


@pytest.mark.slow
def test_files_without_their_duplicates_have_the_unique_tokens(run: Run) -> None:
    for name, seed in {"a.txt": 1, "below/a.txt": 1, "below/ß b.txt": 2}.items():
        Path("novels", name).parent.mkdir(parents=True, exist_ok=True)
        Path("novels", name).write_text(text(seed))
    check_recipe(run, FILES, Path("novels"), Path("novels-unique"), "books")
