"""Why records and files were not counted, over all sources of a catalog."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tokaudit.audit.overview import Overview
from tokaudit.core.left_out_rules import RULES
from tokaudit.core.rows import Row


@dataclass(frozen=True, slots=True)
class Reason:
    """A code of bad records, or a rule that left something out.

    Attributes:
        code: the code or rule.
        is_rule: whether it is a rule.
        text_missing: whether text may be missing because of it, so that the numbers are not of all the input.
        files: files and folders that were left out; 0 for bad records.
        records: bad records, or parts of files that were left out.
        bytes: their size as stored; None if it is not known.
        example: path of an example, with the ordinal of its record or the name of its part.
    """

    code: str
    is_rule: bool
    text_missing: bool
    files: int
    records: int
    bytes: int | None
    example: str

    @property
    def number(self) -> int:
        """Files and records together."""
        return self.files + self.records


def reasons(overview: Overview) -> list[Reason]:
    """Every reason: those for which text may be missing first, and of these those of most files and records."""
    found = [*_bad_records(overview.bad_records.rows), *_left_out(overview.left_out.rows)]
    return sorted(found, key=lambda each: (not each.text_missing, -each.number, each.code, each.is_rule))


def _bad_records(rows: Sequence[Row]) -> Iterator[Reason]:
    for code, of in _by(rows, "code"):
        first = min(of, key=lambda row: row["example_path"])
        records = sum(row["records"] for row in of)
        yield Reason(code, False, True, 0, records, None, _place(first["example_path"], first["example_ordinal"]))


def _place(path: str, ordinal: int | None) -> str:
    return path if ordinal is None else f"{path}, record {ordinal}"


def _left_out(rows: Sequence[Row]) -> Iterator[Reason]:
    for rule, of in _by(rows, "rule"):
        parts, all_of_them = sum(row["parts"] for row in of), sum(row["files"] for row in of)
        sizes = [row["bytes"] for row in of]
        size = None if None in sizes else sum(sizes)
        missing = rule in RULES and RULES[rule].incomplete
        yield Reason(rule, True, missing, all_of_them - parts, parts, size, min(row["example"] for row in of))


def _by(rows: Iterable[Row], column: str) -> Iterator[tuple[str, list[Row]]]:
    """Each value of a column, with its rows."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    yield from found.items()
