"""Files compared with the catalog."""

import gzip
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.samples import Counted, ask, count_into, text, write_jsonl

from tokaudit.catalog.connection import open_readonly, write_transaction
from tokaudit.catalog.counted_files import counted_files
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.cli.progress import ProgressReport
from tokaudit.core.errors import UsageError
from tokaudit.pipeline import compared_file, known_documents
from tokaudit.pipeline.verify import VerifyResult, sampled, verify


def verified(catalog: Path, source: str | None = None, share: float = 1.0, workers: int = 2) -> VerifyResult:
    """The result for a catalog."""
    with ProgressReport(quiet=True) as report:
        return verify(catalog, source, share, workers, report)


def differences(catalog: Path) -> list[tuple[str, int | None, str]]:
    """Name of the file, ordinal and kind of each difference."""
    return [(Path(row["path"]).name, row["ordinal"], row["kind"]) for row in verified(catalog).differences]


@contextmanager
def unseen(path: Path) -> Iterator[None]:
    """Keep the time of a file that is changed meanwhile."""
    status = path.stat()
    yield
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_an_unchanged_corpus_has_no_difference(counted: Counted) -> None:
    result = verified(counted.catalog)

    assert result.differences == []
    assert (result.files, result.files_verified, result.documents_verified) == (8, 8, 11)
    assert result.bytes == result.bytes_verified == ask(counted.catalog, "select sum(size)::int from files")[0][0]
    size = f"{result.bytes / 1000:.3g} kB"
    assert list(result.summary()) == [f"verified 8 of 8 files ({size} of {size}) with 11 documents: no difference"]


