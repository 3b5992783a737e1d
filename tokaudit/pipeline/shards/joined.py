"""The works of shards put together: in the order of the files, and as if each file had been read in one piece."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from tokaudit.core.arrow import numbers, to_arrow
from tokaudit.core.batches import BackfillBatch, BadRecord, MeasuredBatch
from tokaudit.core.types import Int64
from tokaudit.pipeline.measuring import MeasuredWork
from tokaudit.pipeline.shards.cut import Shard
from tokaudit.pipeline.shards.works_file import ShardWork, read_works, write_works
from tokaudit.readers.left_out_parts import LeftOutParts
from tokaudit.readers.parts import PartEnd


def joined(
    shards: Iterable[Shard], results: Iterator[Iterable[ShardWork]], here: Callable[[Shard], Iterable[ShardWork]]
) -> Iterator[MeasuredWork]:
    """Yield the works of all shards.

    Args:
        shards: the shards, in order.
        results: the works of those that are measured elsewhere, shard by shard.
        here: measures a shard in this process.
    """
    for group in _files(shards):
        part = group[0].files[0].part
        if group[0].is_here:
            yield from (each.work for each in here(group[0]))
        elif part is not None and part.guessed:
            yield from _of_guessed(group, results, here)
        else:
            place = _Place()
            for shard in group:
                yield from _placed(shard, next(results), place)


def _files(shards: Iterable[Shard]) -> Iterator[list[Shard]]:
    """Yield the parts of each file together, and every other shard alone."""
    group: list[Shard] = []
    for shard in shards:
        group.append(shard)
        part = shard.files[0].part
        if part is None or part.last:
            yield group
            group = []
    assert not group, "the last part of a file is among the shards"


def _placed(shard: Shard, works: Iterable[ShardWork], place: "_Place") -> Iterator[MeasuredWork]:
    """Yield the works of a shard; those of a part of a file have their place in it."""
    for each in works:
        work = _named(each, shard)
        if shard.files[0].part is None:
            yield work
        elif not place.is_cut:
            yield place.placed(work)


def _of_guessed(
    group: Sequence[Shard], results: Iterator[Iterable[ShardWork]], here: Callable[[Shard], Iterable[ShardWork]]
) -> Iterator[MeasuredWork]:
    """Yield the works of the parts of a file if it is sure that each begins with a record, else of the file as a whole.

    They wait in temporary files until all ends are known.
    """
    with TemporaryDirectory(prefix="tokaudit-") as folder:
        files = [Path(folder) / str(number) for number in range(len(group))]
        ends = [_End() for _ in files]
        for file, end in zip(files, ends, strict=True):
            write_works(end.noted(next(results)), file)
        if not _are_sure(group, ends):
            (task,) = group[0].files
            yield from (each.work for each in here(Shard([replace(task, part=None)], is_here=True)))
            return
        place = _Place()
        for shard, file in zip(group, files, strict=True):
            yield from _placed(shard, read_works(file), place)


@dataclass(slots=True)
class _End:
    """What is known of a part once its works have passed: its end, and the kinds of what it leaves out."""

    end: PartEnd | None = None
    kinds: set[tuple[str, str]] = field(default_factory=set)

    def noted(self, works: Iterable[ShardWork]) -> Iterator[ShardWork]:
        """The works."""
        for each in works:
            self.end = each.work.part_end or self.end
            self.kinds |= {(omitted.rule, omitted.suffix) for _, omitted in each.work.omitted}
            yield each


def _are_sure(group: Sequence[Shard], ends: Sequence[_End]) -> bool:
    """Whether the parts give what the file gives as a whole, of which the limits hold, too."""
    limits, unpacked = group[0].files[0].limits, 0
    known: set[tuple[str, str]] = set()
    for shard, found in zip(group, ends, strict=True):
        part, end = shard.files[0].part, found.end
        if part is None or end is None or not end.sure:
            return False
        unpacked += end.unpacked
        if unpacked > limits.total:
            return False
        if not part.first and (unpacked > limits.ratio * part.begin or not known.issuperset(end.unnamed)):
            return False
        known |= found.kinds
    return True


def _named(each: ShardWork, shard: Shard) -> MeasuredWork:
    """The work with its files, and with tokens by the tokenizer's name in the catalog."""
    work, names = each.work, shard.names
    return replace(
        work,
        tasks=shard.files[each.first : each.first + each.files],
        measured=work.measured and replace(work.measured, tokens=_by_name(work.measured, names)),
        backfill=work.backfill and replace(work.backfill, tokens=_by_name(work.backfill, names)),
    )


def _by_name(batch: MeasuredBatch | BackfillBatch, names: Mapping[str, str]) -> dict[str, Int64]:
    return {names[sha256]: counts for sha256, counts in batch.tokens.items()}


@dataclass(slots=True)
class _Place:
    """How far the parts of a file have come.

    Attributes:
        records, lines, bytes: those before the part; bytes only if offsets are counted from its begin.
        is_cut: whether the rest of the file can't be read.
        left_out: what the parts so far leave out.
    """

    records: int = 0
    lines: int = 0
    bytes: int = 0
    is_cut: bool = False
    left_out: LeftOutParts = field(default_factory=LeftOutParts)

    def placed(self, work: MeasuredWork) -> MeasuredWork:
        """Work of a part, as if the file had been read from its start."""
        part = work.tasks[0].part
        assert part is not None, "a file that is read as a whole needs no place"
        self.is_cut = any(record.ordinal is None for _, record in work.bad)
        ends = work.ends and (part.last or self.is_cut)
        for _, each in work.omitted:
            self.left_out.add(each.rule, each.suffix, each.bytes, partial(str, each.example), each.number)
        placed = replace(
            work,
            bad=[(of, self._moved(record)) for of, record in work.bad],
            omitted=[(0, each) for each in self.left_out.omitted()] if ends else [],
            measured=work.measured and self._measured(work.measured),
            backfill=work.backfill and replace(work.backfill, ordinal=work.backfill.ordinal + self.records),
            ends=ends,
            position=part.stored if work.ends and not ends else work.position,
        )
        if work.part_end is not None:
            self.records += work.part_end.records
            self.lines += work.part_end.lines
            self.bytes += work.part_end.bytes
        return placed

    def _measured(self, batch: MeasuredBatch) -> MeasuredBatch:
        """Documents with their ordinals and offsets in the file."""
        offset = batch.offset if not self.bytes else to_arrow(numbers(batch.offset, np.int64) + self.bytes)
        return replace(batch, ordinal=batch.ordinal + self.records, offset=offset)

    def _moved(self, record: BadRecord) -> BadRecord:
        """A bad record with its ordinal and line in the file."""
        if record.ordinal is None:
            return record
        offset = None if record.offset is None else record.offset + self.bytes
        moved = replace(record, ordinal=record.ordinal + self.records, offset=offset)
        if record.line is None:
            return moved
        line = record.line + self.lines
        return replace(moved, line=line, why=f"line {line}: {record.why.removeprefix(f'line {record.line}: ')}")
