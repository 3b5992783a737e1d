"""Which files an ingest reads, and why."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tokaudit.catalog.ingesting import IngestSession
from tokaudit.catalog.known_files import KnownFile
from tokaudit.catalog.sources import SourceSettings
from tokaudit.core.types import Int64
from tokaudit.measure.tokenizers.protocol import Counter, Identity
from tokaudit.pipeline.changes import FileTask, content_hash, file_tasks
from tokaudit.pipeline.selected import Selected
from tokaudit.readers.fields.text_fields import TextFields
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import TEXT_FIELDS
from tokaudit.readers.paths.listing import expand
from tokaudit.readers.unpack.limits import Limits


class Nothing:
    """A counter that is never called."""

    identity = Identity("nothing", "0" * 64, "test")
    fallback_reason = None

    def count(self, text: pa.LargeStringArray) -> Int64:
        """Zeros."""
        return np.zeros(len(text), np.int64)


COUNTERS: dict[str, Counter] = {"a": Nothing(), "b": Nothing()}

RAISED = Limits(record=2 << 30, ratio=600)
LOWERED = Limits(record=1 << 20)


@pytest.fixture
def file(tmp_path: Path) -> InputFile:
    """A file on disk."""
    (tmp_path / "x.txt").write_text("text")
    return expand([str(tmp_path / "x.txt")])[0][0]


def known(file: InputFile, **changes: object) -> KnownFile:
    """The catalog's row of the unchanged file, counted with both tokenizers; with other values as given."""
    columns: dict[str, object] = {
        "number": 5,
        "source": "s",
        "reader": "text",
        "text_field": None,
        "documents": 1,
        "size": file.size,
        "modified": file.modified,
        "content": content_hash(file),
        "state": "counted",
        "below": file.below,
        "ingest": 1,
        "too_large": False,
        "counted_with": frozenset(COUNTERS),
        "labelled_with": frozenset(),
    }
    return KnownFile(**{**columns, **changes})  # type: ignore[arg-type] # a dict of columns


def work(
    file: InputFile, old: KnownFile | None, *labels: str, limits: Limits = LOWERED, again: bool = False
) -> list[FileTask]:
    """The tasks for the one file."""
    before = session({file.path: old} if old else {}, labels)
    return file_tasks([Selected(file, "text")], before, COUNTERS, limits, again=again)


def session(known: dict[str, KnownFile], labels: tuple[str, ...]) -> IngestSession:
    """An ingest of the source ``s`` that keeps these labels."""
    settings = SourceSettings("s", "web", "auto", TextFields(), "default", (), {})
    kept = dict(label.split("=", 1) for label in labels)
    fields = TextFields()
    return IngestSession(Path("c"), 1, settings, [], {}, kept, fields, fields, known, {1: RAISED}, [], frozenset())


def test_a_new_file_is_read_with_all_counters(file: InputFile) -> None:
    (item,) = work(file, None)

    assert (item.content, item.counters, item.replaces, item.backfills) == (None, COUNTERS, None, None)


def test_a_file_whose_rows_stay_is_read_with_the_larger_of_both_limits(file: InputFile) -> None:
    lacking = known(file, counted_with=frozenset({"a"}))
    (added,) = work(file, lacking)
    (raised,) = work(file, lacking, limits=Limits(record=9 << 30))
    (changed,) = work(file, known(file, content="other", size=9))
    (again,) = work(file, lacking, again=True)

    assert (added.limits.record, added.limits.ratio) == (RAISED.record, RAISED.ratio)
    assert (raised.limits.record, raised.limits.ratio) == (9 << 30, RAISED.ratio)
    assert (changed.limits, again.limits) == (LOWERED, LOWERED)


def test_what_a_limit_kept_out_is_read_again_with_a_higher_limit(file: InputFile) -> None:
    (item,) = work(file, known(file, too_large=True), limits=Limits(record=9 << 30))

    assert (item.replaces, item.backfills, item.counters) == (5, None, COUNTERS)
    assert (item.limits.record, item.limits.ratio) == (9 << 30, RAISED.ratio)
    assert work(file, known(file, too_large=True)) == [], "no limit is higher than before"
    assert work(file, known(file), limits=Limits(record=9 << 30)) == []


def test_a_file_that_is_counted_anew_takes_no_other_along(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    first, second = expand([str(tmp_path)])[0]
    old = {
        first.path: known(first, documents=0, source="another"),
        second.path: known(second),
    }
    tasks = file_tasks([Selected(first, "text"), Selected(second, "text")], session(old, ()), COUNTERS)

    assert [task.file.below for task in tasks] == ["a.txt"]


def test_an_unchanged_file_is_not_read(file: InputFile) -> None:
    assert work(file, known(file)) == []
    assert work(file, known(file, modified="another time")) == []


@pytest.mark.parametrize("change", [{"content": "other", "size": 9}, {"content": "", "state": "partial"}])
def test_a_changed_or_unreadable_file_replaces_its_rows(file: InputFile, change: dict[str, object]) -> None:
    (item,) = work(file, known(file, **change))

    assert (item.replaces, item.backfills, set(item.counters)) == (5, None, {"a", "b"})


def test_a_file_is_counted_only_with_the_tokenizer_it_lacks(file: InputFile) -> None:
    (item,) = work(file, known(file, counted_with=frozenset({"a"})))

    assert (item.replaces, item.backfills, set(item.counters), item.rereads_labels) == (None, 5, {"b"}, False)


def test_a_file_that_is_counted_in_another_way_now_brings_no_other_along(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(name)
    first, second = expand([str(tmp_path)])[0]
    before = session({first.path: known(first, documents=0, source="other"), second.path: known(second)}, ())
    (item,) = file_tasks([Selected(first, "text"), Selected(second, "text")], before, COUNTERS)

    assert item.file == first


def test_members_of_an_archive_are_read_again_each_with_its_own_field(file: InputFile) -> None:
    old = known(file, text_field="content", counted_with=frozenset({"a"}))
    fields = [file_tasks([Selected(file, name)], session({file.path: old}, ()), COUNTERS) for name in ("tar", "jsonl")]

    assert [task.text_fields for (task,) in fields] == [TEXT_FIELDS, ("content",)]


@pytest.mark.parametrize("had", [[], ["a=x"], ["a=y", "b=x"]])
def test_a_missing_or_different_label_is_read_without_counting_again(file: InputFile, had: list[str]) -> None:
    (item,) = work(file, known(file, labelled_with=frozenset(had)), "a=x", "b=x")

    assert (item.backfills, set(item.counters), item.rereads_labels) == (5, set(), True)


def test_a_file_with_all_labels_is_not_read_again(file: InputFile) -> None:
    assert work(file, known(file, labelled_with=frozenset({"a=x", "b=x"})), "b=x") == []


def test_a_remote_file_is_known_by_its_entity_tag(file: InputFile) -> None:
    remote = InputFile("s3://bucket/x", "x", 4, "ETag=1")

    assert content_hash(remote) == "ETag=1"
    assert len(content_hash(file)) == 32


def test_a_file_that_changed_after_it_was_found_has_no_hash(file: InputFile) -> None:
    Path(file.path).write_text("more text")
    assert content_hash(file) == ""
    Path(file.path).unlink()
    assert content_hash(file) == ""