def test_a_source_is_verified_alone(counted: Counted) -> None:
    assert verified(counted.catalog, "books").files_verified == 2
    with pytest.raises(UsageError, match="known: blog, books, code, web"):
        verified(counted.catalog, "book")
    with pytest.raises(UsageError, match="--sample: must be more than 0"):
        verified(counted.catalog, "books", 0.0)


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A file of four texts and a bad record, and a small one."""
    path = write_jsonl(tmp_path / "c" / "x.jsonl", [text(n) for n in range(4)])
    path.write_text(path.read_text() + '{"text": 1}\n')
    (tmp_path / "c" / "y.txt").write_text("some text")
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web")
    return tmp_path / "x.duckdb"


def lines(catalog: Path) -> tuple[Path, list[str]]:
    """The larger file and its lines."""
    path = catalog.parent / "c" / "x.jsonl"
    return path, path.read_text().splitlines(keepends=True)


def test_a_changed_text_is_found_though_size_and_time_are_the_same(catalog: Path) -> None:
    path, found = lines(catalog)
    found[2] = found[2][:-4] + "q" + found[2][-3:]
    with unseen(path):
        path.write_text("".join(found))

    assert differences(catalog) == [("x.jsonl", None, "changed"), ("x.jsonl", 2, "different")]


def test_changed_bytes_with_the_same_texts_are_a_changed_file(catalog: Path) -> None:
    path, found = lines(catalog)
    found[0] = found[0].replace('": "', '":  "')
    path.write_text("".join(found))
    (row,) = verified(catalog).differences

    assert (row["kind"], row["ordinal"]) == ("changed", None)
    assert f"{path.stat().st_size - 1:,} bytes then, {path.stat().st_size:,} now" in row["why"]


def test_a_touched_file_is_no_difference(catalog: Path) -> None:
    lines(catalog)[0].touch()

    assert differences(catalog) == []


def test_records_that_vanished_appeared_or_broke_are_told_apart(catalog: Path) -> None:
    path, found = lines(catalog)
    path.write_text("".join([*found[:2], "nonsense\n", found[3], '{"text": "mended"}\n', '{"text": "new"}\n']))
    appeared = verified(catalog).differences
    path.write_text("".join(found[:2]))
    vanished = differences(catalog)

    assert [(row["ordinal"], row["kind"]) for row in appeared] == [
        (None, "changed"),
        (2, "unreadable"),
        (4, "added"),
        (5, "added"),
    ]
    assert "was a bad record" in appeared[2]["why"]
    assert "was not in the file" in appeared[3]["why"]
    assert vanished == [("x.jsonl", None, "changed"), ("x.jsonl", 2, "missing"), ("x.jsonl", 3, "missing")]


def test_a_file_that_is_gone_or_broken_is_one_difference(catalog: Path) -> None:
    lines(catalog)[0].unlink()
    (catalog.parent / "c" / "y.txt").write_bytes(b"\0\0")
    found = verified(catalog).differences

    assert [(Path(row["path"]).name, row["kind"]) for row in found] == [
        ("x.jsonl", "gone"),
        ("y.txt", "changed"),
        ("y.txt", "unreadable"),
    ]
    assert found[2]["why"].endswith(" (1 document not found again)")


def test_a_cut_archive_is_one_difference_and_not_one_per_record(tmp_path: Path) -> None:
    data = gzip.compress("".join(f'{{"text": "{text(n)}"}}\n' for n in range(50)).encode())
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "x.jsonl.gz").write_bytes(data)
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web")
    (tmp_path / "c" / "x.jsonl.gz").write_bytes(data[: len(data) // 2])

    assert [kind for *_, kind in differences(tmp_path / "x.duckdb")] == ["changed", "unreadable"]


def test_a_bad_file_that_is_still_bad_is_no_difference(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "x.jsonl.gz").write_bytes(gzip.compress(b'{"text": "a"}\n')[:-4])
    (tmp_path / "c" / "x.txt").write_bytes(b"\xff")
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web")

    assert ask(tmp_path / "x.duckdb", "select count(*) from bad_records") == [(2,)]
    assert differences(tmp_path / "x.duckdb") == []


def test_texts_are_compared_after_cleaning_and_by_their_field(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    start, end = (f"*** {word} OF THE PROJECT GUTENBERG EBOOK X ***\n" for word in ("START", "END"))
    (tmp_path / "c" / "x.txt").write_text(f"{start}a book\n{end}")
    pq.write_table(pa.table({"body": ["one", "two"], "text": ["x", "y"]}), tmp_path / "c" / "x.parquet")
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "books", text_fields=("*.parquet=body",))

    assert differences(tmp_path / "x.duckdb") == []


def test_text_that_was_in_memory_is_said_not_to_be_verified(catalog: Path) -> None:
    with exclusive_writer(catalog), write_transaction(catalog) as connection:
        connection.execute("update store.files set path = 'stdin:c' where path like '%y.txt'")
    result = verified(catalog)

    assert (result.files_verified, result.differences) == (1, [])
    assert result.unverified[0]["path"] == "stdin:c"
    assert list(result.summary())[1].startswith("1 file can't be verified, such as stdin:c: ")


def test_a_store_that_does_not_answer_is_no_difference(catalog: Path) -> None:
    with exclusive_writer(catalog), write_transaction(catalog) as connection:
        connection.execute("update store.files set path = 'nostore://x/y.txt' where path like '%y.txt'")
    result = verified(catalog)

    assert (result.differences, [row["path"] for row in result.unverified]) == ([], ["nostore://x/y.txt"])


def test_a_file_gone_from_a_store_is_a_difference(catalog: Path) -> None:
    with exclusive_writer(catalog), write_transaction(catalog) as connection:
        connection.execute("update store.files set path = 'memory://x/y.txt' where path like '%y.txt'")

    assert differences(catalog) == [("y.txt", None, "gone")]


def test_nothing_is_written(catalog: Path) -> None:
    before = catalog.read_bytes()
    lines(catalog)[0].unlink()
    verified(catalog)

    assert catalog.read_bytes() == before


def test_of_a_foreign_file_at_most_a_thousand_records_are_listed(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "c" / "x.jsonl", [f"text {n}" for n in range(3000)])
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web")
    path.write_text("".join(f'{{"text": "other {n}"}}\n' for n in range(3000)))
    found = verified(tmp_path / "x.duckdb").differences

    assert len(found) == 1 + compared_file.MOST_PER_FILE + 1
    assert found[-1]["why"] == "2,000 more records differ"


@pytest.mark.slow
@settings(max_examples=8)
@given(st.lists(st.integers(0, 39), max_size=5, unique=True), st.integers(1, 7), st.integers(1, 3))
def test_stretches_and_workers_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, changed: list[int], at_once: int, workers: int
) -> None:
    folder = tmp_path_factory.mktemp("c")
    texts = [f"text {n}" for n in range(40)]
    path = write_jsonl(folder / "c" / "x.jsonl", texts)
    path.write_text(path.read_text().replace('{"text": "text 7"}', "nonsense"))
    count_into(folder / "x.duckdb", folder / "c", "web")
    for place in changed:
        texts[place] = "another"
    write_jsonl(folder / "c" / "x.jsonl", texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(known_documents, "MOST_AT_ONCE", at_once)
        found = verified(folder / "x.duckdb", workers=workers).differences

    kinds = {row["ordinal"]: row["kind"] for row in found if row["ordinal"] is not None}
    assert kinds == {7: "added"} | dict.fromkeys(set(changed) - {7}, "different")


def test_a_sample_is_always_the_same_share_of_the_paths(tmp_path: Path) -> None:
    chance = random.Random(0)
    for number in range(40):
        (tmp_path / "c").mkdir(exist_ok=True)
        (tmp_path / "c" / f"{number}.txt").write_text(text(chance.randrange(100)))
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web")
    with open_readonly(tmp_path / "x.duckdb") as connection:
        files = counted_files(connection, None)
    some, more = (
        {file.path for file in sampled([replace(f, path=f"/c/{f.below}") for f in files], share)}
        for share in (0.2, 0.5)
    )

    assert some < more
    assert 3 <= len(some) <= 14
    assert len(sampled(files, 1e-9)) == 1
    assert sampled([], 0.5) == []
    assert verified(tmp_path / "x.duckdb", share=0.5).files_verified == len(sampled(files, 0.5))


def test_threads_never_open_the_catalog_at_the_same_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "c").mkdir()
    for number in range(8):
        (tmp_path / "c" / f"{number}.txt").write_text(f"text {number}")
    count_into(tmp_path / "x.duckdb", tmp_path / "c", "web")
    monkeypatch.setattr("tokaudit.pipeline.verify._TOGETHER_FILES", 1)
    open_now: list[int] = []
    most = 0

    @contextmanager
    def watched(path: Path) -> Iterator[object]:
        nonlocal most
        open_now.append(1)
        most = max(most, len(open_now))
        time.sleep(0.01)
        with open_readonly(path) as connection:
            yield connection
        open_now.pop()

    monkeypatch.setattr(known_documents, "open_readonly", watched)

    assert verified(tmp_path / "x.duckdb", workers=4).files_verified == 8
    assert most == 1


@pytest.mark.parametrize(
    ("differences", "unverified", "complete"),
    [([], [], True), ([{"path": "/a"}], [], False), ([], [{"path": "/a", "why": "is gone"}], False)],
)
def test_the_document_is_complete_if_all_was_verified_and_is_equal(
    differences: list[dict[str, str]], unverified: list[dict[str, str]], complete: bool
) -> None:
    document = VerifyResult(differences, 2, 10, 1, 5, 3, 0.5, unverified).document()

    assert document["complete"] is complete
    assert (document["rows"], document["unverified"], document["warnings"]) == (differences, unverified, [])
    assert {name: document[name] for name in ("files", "bytes", "share")} == {"files": 2, "bytes": 10, "share": 0.5}
