"""Makes corpora for benchmarks: real text of any size, repeated with a fifth of its words replaced. Always the same.

    python corpora.py KIND MEGABYTES FOLDER [SOURCE]

Text comes from a folder, or from this Python installation: the code of its libraries and their documentation. A
replaced word becomes another word of the corpus, drawn by its frequency. So the result has the words of real text, and
no document duplicates another unless the corpus is meant to have duplicates.

Every corpus is made once in a folder and kept there: a file to ingest, and the same text as JSON lines for the floor.
This is a program of its own because the benchmark must stay a small process: children inherit its peak memory.
"""

import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import zstandard

DOCUMENTATION: Final = (".md", ".rst", ".txt")
ALTERED: Final = 0.2
"""Share of the words that are replaced."""
HUGE_MEGABYTES: Final = (50, 100, 200)
EMPTY_DOCUMENTS: Final = 2_000_000
NUMBERED_DOCUMENTS: Final = 1_000_000
TREE_FILES: Final = 25_000
PAIRS: Final = 2_000
"""Documents between one and its near-duplicate."""
VERSIONS: Final = 6
"""Near-duplicates of each document in the corpus `versions`."""
ROW_GROUP: Final = 10_000

Texts = Iterator[list[str]]
"""Documents, in batches of tens of megabytes."""

Made = tuple[Path, Path, str]
"""The PATH for `tokaudit ingest`, the same text as uncompressed JSON lines, and the domain."""


