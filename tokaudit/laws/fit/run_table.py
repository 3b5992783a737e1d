"""A table of training runs -> the runs that a law is fitted on, and the runs left out, each with its reason.

The rows of a CSV file and those of a table in memory go the same way.
"""

import csv
import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Real
from os import PathLike
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from tokaudit.core.csv_files import open_csv
from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.given_numbers import given_count
from tokaudit.core.rows import Row
from tokaudit.core.table_rows import Columns, TableLike, given_table, is_missing
from tokaudit.core.units import parse_count
from tokaudit.laws.fit.protocol import Runs

Cells = Mapping[str, Any]
"""Column -> what stands there: text without blanks around it, or a value of Python or NumPy; empty text: nothing."""

GivenRuns = str | PathLike[str] | TableLike | Columns
"""A CSV file, or a table: a data frame, columns by name, or a list of rows."""

_MISSING: Final = {"", "nan", "na", "n/a", "null", "none"}
_OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
# Names that a condition may use in addition to the file's columns.
_DERIVED: Final = ("line", "epochs", "tokens_per_param", "tokens", "flops")


@dataclass(frozen=True, slots=True)
class RunTable:
    """The runs of a table.

    Attributes:
        runs: the runs to fit.
        dropped: ``line`` and ``reason`` of each of the others.
    """

    runs: Runs
    dropped: list[Row]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition such as ``COLUMN<VALUE`` on the runs to leave out."""

    text: str
    column: str
    sign: str
    value: str

    def holds(self, cells: Cells, line: int) -> bool:
        """Whether a run meets the condition; False if the run lacks the number. Text is compared for equality only."""
        known, wanted = {**_numbers(cells), "line": float(line)}.get(self.column), _number(self.value)
        if known is None or wanted is None:
            return self.sign == "=" and str(cells.get(self.column, "")) == self.value
        return _OPERATORS[self.sign](known, wanted)


def parse_condition(text: str) -> Condition:
    """A condition as ``--drop`` takes it.

    Raises:
        UsageError: the text is not a condition.
    """
    match = re.fullmatch(r"\s*([^<>=]+?)\s*(<=|>=|<|>|=)\s*([^<>=]+?)\s*", text)
    if not match:
        raise UsageError(
            f"--drop: {text!r} is not a condition; write one such as 'loss>3.5', 'epochs>1', 'line=7' or "
            "'name=baseline'"
        )
    return Condition(text, *match.groups())


class _Row(NamedTuple):
    """A row of a table.

    Attributes:
        line: its line in its file; of a table in memory, its number from 0.
        where: the same in words, for messages.
        cells: what stands in it.
    """

    line: int
    where: str
    cells: Cells


@dataclass(frozen=True, slots=True)
class _Table:
    """A table before its runs are taken.

    Attributes:
        name: its name in messages.
        head: the place of the names of its columns, in messages.
        columns: these names, as often as they occur.
        rows: its rows; can be read once.
    """

    name: str
    head: str
    columns: Sequence[str]
    rows: Iterable[_Row]


def read_runs(given: GivenRuns, conditions: Sequence[Condition] = ()) -> RunTable:
    """The runs of a table with columns ``params``, ``tokens`` or ``flops``, ``loss``; ``unique_tokens`` if known.

    Missing tokens are ``flops / 6 params``; missing FLOPs are ``6 params tokens``. The line of a run is its line in the
    CSV file, or its row in another table, counted from 0.

    Raises:
        InputError: the file can't be read, or the table lacks a column or has a cell that is not a number.
        UsageError: a condition names a column that the table does not have, or it is not a table.
    """
    with _opened(given) as table:
        _check_columns(table, conditions)
        runs: list[tuple[float, ...]] = []
        dropped: list[Row] = []
        for line, where, cells in table.rows:
            reason = _reason(cells, line, conditions) or _fault(cells, where)
            if reason:
                dropped.append({"line": line, "reason": reason})
            else:
                runs.append(_run(cells, line, where))
    if not runs:
        raise InputError(f"{table.name}: has no runs to fit" + (f" ({len(dropped)} dropped)" if dropped else ""))
    numbers = np.array(runs, np.float64)
    params, tokens, flops, loss, unique, line = numbers.T.copy()
    return RunTable(Runs(params, tokens, flops, loss, unique, line.astype(np.int64)), dropped)


@contextmanager
def _opened(given: GivenRuns) -> Iterator[_Table]:
    """The table in the context; a file is closed after it."""
    if not isinstance(given, str | PathLike):
        table = given_table(given, "runs")
        rows = (_Row(place, f"runs, row {place}", _cells(row)) for place, row in enumerate(table.named()))
        yield _Table("runs", "runs", table.columns, rows)
        return
    path = Path(given)
    with open_csv(path) as file:
        reader = csv.DictReader(file, restval="")
        columns = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = columns

        def lines() -> Iterator[_Row]:
            for found in reader:
                where = f"{path}:{reader.line_num}"
                if None in found:
                    raise InputError(f"{where}: has more values than the file has columns ({len(columns)})")
                yield _Row(reader.line_num, where, _cells(found))

        yield _Table(str(path), f"{path}:1", columns, lines())


def _cells(row: Mapping[str, Any]) -> Cells:
    """The cells of a row, with empty text for what is missing."""
    return {
        name: "" if is_missing(value) else value.strip() if isinstance(value, str) else value
        for name, value in row.items()
    }


def _check_columns(table: _Table, conditions: Sequence[Condition]) -> None:
    columns, head = table.columns, table.head
    has = f"(it has: {', '.join(columns) or 'none'})"
    for column in ("params", "loss"):
        if column not in columns:
            raise InputError(f"{head}: has no column {column!r} {has}")
    if not {"tokens", "flops"} & set(columns):
        raise InputError(f"{head}: has no column 'tokens', and no column 'flops' to compute them from {has}")
    twice = {column for column in columns if columns.count(column) > 1}
    if twice:
        raise InputError(f"{head}: has two columns {min(twice)!r}")
    for condition in conditions:
        if condition.column not in {*columns, *_DERIVED}:
            known = ", ".join(dict.fromkeys([*columns, *_DERIVED]))
            raise UsageError(
                f"--drop {condition.text!r}: the runs have no column {condition.column!r} (known: {known})"
            )


def _reason(cells: Cells, line: int, conditions: Sequence[Condition]) -> str | None:
    """The first condition that leaves the run out, as a reason; None if none does."""
    return next((f"--drop {condition.text}" for condition in conditions if condition.holds(cells, line)), None)


def _fault(cells: Cells, where: str) -> str | None:
    """Which number of a run is missing or not positive, as a reason; None if none is.

    Raises:
        InputError: a cell is neither empty nor a number.
    """
    size = "tokens" if not _is_empty(cells.get("tokens", "")) or "flops" not in cells else "flops"
    for column in ("params", size, "flops", "loss", "unique_tokens"):
        value = cells.get(column, "")
        if _is_empty(value):
            if column in ("params", size, "loss"):
                return f"{column} is missing"
            continue
        number = _number(value)
        if number is not None and -math.inf < number <= 0:
            return f"{column} is not positive: {value}"
        try:
            given_count(value, f"{where}: column {column}")
        except UsageError as error:
            raise InputError(str(error)) from error
    return None


def _is_empty(value: object) -> bool:
    return isinstance(value, str) and value.lower() in _MISSING


def _number(value: object) -> float | None:
    """The number in a cell, as Python or `parse_count` reads it; None if it is missing or is not a number."""
    if not isinstance(value, str | Real) or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except OverflowError:
        return math.inf
    except ValueError:
        try:
            number = parse_count(str(value))
        except UsageError:
            return None
    return None if math.isnan(number) else number


def _numbers(cells: Cells) -> dict[str, float]:
    """Name -> number for a run: the numbers in its cells, and those derived from them."""
    found = {column: value for column, cell in cells.items() if (value := _number(cell)) is not None}
    params = found.get("params", 0)
    if "tokens" not in found and "flops" in found and params > 0:
        found["tokens"] = found["flops"] / (6 * params)
    if "flops" not in found and "tokens" in found:
        found["flops"] = 6 * params * found["tokens"]
    if "tokens" in found and params > 0:
        found.setdefault("tokens_per_param", found["tokens"] / params)
    if "tokens" in found and found.get("unique_tokens", 0) > 0:
        found.setdefault("epochs", found["tokens"] / found["unique_tokens"])
    return found


def _run(cells: Cells, line: int, where: str) -> tuple[float, ...]:
    """The numbers of a valid run: parameters, tokens, FLOPs, loss, unique tokens, line.

    Raises:
        InputError: its tokens or FLOPs are zero or too large for a number.
    """
    numbers = _numbers(cells)
    if not 0 < numbers["flops"] < math.inf or not 0 < numbers["tokens"] < math.inf:
        raise InputError(f"{where}: params with tokens or flops are not possible for a run; check their units")
    run = (numbers[name] for name in ("params", "tokens", "flops", "loss"))
    return *run, numbers.get("unique_tokens", math.inf), line
