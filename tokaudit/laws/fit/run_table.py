"""A CSV file of training runs -> the runs that a law is fitted on, and the runs left out, each with its reason."""

import csv
import math
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tokaudit.core.csv_files import open_csv
from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.rows import Row
from tokaudit.core.units import parse_count
from tokaudit.laws.fit.protocol import Runs

Cells = dict[str, str]

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
    """The runs of a file.

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
            return self.sign == "=" and cells.get(self.column, "").strip() == self.value
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


def read_runs(path: Path, conditions: Sequence[Condition] = ()) -> RunTable:
    """The runs of a CSV file with columns ``params``, ``tokens`` or ``flops``, ``loss``; ``unique_tokens`` if known.

    Missing tokens are ``flops / 6 params``; missing FLOPs are ``6 params tokens``.

    Raises:
        InputError: the file can't be read, lacks a column, or has a cell that is not a number.
        UsageError: a condition names a column that the file does not have.
    """
    runs: list[tuple[float, ...]] = []
    dropped: list[Row] = []
    with open_csv(path) as file:
        reader = csv.DictReader(file, restval="")
        columns = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = columns
        _check_columns(path, columns, conditions)
        for found in reader:
            cells = {name: found[name] for name in columns}
            where = f"{path}:{reader.line_num}"
            if None in found:
                raise InputError(f"{where}: has more values than the file has columns ({len(columns)})")
            reason = _reason(cells, reader.line_num, conditions) or _fault(cells, where)
            if reason:
                dropped.append({"line": reader.line_num, "reason": reason})
            else:
                runs.append(_run(cells, reader.line_num, where))
    if not runs:
        raise InputError(f"{path}: has no runs to fit" + (f" ({len(dropped)} dropped)" if dropped else ""))
    table = np.array(runs, np.float64)
    params, tokens, flops, loss, unique, line = table.T.copy()
    return RunTable(Runs(params, tokens, flops, loss, unique, line.astype(np.int64)), dropped)


def _check_columns(path: Path, columns: Sequence[str], conditions: Sequence[Condition]) -> None:
    has = f"(it has: {', '.join(columns) or 'none'})"
    for column in ("params", "loss"):
        if column not in columns:
            raise InputError(f"{path}:1: has no column {column!r} {has}")
    if not {"tokens", "flops"} & set(columns):
        raise InputError(f"{path}:1: has no column 'tokens', and no column 'flops' to compute them from {has}")
    twice = {column for column in columns if columns.count(column) > 1}
    if twice:
        raise InputError(f"{path}:1: has two columns {min(twice)!r}")
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
    size = "tokens" if cells.get("tokens", "").strip().lower() not in _MISSING or "flops" not in cells else "flops"
    for column in ("params", size, "flops", "loss", "unique_tokens"):
        text = cells.get(column, "").strip()
        if text.lower() in _MISSING:
            if column in ("params", size, "loss"):
                return f"{column} is missing"
            continue
        value = _number(text)
        if value is not None and -math.inf < value <= 0:
            return f"{column} is not positive: {text}"
        try:
            parse_count(text, f"{where}: column {column}")
        except UsageError as error:
            raise InputError(str(error)) from error
    return None


def _number(text: str) -> float | None:
    """The number in a cell, as Python or `parse_count` reads it; None if it is missing or is text."""
    try:
        value = float(text)
    except ValueError:
        try:
            value = parse_count(text)
        except UsageError:
            return None
    return None if math.isnan(value) else value


def _numbers(cells: Cells) -> dict[str, float]:
    """Name -> number for a run: the numbers in its cells, and those derived from them."""
    found = {column: value for column, text in cells.items() if (value := _number(text.strip())) is not None}
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
