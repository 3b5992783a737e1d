"""Which documents count, updated as files come, go and move, against a slow twin that looks at all pairs."""

import itertools
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from made.samples import ask

from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.delete import delete_files
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.known_files import place_below
from tokaudit.catalog.sources import SourceSettings, register_source
from tokaudit.catalog.writer import CatalogWriter
from tokaudit.core.batches import MeasuredBatch
from tokaudit.dedup.representatives import update_representatives
from tokaudit.dedup.stored_sets import StoredSets
from tokaudit.dedup.verify import Verifier
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.files import InputFile

pytestmark = pytest.mark.slow

DOMAINS = {"s": "web", "t": "web", "u": "books"}
TEXTS = 10
LINKS = {(0, 1), (1, 2), (3, 4)}
"""Near-duplicate pairs of texts: a chain and a pair. There are many groups, so that most changes leave some alone."""

CHANGES = st.lists(
    st.tuples(
        # Write or replace a file, move it, forget its source; begin a large file, complete it.
        st.sampled_from(["write", "write", "write", "write", "place", "forget", "forget", "begin", "complete"]),
        st.sampled_from(sorted(DOMAINS)),  # source
        st.sampled_from(["a", "b"]),  # path below the folder
        st.sampled_from(["1", "2"]),  # folder
        st.lists(st.integers(0, TEXTS - 1), min_size=1, max_size=3),  # texts
        st.sampled_from([True, True, False]),  # whether groups are updated afterwards
    ),
    min_size=6,
    max_size=12,
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with the sources and no files."""
    catalog = tmp_path_factory.mktemp("empty") / "x.duckdb"
    with exclusive_writer(catalog), write_transaction(catalog) as connection:
        for source, domain in DOMAINS.items():
            register_source(connection, SourceSettings(source, domain, "auto", TextFields(), "none", (), {}))
    return catalog


def key(text: int) -> tuple[int, int]:
    """The key of a text. Some texts share the high half, and keys are not in the order of the texts."""
    return (text * 5 + 3) % 4, text


def alike(a: int, b: int) -> float:
    """The similarity stored for two texts."""
    return (0.8 if (a, b) in LINKS else 0.1) + (a + b) / 100


def batch(texts: Sequence[int]) -> MeasuredBatch:
    """Documents of the texts."""
    count = len(texts)
    ones = np.ones(count, np.int64)
    keys = np.array([key(text) for text in texts], np.uint64).reshape(-1, 2)
    signatures, bands = np.empty((count, 128), np.uint16), np.empty((count, 16), np.uint32)
    nulls = pa.nulls(count, pa.int64())
    return MeasuredBatch(np.arange(count), nulls, {}, ones, 0 * ones, keys, {"words": ones}, nulls, signatures, bands)


def store_pairs(catalog: Path) -> None:
    """Store the pairs of texts in the catalog, as a comparison would."""
    with write_transaction(catalog) as connection:
        held = set(connection.execute("select distinct key_hi, key_lo from store.documents").fetchall())
        known = set(connection.execute("select a_hi, a_lo, b_hi, b_lo from store.similarities").fetchall())
        for a, b in itertools.combinations(range(TEXTS), 2):
            ends = sorted([key(a), key(b)])
            if held >= set(ends) and (*ends[0], *ends[1]) not in known:
                connection.execute(
                    "insert into store.similarities values (?, ?, ?, ?, ?, 'reread', ?)",
                    [*ends[0], *ends[1], alike(a, b), (a, b) in LINKS],
                )
                if (a, b) in LINKS:
                    connection.execute("insert into store.disturbed values (?, ?), (?, ?)", [*ends[0], *ends[1]])


def change(catalog: Path, what: str, source: str, below: str, folder: str, texts: Sequence[int]) -> None:
    """Make one change."""
    path = f"/{source}/{folder}/{below}"
    there = dict(ask(catalog, "select path, file from store.files")) if what in {"write", "begin", "place"} else {}
    if what == "write":
        writer = CatalogWriter(catalog, source, 1, {"words": 0})
        writer.begin(InputFile(path, below, 1, "1"), "", "jsonl", there.get(path))
        writer.add(batch(texts), [len(texts)])
        writer.flush()
        store_pairs(catalog)
    elif what == "begin":  # the first part of a large file, without the rest
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("tokaudit.catalog.buffer.PART_DOCUMENTS", 1)
            writer = CatalogWriter(catalog, source, 1, {"words": 0})
            writer.begin(InputFile(f"{path}/{len(there)}", below, 1, "1"), "", "jsonl", None)
            writer.add(batch(texts), [len(texts)], ends=False)
    elif what == "complete":
        with write_transaction(catalog) as connection:
            connection.execute("update store.files set state = 'counted'")
            connection.execute("update store.derived set fresh = false")
        store_pairs(catalog)
    elif what == "place" and path in there:
        with write_transaction(catalog) as connection:
            place_below(connection, {there[path]: "0" + below})
    elif what == "forget":
        with write_transaction(catalog) as connection:
            files = connection.execute("select file from store.files where source = ?", [source]).fetchall()
            delete_files(connection, [file for (file,) in files])


DOCUMENTS = (
    "select document, source, domain, key_lo from store.documents join store.files f using (file)"
    " join store.sources using (source) where state <> 'staged' order by source, below, ordinal, path"
)


def brute_force(documents: Sequence[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """The rows `store.uncounted` must contain, from all pairs of documents (as `DOCUMENTS` selects them)."""
    expected = set()
    for scope in ("catalog", "domain", "source"):
        kept = {document: document for document, *_ in documents}
        copies = set()
        place = {document: place for place, (document, *_) in enumerate(documents)}
        for first, second in itertools.combinations(documents, 2):
            row = {"catalog": 0, "source": 1, "domain": 2}[scope]
            if scope != "catalog" and first[row] != second[row]:
                continue
            if first[3] == second[3]:
                copies.add(second[0])
            if first[3] == second[3] or tuple(sorted((first[3], second[3]))) in LINKS:
                a, b = sorted((kept[first[0]], kept[second[0]]), key=place.__getitem__)
                kept = {document: a if k == b else k for document, k in kept.items()}
        text = {document: number for document, _, _, number in documents}
        for document, least in kept.items():
            if document != least:
                same = text[document] == text[least]
                similarity = 1.0 if same else alike(*sorted((text[document], text[least])))
                said = (similarity, "exact" if same else "near") if scope == "catalog" else (None, None)
                expected.add((scope, document, least, document in copies, *said))
    return expected


KEPT_GOES = [
    ("write", "s", "a", "1", [0], False),
    ("write", "t", "a", "1", [0, 1], True),
    ("forget", "s", "", "", [], True),
]
BRIDGE_GOES_AND_COMES_BACK = [
    ("write", "s", "a", "1", [0, 2, 3], False),
    ("write", "t", "a", "1", [1, 4], True),
    ("write", "t", "a", "1", [5], True),
    ("write", "u", "a", "1", [1, 4], True),
]
KEPT_MOVES = [
    ("write", "s", "b", "1", [0], False),
    ("write", "s", "b", "2", [1], True),
    ("place", "s", "b", "2", [], True),
]
NUMBERS_ARE_GIVEN_AGAIN = [
    ("write", "s", "a", "1", [0], False),
    ("write", "t", "a", "1", [5, 6], True),
    ("forget", "t", "", "", [], False),
    ("write", "u", "a", "1", [0], True),
]
STAGED_MEANWHILE = [
    ("begin", "t", "a", "1", [0], False),
    ("write", "s", "a", "1", [0], True),
    ("complete", "", "", "", [], True),
]
COPY_GOES_WHILE_THE_FIRST_FILE_IS_STAGED = [
    ("begin", "u", "a", "1", [0], False),
    ("write", "s", "a", "1", [5], False),
    ("write", "t", "a", "1", [5], True),
    ("forget", "s", "", "", [], True),
]
FAR_END_GETS_A_COPY = [
    ("write", "s", "a", "1", [0, 1, 2], True),
    ("write", "t", "a", "1", [2], True),
]
NEAR_TEXT_IS_COMPLETED = [
    ("write", "s", "a", "1", [0], True),
    ("begin", "s", "b", "1", [1], True),
    ("complete", "s", "b", "1", [], True),
]


@pytest.fixture(scope="module", params=["at once", "in pieces"])
def pieces(request: pytest.FixtureRequest) -> Iterator[None]:
    """Process everything at once, or one text, link and group at a time, each on a connection of its own.

    The writer keeps its file open throughout: the changes are many, and DuckDB takes longer to open a file than to make
    one.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tokaudit.catalog.kept_open.KEPT_SECONDS", 3600.0)
        if request.param == "in pieces":
            for name in ("_STALE_AT_ONCE", "_AFFECTED_AT_ONCE", "_LINKS_AT_ONCE", "DOCUMENTS_AT_ONCE"):
                patch.setattr(f"tokaudit.dedup.affected.{name}", 1)
            patch.setattr("tokaudit.dedup.reader._HELD_BYTES", -1)
        yield


@pytest.mark.usefixtures("pieces")
@settings(max_examples=3)
@example(KEPT_GOES)
@example(BRIDGE_GOES_AND_COMES_BACK)
@example(KEPT_MOVES)
@example(NUMBERS_ARE_GIVEN_AGAIN)
@example(STAGED_MEANWHILE)
@example(COPY_GOES_WHILE_THE_FIRST_FILE_IS_STAGED)
@example(FAR_END_GETS_A_COPY)
@example(NEAR_TEXT_IS_COMPLETED)
@given(CHANGES)
def test_updates_in_pieces_give_what_all_documents_together_give(
    empty: Path, changes: list[tuple[str, str, str, str, list[int], bool]]
) -> None:
    with TemporaryDirectory() as place, exclusive_writer(catalog := Path(shutil.copy(empty, place))):
        for what, source, below, folder, texts, derived in changes:
            change(catalog, what, source, below, folder, texts)
            if derived:
                with StoredSets(catalog) as sets:
                    update_representatives(catalog, [], Verifier(catalog, sets, 1), lambda _: None)
                with open_readonly(catalog) as connection:
                    rows = connection.execute("select * from store.uncounted").fetchall()
                    documents = connection.execute(DOCUMENTS).fetchall()
                    fresh = connection.execute("select fresh from store.derived").fetchall()
                    disturbed = connection.execute("select * from store.disturbed").fetchall()

                assert len(rows) == len(set(rows))
                assert set(rows) == brute_force(documents)
                assert fresh == [(True,)]
                assert disturbed == []
