"""Documents from the members of an archive, in the order of the archive.

An archive is one file of the catalog: the ordinals run over the records of all its members. Members of one document
come together in batches, because there may be many small ones. Two members of one name both count.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any, Final

import orjson

from tokaudit.core.bad_codes import BadCode
from tokaudit.core.batches import BadRecord, Found, Omitted, PageBatch, TextBatch
from tokaudit.readers.archives.gathered_batches import GatheredBatches
from tokaudit.readers.archives.members import Member, member_suffix, shown
from tokaudit.readers.detect import look_into, reader_by_name
from tokaudit.readers.faults import FileFault
from tokaudit.readers.fields.record_paths import text_field_of
from tokaudit.readers.files import InputFile
from tokaudit.readers.formats import READERS
from tokaudit.readers.json.records import GatheredDocuments, JsonDocument, JsonRecords
from tokaudit.readers.left_out_parts import LeftOutParts
from tokaudit.readers.options import Chosen, ReadOptions
from tokaudit.readers.pages.assets import PAGE_ASSETS, is_asset
from tokaudit.readers.paths.rules import name_rule
from tokaudit.readers.reader import Reader
from tokaudit.readers.unpack.magic import UTF8_BOM, compression_of, compression_suffix

_HELD: Final = 1 << 22
"""Members up to this size are read into memory before a reader is chosen."""
_HEAD: Final = 16
_OF_OBJECTS: Final = ".jsonl"
"""A name of files of JSON objects."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A JSON object without text: data about a text of the same sample, or else a bad record."""

    member: Member
    sample: str
    code: BadCode
    why: str


