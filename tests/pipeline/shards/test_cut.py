"""How files are cut into shards: by what is named, whatever the catalog has of it."""

from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.samples import Words

from tokaudit.pipeline.changes import FileTask
from tokaudit.pipeline.selected import Selected
from tokaudit.pipeline.shards import cut as cut_module
from tokaudit.pipeline.shards.cut import cut
from tokaudit.readers.files import InputFile
from tokaudit.readers.options import ReadOptions

MB = 1_000_000
SIZES = st.lists(st.sampled_from([0, 10, MB, 20 * MB, 90 * MB]), max_size=20)


def chosen(sizes: list[int], reader: str = "text") -> list[Selected]:
    """Files of these sizes."""
    return [Selected(InputFile(f"/{at}", f"{at}", size, "1"), reader) for at, size in enumerate(sizes)]


def tasks(selected: list[Selected]) -> list[FileTask]:
    """All of them are to be read."""
    counters = {"words": Words()}
    return [FileTask(each.file, each.reader, None, counters) for each in selected]


def paths(selected: list[Selected], to_read: list[FileTask]) -> list[list[str]]:
    """The paths of each shard."""
    return [[task.file.path for task in shard.files] for shard in cut(selected, to_read, ReadOptions())]


@given(SIZES)
def test_every_file_is_in_one_shard_and_in_order(sizes: list[int]) -> None:
    selected = chosen(sizes)

    assert list(chain(*paths(selected, tasks(selected)))) == [each.file.path for each in selected]


@given(SIZES)
def test_a_shard_of_several_files_is_not_large(sizes: list[int]) -> None:
    selected = chosen(sizes)

    for shard in cut(selected, tasks(selected), ReadOptions()):
        assert len(shard.files) == 1 or sum(task.file.size for task in shard.files) <= cut_module.SHARD_BYTES


@given(SIZES, st.sets(st.integers(0, 19)))
def test_what_the_catalog_has_moves_no_bounds(sizes: list[int], counted: set[int]) -> None:
    selected = chosen(sizes)
    left = {f"/{at}" for at in range(len(sizes))} - {f"/{at}" for at in counted}
    some = [task for task in tasks(selected) if task.file.path in left]
    expected = [[path for path in shard if path in left] for shard in paths(selected, tasks(selected))]

    assert paths(selected, some) == [shard for shard in expected if shard]


def test_pages_make_smaller_shards() -> None:
    assert len(paths(chosen([MB] * 8), tasks(chosen([MB] * 8)))) == 1
    assert len(paths(chosen([MB] * 8, "html"), tasks(chosen([MB] * 8, "html")))) == 8


def test_files_that_are_treated_otherwise_are_apart() -> None:
    selected = chosen([1, 2, 3])
    one, two, three = tasks(selected)

    assert paths(selected, [one, replace(two, backfills=7), three]) == [["/0"], ["/1"], ["/2"]]


@pytest.mark.parametrize(
    ("file", "reader"), [({"opener": object}, "text"), ({"spool": object()}, "jsonl"), ({}, "hub")]
)
def test_what_only_this_process_has_is_measured_here(file: dict[str, object], reader: str) -> None:
    selected = [Selected(InputFile("/0", "0", 1, "1", **file), reader)]  # type: ignore[arg-type]
    (shard,) = cut(selected, tasks(selected), ReadOptions())

    assert shard.is_here


def test_a_task_has_no_counters_and_no_bytes() -> None:
    file = InputFile("/0", "0", 3, "1", data=b"abc")
    (shard,) = cut([Selected(file, "text")], [FileTask(file, "text", None, {"words": Words()})], ReadOptions())
    (sent,) = shard.task().files

    assert (sent.counters, sent.file.data) == ({}, None)
    assert shard.task().tokenizers == ("0" * 64,)


def test_a_task_is_named_after_its_files() -> None:
    one, many = chosen([1]), chosen([1, 2, 3])

    assert [str(shard.task()) for shard in cut(one, tasks(one), ReadOptions())] == ["/0"]
    assert [str(shard.task()) for shard in cut(many, tasks(many), ReadOptions())] == ["/0 and 2 more files"]
