"""Works of parts put together: ordinals and lines of the whole file, and nothing behind a fault."""

from typing import Any

import numpy as np

from tokaudit.core.batches import BadRecord, TextOrigin
from tokaudit.pipeline.changes import FileTask
from tokaudit.pipeline.measuring import MeasuredWork
from tokaudit.pipeline.shards.cut import Shard
from tokaudit.pipeline.shards.joined import joined
from tokaudit.pipeline.shards.works_file import ShardWork
from tokaudit.readers.files import InputFile
from tokaudit.readers.parts import FilePart, PartEnd

FILE = InputFile("/f.jsonl", "f.jsonl", 300, "1")
BAD = BadRecord(1, 5, "malformed", "line 2: is odd", 2)
FAULT = BadRecord(None, None, "unreadable", "can't be read")


def shard(number: int, of: int = 3) -> Shard:
    """A part of the file."""
    part = FilePart(100 * number, 100 * number + 100, 100 * number + 100, number == 0, number == of - 1)
    return Shard([FileTask(FILE, "jsonl", None, {}, part=part)], is_here=False)


def works(*bad: BadRecord, begins: bool, end: PartEnd | None = None, position: int = 0, ends: bool = True) -> ShardWork:
    """Work on a part that has only bad records."""
    found: dict[str, Any] = {"contents": ["ab"], "checked": [False], "documents": np.zeros(1, np.int64)}
    found |= {"origins": [TextOrigin()], "omitted": [], "measured": None, "backfill": None}
    bad_of = [(0, record) for record in bad]
    return ShardWork(
        0, 1, MeasuredWork(tasks=(), bad=bad_of, begins=begins, ends=ends, position=position, part_end=end, **found)
    )


def together(parts: list[list[ShardWork]]) -> list[MeasuredWork]:
    """The works of all parts."""
    return list(joined([shard(number, len(parts)) for number in range(len(parts))], iter(parts), lambda _: []))


def test_ordinals_and_lines_go_on_from_part_to_part() -> None:
    first = [works(BAD, begins=True, ends=False, position=60), works(begins=False, end=PartEnd(10, 12))]
    found = together([first, [works(BAD, begins=False, end=PartEnd(5, 5))], [works(BAD, begins=False)]])

    assert [(record.ordinal, record.line, record.why) for work in found for _, record in work.bad] == [
        (1, 2, "line 2: is odd"),
        (11, 14, "line 14: is odd"),
        (16, 19, "line 19: is odd"),
    ]


def test_a_file_begins_with_its_first_part_and_ends_with_its_last() -> None:
    first = [works(begins=True, ends=False, position=60), works(begins=False)]
    found = together([first, [works(begins=False)], [works(begins=False)]])

    assert [(work.begins, work.ends, work.position) for work in found] == [
        (True, False, 60),
        (False, False, 100),
        (False, False, 200),
        (False, True, 0),
    ]


def test_a_file_that_can_not_be_read_further_ends_there() -> None:
    found = together([[works(begins=True)], [works(BAD, FAULT, begins=False)], [works(BAD, begins=False)]])

    assert [(work.ends, [record.ordinal for _, record in work.bad]) for work in found] == [
        (False, []),
        (True, [1, None]),
    ]


def test_a_file_after_one_that_was_cut_is_taken() -> None:
    shards = [shard(0, 2), shard(1, 2), shard(0, 2), shard(1, 2)]
    results = [[works(FAULT, begins=True)], [works(begins=False)], [works(begins=True)], [works(begins=False)]]

    assert len(list(joined(shards, iter(results), lambda _: []))) == 3


def test_what_is_here_is_measured_where_its_turn_is() -> None:
    here = Shard([FileTask(FILE, "text", None, {})], is_here=True)
    there = Shard([FileTask(FILE, "text", None, {})], is_here=False)
    results = iter([[works(BAD, begins=True)], [works(FAULT, begins=True)]])
    found = list(joined([there, here, there], results, lambda _: [works(begins=True)]))

    assert [len(work.bad) for work in found] == [1, 0, 1]