class MemberReading:
    """Reads the members of one archive.

    Args:
        file: the archive.
        options: how its members are read; their limits have the meter of the archive.
        position: returns the bytes of the stored archive read so far.
        broken: returns the fault of the archive itself after a member could not be read; None if it has none.
    """

    def __init__(
        self,
        file: InputFile,
        options: ReadOptions,
        position: Callable[[], int],
        broken: Callable[[], FileFault | None] = lambda: None,
    ) -> None:
        self._path = file.path
        self._below = file.below
        self._options = options
        self._position = position
        self._broken = broken
        self._ordinal = 0
        self._gathered = GatheredBatches(options)
        self._parts = LeftOutParts()
        self._waiting: _Waiting | None = None
        self._last_text = ""
        self._has_pages = False

    def read(self, members: Iterable[Member]) -> Iterator[Found]:
        """Yield what is in the members, then what was left out, and at last a fault of the archive itself."""
        fault = None
        try:
            for number, member in enumerate(members):
                if number == self._options.limits.members:
                    why = f"contains more than {number:,} members: if it can be trusted, pass --limit members=NUMBER"
                    raise FileFault("too_large", why)  # noqa: TRY301 - handled like those of the archive
                yield from self._member(member)
        except FileFault as raised:
            fault = raised
        yield from self._settle()
        yield from self._gathered.take(self._position())
        yield from self._left_out()
        if fault is not None:
            yield BadRecord(None, None, fault.code, fault.why)

    def _member(self, member: Member) -> Iterator[Found]:
        below = member.below
        if member.fault is not None:
            yield from self._settle()
            yield self._bad(member, member.fault.code, member.fault.why)
        elif member.rule is not None:
            self._omit(member.rule, member, below)
        elif not below or member.is_unsafe():
            yield from self._settle()
            yield self._bad(member, "unsafe_name", "has an absolute name, or one that leads out of the archive")
        elif member.size or _is_never_empty(_ending(below)):
            file = self._as_file(member, below)
            chosen = self._choose(file)
            if chosen.reader is None:
                rule = chosen.left_out or "unclaimed"
                self._omit(PAGE_ASSETS if rule == "unclaimed" and is_asset(below) else rule, member, below)
            else:
                self._has_pages |= READERS.get(chosen.reader).has_assets
                yield from self._read(member, chosen.file or file, READERS.get(chosen.reader))

    def _as_file(self, member: Member, below: str) -> InputFile:
        """The member as a file for readers: with its bytes if they are few, and to be opened by the member itself."""
        data = None
        if member.size <= _HELD:
            try:
                data = member.content(_HELD)
            except FileFault:
                self._check()  # else the reader meets the fault again
        path = f"archive://{self._path}!/{below}"
        return InputFile(path, below, member.size, "", data=data, opener=lambda: member.open(True))

    def _choose(self, file: InputFile) -> Chosen:
        members = self._options.members
        rule = name_rule(file.below, code=members is not None and members.is_code)
        if rule is not None:
            return Chosen(left_out=rule)
        chosen = look_into(file) if members is None else members.choose(file)
        if chosen.left_out == "unclaimed" and _object_in(file) is not None:
            chosen = Chosen(reader=reader_by_name(_OF_OBJECTS))
        return chosen

    def _read(self, member: Member, file: InputFile, reader: Reader) -> Iterator[Found]:
        if reader.is_archive:
            yield from self._settle()
            yield self._bad(member, "nested_archive", "is an archive in an archive, which is not opened")
            return
        if reader.documents_per_file == 1:
            self._omit_waiting(_sample(file.below))
            self._last_text = file.below
        yield from self._settle()
        if file.data is None:
            file = replace(file, opener=lambda: member.open(False))
        labels: Mapping[str, str] = {}
        if reader.documents_per_file == 1 and self._options.members is not None:
            labels = self._options.members.labels(file)
        yield from self._records(member, file, self._found(member, file, reader), labels)

    def _found(self, member: Member, file: InputFile, reader: Reader) -> Iterator[Found]:
        found = self._json_object(member, file) if reader.is_table else None
        if found is None:
            found = reader.read(self._in_messages(file), self._options)
        return found

    def _in_messages(self, file: InputFile) -> InputFile:
        """The file with the path of the archive, whose options hold for all members, for advice on options."""
        return replace(file, below=self._below)

    def _records(
        self, member: Member, file: InputFile, found: Iterator[Found], labels: Mapping[str, str]
    ) -> Iterator[Found]:
        """Yield what a reader finds in a member, with the ordinals and offsets of the archive."""
        base = member.offset if _is_plain(file) else None
        records = 0
        for each in found:
            if isinstance(each, Omitted):
                example = partial("{}: {}".format, member.name, each.example)
                self._parts.add(each.rule, each.suffix, each.bytes, example, each.number)
            elif isinstance(each, BadRecord):
                if each.ordinal is None:
                    self._check()
                place = records if each.ordinal is None else each.ordinal
                start = each.offset if place else each.offset or 0
                offset = None if base is None or start is None else base + start
                records = max(records, place + 1)
                yield BadRecord(self._ordinal + place, offset, each.code, f"{shown(member.name)}: {each.why}")
            else:
                assert isinstance(each, TextBatch | PageBatch), "a store of token ids has no index inside an archive"
                records = max(records, int(each.ordinal[-1]) + 1)
                yield from self._gathered.add(each, self._ordinal, base, labels, self._position())
        self._ordinal += records
        self._check()

    def _json_object(self, member: Member, file: InputFile) -> Iterator[Found] | None:
        """The document of a member that is one JSON object, as in WebDataset; None if it is something else."""
        record = _object_in(file)
        if record is None:
            return None
        records = JsonRecords(self._in_messages(file), self._options)
        found = records.document(record)
        if isinstance(found, JsonDocument):
            documents = GatheredDocuments(self._options.labels)
            documents.add(found, 0, 0)
            return documents.batches(1, 0, records.field)
        if text_field_of(record, self._options.text_fields) is not None:
            return iter([BadRecord(0, 0, *found)])
        sample = _sample(file.below)
        if sample == _sample(self._last_text):
            self._omit("about_data", member, file.below)
        else:
            self._waiting = _Waiting(member, sample, *found)
        return iter(())

    def _settle(self) -> Iterator[Found]:
        """Yield the JSON object that waits for a text as a bad record."""
        if (waiting := self._waiting) is not None:
            self._waiting = None
            yield self._bad(waiting.member, waiting.code, waiting.why)

    def _omit_waiting(self, sample: str) -> None:
        if (waiting := self._waiting) is not None and waiting.sample == sample:
            self._waiting = None
            self._omit("about_data", waiting.member, waiting.member.below)

    def _bad(self, member: Member, code: BadCode, why: str) -> BadRecord:
        """One bad record for a whole member."""
        self._ordinal += 1
        return BadRecord(self._ordinal - 1, member.offset, code, f"{shown(member.name)}: {why}")

    def _omit(self, rule: str, member: Member, below: str) -> None:
        self._parts.add(rule, member_suffix(below), member.size, partial(str, member.name))

    def _left_out(self) -> list[Omitted]:
        """What was left out. Scripts and the like belong to pages only if the archive has pages."""
        found = self._parts.omitted()
        if self._has_pages:
            return found
        parts = LeftOutParts()
        for each in sorted(found, key=lambda each: each.rule == PAGE_ASSETS):
            rule = "unclaimed" if each.rule == PAGE_ASSETS else each.rule
            parts.add(rule, each.suffix, each.bytes, partial(str, each.example), each.number)
        return parts.omitted()

    def _check(self) -> None:
        """Raise the fault of the archive itself, if there is one."""
        if fault := self._broken():
            raise fault


def _object_in(file: InputFile) -> dict[str, Any] | None:
    """The JSON object that a small ``.json`` member is; None if it is something else."""
    data = file.data
    if data is None or not file.below.lower().endswith(".json") or compression_of(data[:_HEAD]):
        return None
    try:
        record = orjson.loads(data.removeprefix(UTF8_BOM))
    except orjson.JSONDecodeError:
        return None
    return record if isinstance(record, dict) else None


def _ending(below: str) -> str:
    """The last part of a path from its first dot on."""
    name = below[below.rfind("/") + 1 :]
    return name[name.find(".") :] if "." in name else ""


@lru_cache(1024)
def _is_never_empty(ending: str) -> bool:
    """Whether an empty file whose name ends so is cut, rather than a file without documents."""
    reader = reader_by_name("x" + ending)
    return bool(compression_suffix(ending)) or (reader is not None and READERS.get(reader).documents_per_file != 1)


def _is_plain(file: InputFile) -> bool:
    """Whether a member is not compressed itself, so that its records have places in the archive."""
    if file.data is not None:
        return not compression_of(file.data[:_HEAD])
    return not compression_suffix(file.name)


def _sample(below: str) -> str:
    """What the members of one sample have in common: the path up to the first dot in its last part."""
    folder, slash, name = below.rpartition("/")
    return folder + slash + name.partition(".")[0]
