"""Helpers that tests share: results of program calls, and small corpora with known duplicates."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.queries import shipped_query
from tokaudit.catalog.statements import fetch_rows
from tokaudit.core.logged_progress import LoggedProgress
from tokaudit.core.progress import ProgressListener
from tokaudit.core.types import Int64
from tokaudit.ingesters.domains import ingester_of
from tokaudit.measure.tokenizers.protocol import Identity
from tokaudit.pipeline.ingest import ingest
from tokaudit.pipeline.limit_options import parse_limits
from tokaudit.pipeline.options import IngestOptions, source_settings
from tokaudit.pipeline.request import IngestRequest
from tokaudit.pipeline.result import IngestResult
from tokaudit.pipeline.select import Selection, select
from tokaudit.readers.paths.rules import Patterns


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a program call: exit code, stdout and stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The JSON document on stdout, which must contain nothing else."""
        return json.loads(self.out)


Run = Callable[..., Done]


def text(seed: int, words: int = 120) -> str:
    """A text of random words, the same for the same seed and dissimilar to that of any other."""
    chance = random.Random(seed)
    return " ".join("".join(chance.choices("abcdefghijklmnop", k=chance.randint(2, 9))) for _ in range(words))


def altered(original: str, changes: int) -> str:
    """The text with ``changes`` words replaced, spread evenly."""
    words = original.split()
    for change in range(changes):
        words[(2 * change + 1) * len(words) // (2 * changes)] = f"changed{change}"
    return " ".join(words)


def arrow(texts: list[str]) -> pa.LargeStringArray:
    """The texts as an Arrow array."""
    return pa.array(texts, pa.large_string())


def write_jsonl(path: Path, texts: list[str], **fields: list[Any]) -> Path:
    """Write JSON lines with the texts and further fields, one list per field."""
    path.parent.mkdir(parents=True, exist_ok=True)
    records = [{"text": t, **{name: values[i] for name, values in fields.items()}} for i, t in enumerate(texts)]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


class Words:
    """A tokenizer that counts words between blanks: quick to load, and easy to check by eye."""

    fallback_reason = None

    def __init__(self, name: str = "words", digit: str = "0") -> None:
        self.identity = Identity(name, digit * 64, "the tests")

    def count(self, text: pa.LargeStringArray) -> Int64:
        """The number of words in each text."""
        return np.array([len(one.as_py().split()) for one in text], np.int64)


def count_into(
    catalog: Path,
    folder: Path,
    domain: str,
    counters: Sequence[Words] = (Words(),),
    listener: ProgressListener | None = None,
    **asked: Any,
) -> IngestResult:
    """Ingest a folder, counted in words with bad records skipped, and return the result."""
    wanted = IngestOptions(paths=(str(folder),), domain=domain, **asked)
    patterns = Patterns(wanted.include, wanted.exclude)
    selected, left_out = select(Selection(wanted.paths, patterns=patterns), ingester_of(domain))
    settings, limits = source_settings(wanted), parse_limits(wanted.limits)
    request = IngestRequest(selected, left_out, counters, settings, skip_bad=True, limits=limits)
    return ingest(catalog, request, listener or LoggedProgress())


def overlapping_sources(catalog: Path, folder: Path) -> None:
    """Count sources of several domains that contain each other's texts, unchanged or altered, and one without texts."""
    shared = [text(seed) for seed in range(4)]
    for source, domain, texts in (
        ("pages", "web", [shared[0], shared[0], altered(shared[1], 2), shared[2], text(10)]),
        ("posts", "web", [shared[0], altered(shared[2], 3), text(10), text(11)]),
        ("novels", "books", [shared[0], shared[1], shared[3], altered(shared[3], 2)]),
        ("programs", "code", [shared[2], shared[0], altered(shared[0], 2)]),
        ("nothing", "empty", []),
    ):
        write_jsonl(folder / source / "x.jsonl", texts)
        if not texts:
            (folder / source / "x.jsonl").write_text("no record\n")
        count_into(catalog, folder / source, domain)


def ask(catalog: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows that a statement selects."""
    with open_readonly(catalog) as connection:
        return connection.execute(sql).fetchall()


def ingested(run: Run, *arguments: object, code: int = 0) -> dict[str, Any]:
    """The JSON answer of ``tokaudit ingest``."""
    result: dict[str, Any] = run("ingest", *arguments, "--format", "json", "-q", code=code).json
    return result


@dataclass(frozen=True, slots=True)
class Counted:
    """A catalog and the folder that was counted into it; tests must not change either."""

    catalog: Path
    folder: Path


SMALL_DOMAINS = {"web": "web", "blog": "web", "books": "books", "code": "code"}
"""The folders of `small_corpus` and their domains."""


def small_corpus(folder: Path) -> Path:
    """Write folders web, blog, books and code with eleven documents and one case of each kind of trouble.

    web: a text and a near-duplicate, another text, an empty one, a bad record, a page that no reader claims. blog: a
    text that web also has. books: a text that web also has, and one of its own. code: a file, its copy, and a
    version-control folder.
    """
    first, second, third = (text(seed) for seed in range(3))
    texts = [first, altered(first, 2), second, ""]
    page = write_jsonl(folder / "web" / "pages.jsonl", texts, licence=["a", "b", "a", None])
    page.write_text(page.read_text() + '{"text": 1}\n')
    for name, content in {
        "web/note.md": "A note.\n",
        "web/page.unheard": "<p>",
        "blog/post.txt": second,
        "books/novel.txt": first,
        "books/other.txt": third,
        "code/a.py": "print('one two')\n",
        "code/b/a.py": "print('one two')\n",
        "code/run.sh": "echo hello to all of you\n",
        "code/.git/config": "[core]\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return folder


def tables(run: Run, catalog: Path = Path("tokaudit.duckdb")) -> dict[str, Any]:
    """All contents of a catalog that must not depend on how it was made."""
    supply = run("--catalog", catalog, "supply", "--format", "json").json
    documents = (
        "select source, domain, path, ordinal, bytes, words, counts_exact, counts, bytes_repeated_inside"
        " from documents order by all"
    )
    groups = (
        "select source, path, ordinal, kept_path, kept_ordinal, round(similarity, 9) as s, kind"
        " from groups order by all"
    )
    tokenizer = {"tokenizer": supply["tokenizer"]}
    # All in one connection: DuckDB takes longer to open a catalog than to answer.
    with open_readonly(catalog) as connection:
        return {
            "supply": supply,
            "by source": fetch_rows(connection, shipped_query("supply").sql, {"by": "source", **tokenizer}),
            "overlap": fetch_rows(connection, shipped_query("overlap").sql, {"by": "domain", **tokenizer}),
            "duplicates": fetch_rows(connection, shipped_query("duplicates").sql, tokenizer),
            "documents": fetch_rows(connection, documents),
            "groups": fetch_rows(connection, groups),
            "tokens": fetch_rows(connection, "select path, ordinal, tokens from token_counts order by all"),
        }


def derived(catalog: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All tables that regrouping makes."""
    made = {
        "groups": "select path, ordinal, kept_path, kept_ordinal, similarity, kind from groups order by all",
        "pairs": "select a, b, similarity, how from pairs order by all",
        "uncounted": "select * from store.uncounted order by all",
        "similarities": "select * from store.similarities order by all",
    }
    with open_readonly(catalog) as connection:
        return {name: connection.execute(sql).fetchall() for name, sql in made.items()}