class Maker:
    """Makes corpora in a folder, each once.

    Args:
        data: the folder.
        source: folder whose files are the text; None for the files of this Python installation.
    """

    def __init__(self, data: Path, source: Path | None) -> None:
        self._data = data / (source.name if source else "python")
        self._data.mkdir(parents=True, exist_ok=True)
        self._source = source
        self._words: tuple[pa.StringArray, npt.NDArray[np.int64]] | None = None

    def make(self, kind: str, megabytes: float) -> Made:
        """The corpus of a kind. `megabytes` is its size, unless the kind has a fixed size."""
        if kind in {"zst", "parquet"}:
            lines = self._lines("jsonl", megabytes, self._altered())
            suffix = {"zst": ".jsonl.zst", "parquet": ".parquet"}[kind]
            return self._once(lines.with_suffix(suffix), lambda path: _CONVERT[kind](lines, path)), lines, "web"
        if kind == "tree":
            lines = self._lines(kind, None, _first(self._small(), TREE_FILES))
            return self._once(lines.with_suffix(""), lambda path: _as_tree(lines, path)), lines, "code"
        if kind == "huge":
            lines = self._lines(kind, None, self._huge())
            return self._once(lines.with_suffix(""), lambda path: _as_huge(lines, path)), lines, "web"
        texts: dict[str, Callable[[], Texts]] = {
            "jsonl": self._altered,
            "small": self._small,
            "borderline": lambda: self._borderline(1),
            "versions": lambda: self._borderline(VERSIONS),
            "letters": _letters,
            "empty": lambda: iter([[""] * EMPTY_DOCUMENTS]),
            "numbered": lambda: iter([[f"document {number} of many" for number in range(NUMBERED_DOCUMENTS)]]),
            "tiny": lambda: _first(self._small(), 100),
        }
        lines = self._lines(kind, megabytes if kind in GROWING else None, texts[kind]())
        return lines, lines, "web"

    def _once(self, path: Path, write: Callable[[Path], None]) -> Path:
        if not path.exists():
            temporary = path.with_name(f"making-{path.name}")
            if temporary.is_dir():
                shutil.rmtree(temporary)
            write(temporary)
            temporary.replace(path)
        return path

    def _lines(self, kind: str, megabytes: float | None, texts: Texts) -> Path:
        name = kind if megabytes is None else f"{kind}-{megabytes:g}"
        return self._once(self._data / f"{name}.jsonl", lambda path: _write_lines(path, texts, megabytes))

    def _text_words(self) -> tuple[pa.StringArray, npt.NDArray[np.int64]]:
        """All words of the text, and the position of the first word of each document."""
        if self._words is None:
            split = pc.split_pattern(pa.array(_texts(self._source), pa.string()), " ")
            self._words = split.flatten(), split.offsets.to_numpy().astype(np.int64)
        return self._words

    def _altered(self) -> Texts:
        """The whole text, repeated without end; each time, other words replace a fifth of the words."""
        words, offsets = self._text_words()
        chance = np.random.default_rng(0)
        while True:
            altered = chance.random(len(words)) < ALTERED
            places = np.where(altered, chance.integers(0, len(words), len(words)), np.arange(len(words)))
            documents = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), words.take(pa.array(places)))
            yield pc.binary_join(documents, " ").to_pylist()

    def _small(self) -> Texts:
        """Documents of 1 to 3 KB, like web pages."""
        chance = np.random.default_rng(1)
        for some in self._altered():
            whole = "\n".join(some)
            ends = np.cumsum(chance.integers(1_000, 3_000, len(whole) // 1_000)).tolist()
            yield [whole[a:b] for a, b in zip([0, *ends], ends, strict=False) if b <= len(whole)]

    def _borderline(self, copies: int) -> Texts:
        """Small documents, each followed by near-duplicates some megabytes later.

        Replacing a share p of the words leaves (1 - p)**5 of the 5-word shingles: similarities of 0.65 to 0.95.
        """
        chance = np.random.default_rng(3)
        for some in self._small():
            for first in range(0, len(some), PAIRS):
                originals = some[first : first + PAIRS]
                yield originals + [_altered_a_little(text, chance) for _ in range(copies) for text in originals]

    def _huge(self) -> Texts:
        """One document of each size in `HUGE_MEGABYTES`."""
        rounds = self._altered()
        for megabytes in HUGE_MEGABYTES:
            held: list[str] = []
            while sum(map(len, held)) < megabytes * 1_000_000:
                held += next(rounds)
            yield ["\n".join(held)[: megabytes * 1_000_000]]


GROWING: Final = frozenset({"jsonl", "small", "borderline", "versions", "letters"})
"""Kinds of corpora, besides zst and parquet, that can have any size; the others have a fixed size."""


def _texts(source: Path | None) -> list[str]:
    if source is not None:
        files = [file for file in sorted(source.rglob("*")) if file.is_file()]
    else:
        library, packages = (Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib"))
        code = [file for file in sorted(library.rglob("*.py")) if "site-packages" not in file.parts]
        files = code + [f for f in sorted(packages.rglob("*")) if f.suffix in DOCUMENTATION or f.name == "METADATA"]
    texts = []
    for file in files:
        data = file.read_bytes()
        try:
            text = data.decode()
        except UnicodeDecodeError:
            continue
        if text.strip() and "\0" not in text:
            texts.append(text)
    return texts


def _altered_a_little(text: str, chance: np.random.Generator) -> str:
    words = text.split(" ")
    altered = chance.random(len(words)) < chance.uniform(0.005, 0.047)
    for place in np.flatnonzero(altered).tolist():
        words[place] = words[int(chance.integers(len(words)))]
    return " ".join(words)


def _first(texts: Texts, most: int) -> Texts:
    """The first `most` documents."""
    for some in texts:
        yield some[:most]
        most -= len(some)
        if most <= 0:
            return


def _letters() -> Texts:
    """Documents of random letters: new words, which fill up a counter's memory of known words."""
    chance = np.random.default_rng(2)
    alphabet = np.frombuffer(b"abcdefghijklmnopqrstuvwxyz      ", np.uint8)
    while True:
        letters = alphabet[chance.integers(0, len(alphabet), 10_000_000)].tobytes().decode()
        yield [letters[i : i + 10_000] for i in range(0, len(letters), 10_000)]


def _write_lines(path: Path, texts: Texts, megabytes: float | None) -> None:
    held = 0
    with path.open("wb") as stream:
        for some in texts:
            for text in some:
                stream.write(b'{"text":' + orjson.dumps(text) + b"}\n")
                held += len(text)
                if megabytes is not None and held >= megabytes * 1e6:
                    return


def _read_lines(lines: Path) -> Iterator[str]:
    with lines.open("rb") as stream:
        for line in stream:
            yield orjson.loads(line)["text"]


def _as_zst(lines: Path, path: Path) -> None:
    with lines.open("rb") as source, path.open("wb") as target:
        zstandard.ZstdCompressor(level=3, threads=-1).copy_stream(source, target)


def _as_parquet(lines: Path, path: Path) -> None:
    with pq.ParquetWriter(path, pa.schema({"text": pa.string()}), write_page_checksum=True) as writer:
        held: list[str] = []
        for text in _read_lines(lines):
            held.append(text)
            if len(held) == ROW_GROUP:
                writer.write_table(pa.table({"text": pa.array(held, pa.string())}))
                held = []
        writer.write_table(pa.table({"text": pa.array(held, pa.string())}))


_CONVERT: Final = {"zst": _as_zst, "parquet": _as_parquet}


def _as_tree(lines: Path, path: Path) -> None:
    for number, text in enumerate(_read_lines(lines)):
        folder = path / f"{number // 100:03}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.py").write_bytes(text.encode())


def _as_huge(lines: Path, path: Path) -> None:
    """Write all but the last document as plain text files, and the last as a single JSON line."""
    path.mkdir()
    *texts, last = _read_lines(lines)
    for number, text in enumerate(texts):
        (path / f"{number}.txt").write_bytes(text.encode())
    (path / "line.jsonl").write_bytes(b'{"text":' + orjson.dumps(last) + b"}\n")


def main(kind: str, megabytes: float, data: Path, source: Path | None) -> None:
    """Make the corpus if it is not there yet; print its paths and domain as JSON."""
    path, lines, domain = Maker(data, source).make(kind, megabytes)
    print(orjson.dumps({"path": str(path), "lines": str(lines), "domain": domain}).decode())


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]) if sys.argv[4:] else None)
