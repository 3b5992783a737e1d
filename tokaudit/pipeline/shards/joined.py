"""The works of shards put together: in the order of the files, and as if each file had been read in one piece."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tokaudit.core.batches import BackfillBatch, BadRecord, MeasuredBatch
from tokaudit.core.types import Int64
from tokaudit.pipeline.measuring import MeasuredWork
from tokaudit.pipeline.shards.cut import Shard
from tokaudit.pipeline.shards.works_file import ShardWork


def joined(
    shards: Iterable[Shard], results: Iterator[Iterable[ShardWork]], here: Callable[[Shard], Iterable[ShardWork]]
) -> Iterator[MeasuredWork]:
    """Yield the works of all shards.

    Args:
        shards: the shards, in order.
        results: the works of those that are measured elsewhere, shard by shard.
        here: measures a shard in this process.
    """
    place = _Place("")
    for shard in shards:
        if shard.is_here:
            yield from (each.work for each in here(shard))
            continue
        for each in next(results):
            work = _named(each, shard)
            part = shard.files[0].part
            if part is None:
                yield work
                continue
            if part.first and work.begins:
                place = _Place(work.tasks[0].file.path)
            if not place.is_cut:
                yield place.placed(work)


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
        path: the file.
        records, lines: those before the part.
        is_cut: whether the rest of the file can't be read.
    """

    path: str
    records: int = 0
    lines: int = 0
    is_cut: bool = False

    def placed(self, work: MeasuredWork) -> MeasuredWork:
        """Work of a part, as if the file had been read from its start."""
        part = work.tasks[0].part
        assert part is not None, "a file that is read as a whole needs no place"
        self.is_cut = any(record.ordinal is None for _, record in work.bad)
        ends = work.ends and (part.last or self.is_cut)
        placed = replace(
            work,
            bad=[(of, self._moved(record)) for of, record in work.bad],
            measured=work.measured and replace(work.measured, ordinal=work.measured.ordinal + self.records),
            backfill=work.backfill and replace(work.backfill, ordinal=work.backfill.ordinal + self.records),
            ends=ends,
            position=part.stored if work.ends and not ends else work.position,
        )
        if work.part_end is not None:
            self.records += work.part_end.records
            self.lines += work.part_end.lines
        return placed

    def _moved(self, record: BadRecord) -> BadRecord:
        """A bad record with its ordinal and line in the file."""
        if record.ordinal is None:
            return record
        moved = replace(record, ordinal=record.ordinal + self.records)
        if record.line is None:
            return moved
        line = record.line + self.lines
        return replace(moved, line=line, why=f"line {line}: {record.why.removeprefix(f'line {record.line}: ')}")
