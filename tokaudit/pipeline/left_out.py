"""What an ingest leaves out, summed up by rule and suffix, and in a sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from tokaudit.core.left_out_rules import RULES
from tokaudit.core.units import format_bytes, format_number_of
from tokaudit.readers.files import LeftOut
from tokaudit.readers.unpack.magic import compression_suffix

_BY_SUFFIX: Final = frozenset({"unclaimed", "binary"})
"""Rules whose files are named by their suffix in a sentence, because the rule says little."""
_KINDS: Final = 3


@dataclass(frozen=True, slots=True)
class LeftOutGroup:
    """Files that one rule left out, with one suffix.

    Attributes:
        suffix: in lower case, with its dot; empty if there is none.
        files: how many files, members of archives, and records of crawls.
        bytes: their stored bytes, as far as they are known.
        example: path of the first of them.
        parts: how many of them are parts of files that were read: members and records.
    """

    rule: str
    suffix: str
    files: int
    bytes: int
    example: str
    parts: int = 0


def left_out_groups(left: Iterable[LeftOut], parts: Iterable[LeftOutGroup] = ()) -> list[LeftOutGroup]:
    """Groups by rule and suffix, in this order.

    Args:
        left: files that are left out.
        parts: groups of parts of files, to be added.
    """
    groups: dict[tuple[str, str], LeftOutGroup] = {}
    single = (LeftOutGroup(item.rule, _suffix(item), 1, item.size or 0, item.path) for item in left)
    for item in (*single, *parts):
        key = (item.rule, item.suffix)
        known = groups.get(key)
        if known is not None:
            example = min(known.example, item.example)
            item = replace(  # noqa: PLW2901
                known,
                files=known.files + item.files,
                bytes=known.bytes + item.bytes,
                example=example,
                parts=known.parts + item.parts,
            )
        groups[key] = item
    return [groups[key] for key in sorted(groups)]


def may_lack_text(groups: Iterable[LeftOutGroup]) -> bool:
    """Whether a rule left out what may be text, so that the result is not complete."""
    return any(RULES[group.rule].incomplete for group in groups)


def left_out_words(groups: Sequence[LeftOutGroup]) -> str:
    """Such as ``90 files and 1,204 records, 31 MB left out: 1,150 record_type, 71 .pdf, 54 status, …``."""
    kinds: dict[str, int] = {}
    for group in groups:
        kind = group.suffix if group.rule in _BY_SUFFIX and group.suffix else group.rule
        kinds[kind] = kinds.get(kind, 0) + group.files
    most = sorted(kinds, key=lambda kind: (-kinds[kind], kind))
    named = ", ".join(f"{kinds[kind]:,} {kind}" for kind in most[:_KINDS]) + (", …" if len(most) > _KINDS else "")
    return f"{_amount(groups)}, {format_bytes(sum(group.bytes for group in groups))} left out: {named}"


def _amount(groups: Iterable[LeftOutGroup]) -> str:
    """How many files, members of archives and records."""
    counts = dict.fromkeys(("file", "member", "record"), 0)
    for group in groups:
        counts["file"] += group.files - group.parts
        counts["record" if RULES[group.rule].of_records else "member"] += group.parts
    named = [format_number_of(count, kind) for kind, count in counts.items() if count]
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))


def _suffix(item: LeftOut) -> str:
    return "" if item.size is None else suffix_of(item.path)  # None: a folder, or a link


def suffix_of(path: str) -> str:
    """The suffix of a file's name in lower case, with that of its compression; empty if it has none."""
    name = path.rpartition("/")[2].lower()
    packed = compression_suffix(name)
    return PurePosixPath(name.removesuffix(packed)).suffix + packed
