"""Batches of many small files or of a stretch of one file: they contain every document once."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made.samples import Words, write_jsonl

from tokaudit.core.batches import TextBatch
from tokaudit.ingesters.domains import ingester_of
from tokaudit.pipeline import batching
from tokaudit.pipeline.batching import WorkBatch, work_batches
from tokaudit.pipeline.changes import FileTask, content_hash
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.paths.listing import expand

FILES = st.lists(st.lists(st.text("ab", max_size=8), max_size=6), min_size=1, max_size=6)


def tasks_of(folder: Path, backfills: int | None = None) -> list[FileTask]:
    """The tasks for a folder's files."""
    readers = {".jsonl": "jsonl"}
    return [
        FileTask(file, readers.get(Path(file.path).suffix, "text"), None, {"words": Words()}, backfills=backfills)
        for file in expand([str(folder)])[0]
    ]


def unseen(*_: str) -> AbstractContextManager[None]:
    """Nobody watches what is read."""
    return nullcontext()


def batched(tasks: list[FileTask], domain: str = "web", most: int = 8_000_000) -> list[WorkBatch]:
    return list(work_batches(tasks, ReadOptions(batch_bytes=most, batch_documents=2), ingester_of(domain), unseen))


@pytest.mark.slow
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES, st.integers(1, 40))
def test_every_document_is_batched_once_whatever_the_batch_size(
    tmp_path: Path, files: list[list[str]], most: int
) -> None:
    folder = tmp_path / "c"
    for old in folder.glob("*"):
        old.unlink()
    for number, texts in enumerate(files):
        write_jsonl(folder / f"{number}.jsonl", texts)
    groups = batched(tasks_of(folder), most=most)

    found: dict[str, list[str]] = {}
    for group in groups:
        rest = iter(
            [text for batch in group.batches if isinstance(batch, TextBatch) for text in batch.text.to_pylist()]
        )
        for task, documents in zip(group.tasks, group.documents, strict=True):
            found.setdefault(task.file.below, []).extend(next(rest) for _ in range(documents))
        assert list(rest) == []
        assert len(group.tasks) == 1 or (group.begins and group.ends)
    assert found == {f"{number}.jsonl": texts for number, texts in enumerate(files)}
    begun = [group.tasks[0].file.below for group in groups if not group.begins]
    assert begun == [group.tasks[0].file.below for group in groups if not group.ends]


def test_small_files_share_a_batch_and_keep_their_hashes_and_labels(tmp_path: Path) -> None:
    for name, content in {"a.py": "a", "b.rs": "b", "c.py": ""}.items():
        (tmp_path / name).write_text(content)
    (group,) = batched(tasks_of(tmp_path), "code")

    assert group.documents == [1, 1, 0]
    assert [labels["language"] for labels in group.labels] == ["python", "rust", "python"]
    assert group.contents == [content_hash(task.file) for task in group.tasks]


def test_a_large_file_is_hashed_by_the_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.readers.files.HELD_BYTES", 3)
    (tmp_path / "a.txt").write_text("long")
    (group,) = batched(tasks_of(tmp_path))

    assert group.contents == [None]


def test_bad_records_stay_with_their_file_and_fill_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("good")
    (tmp_path / "b.jsonl").write_text("bad\n" * 5)
    (tmp_path / "c.txt").write_bytes(b"\xe9")
    (whole,) = batched(tasks_of(tmp_path))
    monkeypatch.setattr(batching, "_MOST_ENTRIES", 5)
    groups = batched(tasks_of(tmp_path))

    assert [place for place, _ in whole.bad] == [1, 1, 1, 1, 1, 2]
    assert [(len(group.tasks), len(group.bad)) for group in groups] == [(1, 0), (1, 2), (1, 3), (1, 1)]
    assert [record.ordinal for group in groups for _, record in group.bad] == [0, 1, 2, 3, 4, 0]


def test_kept_fields_count_towards_the_size_of_a_batch(tmp_path: Path) -> None:
    for name in "abc":
        write_jsonl(tmp_path / f"{name}.jsonl", [name], field=["x" * 600])
    whole, kept = (
        list(
            work_batches(tasks_of(tmp_path), ReadOptions(labels=labels, batch_bytes=1_000), ingester_of("web"), unseen)
        )
        for labels in ({}, {"l": "field"})
    )

    assert [len(group.tasks) for group in whole] == [3]
    assert [len(group.tasks) for group in kept] == [2, 1]


def test_files_that_are_treated_differently_do_not_share_a_batch(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(name)
    (a, _, _), (_, b, _), (_, _, c) = (
        tasks_of(tmp_path),
        tasks_of(tmp_path, backfills=1),
        tasks_of(tmp_path, backfills=2),
    )

    assert [[task.file.below for task in group.tasks] for group in batched([a, b, c])] == [
        ["a.txt"],
        ["b.txt", "c.txt"],
    ]


def test_a_long_text_is_measured_apart(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("short")
    (tmp_path / "b.jsonl").write_text('{"text": "short"}\n{"text": "%s"}\n' % ("long " * 2_000))
    (tmp_path / "c.txt").write_text("short")

    batches = batched(tasks_of(tmp_path), most=5_000)

    assert [[len(each.ordinal) for each in work.batches] for work in batches if work.batches] == [[1], [1], [1], [1]]


def test_a_place_is_the_first_file_with_text_and_the_number_of_others(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text("" if name == "a" else name)
    (several,) = batched(tasks_of(tmp_path))
    (one,) = batched(tasks_of(tmp_path)[1:2])
    (nothing,) = batched(tasks_of(tmp_path)[:1])

    assert several.place() == (str(tmp_path / "b.txt"), f" and 2 more files, {several.held} B")
    assert one.place() == (str(tmp_path / "b.txt"), f" from record 0, {one.held} B")
    assert nothing.place() == (str(tmp_path / "a.txt"), "")


def test_the_place_of_a_stretch_is_its_first_record(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "a.jsonl", ["x" * 100] * 6)
    places = [group.place() for group in batched(tasks_of(tmp_path), most=100)]

    assert [detail.split(",")[0] for _, detail in places] == [f" from record {number}" for number in range(6)]


def test_a_file_is_named_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokaudit.readers.files.HELD_BYTES", 3)
    (tmp_path / "a.txt").write_text("long")
    (tmp_path / "b.txt").write_text("is")
    named: list[str] = []

    @contextmanager
    def working(path: str, detail: str) -> Iterator[None]:
        named.append(f"{Path(path).name}{detail}")
        yield
        named.append("done")

    list(work_batches(tasks_of(tmp_path), ReadOptions(), ingester_of("web"), working))

    assert named == ["a.txt, being read", "done", "a.txt, being read", "done"]
