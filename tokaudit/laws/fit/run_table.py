"""A CSV file of training runs -> the runs that a law is fitted to, and those left out, each with its reason."""

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
# What a condition may name beside the file's own columns.
_DERIVED: Final = ("line", "epochs", "tokens_per_param", "tokens", "flops")


@dataclass(frozen=True, slots=True)
class RunTable:
    """The runs of a file.

    Attributes:
        runs: those to fit.
        dropped: ``line`` and ``reason`` of the others.
    """

    runs: Runs
    dropped: list[Row]


@dataclass(frozen=True, slots=True)
class Condition:
    """``COLUMN<VALUE`` and its like: which runs to leave out."""

    text: str
    column: str
    sign: str
    value: str

    def holds(self, cells: Cells, line: int) -> bool:
        """Whether a run meets it; one that lacks the number doesn't. Text is compared for equality only."""
        known, wanted = {**_numbers(cells), "line": float(line)}.get(self.column), _number(self.value)
        if known is None or wanted is None:
            return self.sign == "=" and cells.get(self.column, "").strip() == self.value
        return _OPERATORS[self.sign](known, wanted)


def parse_condition(text: str) -> Condition:
    """A condition of ``--drop``.

    Raises:
        UsageError: it has another form.
    """
    match = re.fullmatch(r"\s*([^<>=]+?)\s*(<=|>=|<|>|=)\s*([^<>=]+?)\s*", text)
    if not match:
        raise UsageError(
            f"--drop: {text!r} is no condition (such as 'loss>3.5', 'epochs>1', 'line=7' or 'name=baseline')"
        )
    return Condition(text, *match.groups())


def read_runs(path: Path, conditions: Sequence[Condition] = ()) -> RunTable:
    """The runs of a CSV file with columns ``params``, ``tokens`` or ``flops``, ``loss``, perhaps ``unique_tokens``.

    Where tokens are missing they are ``flops / 6 params``, and the other way round.

    Raises:
        InputError: the file can't be read, lacks a column, or has something that is no number in one.
        UsageError: a condition names no column.
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
                raise InputError(f"{where}: has more values than there are columns ({len(columns)})")
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
            raise InputError(f"{path}:1: no column {column!r} {has}")
    if not {"tokens", "flops"} & set(columns):
        raise InputError(f"{path}:1: no column 'tokens', and no 'flops' to tell them by {has}")
    twice = {column for column in columns if columns.count(column) > 1}
    if twice:
        raise InputError(f"{path}:1: column {min(twice)!r} is there twice")
    for condition in conditions:
        if condition.column not in {*columns, *_DERIVED}:
            known = ", ".join(dict.fromkeys([*columns, *_DERIVED]))
            raise UsageError(f"--drop {condition.text!r}: the runs have no {condition.column!r} (known: {known})")


def _reason(cells: Cells, line: int, conditions: Sequence[Condition]) -> str | None:
    """The first condition that leaves the run out."""
    return next((f"--drop {condition.text}" for condition in conditions if condition.holds(cells, line)), None)


def _fault(cells: Cells, where: str) -> str | None:
    """What is missing or not positive in a run.

    Raises:
        InputError: a cell holds something else than a number.
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
    """What a cell says, as Python or `parse_count` reads it; None for a missing number and for words."""
    try:
        value = float(text)
    except ValueError:
        try:
            value = parse_count(text)
        except UsageError:
            return None
    return None if math.isnan(value) else value


def _numbers(cells: Cells) -> dict[str, float]:
    """The numbers of a run that can be told from its cells, derived ones too."""
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
    """The numbers of a run without fault: parameters, tokens, flops, loss, unique tokens, line.

    Raises:
        InputError: its parameters and tokens multiply to nothing that can be counted.
    """
    numbers = _numbers(cells)
    if not 0 < numbers["flops"] < math.inf or not 0 < numbers["tokens"] < math.inf:
        raise InputError(f"{where}: params and tokens or flops that no run can have")
    run = (numbers[name] for name in ("params", "tokens", "flops", "loss"))
    return *run, numbers.get("unique_tokens", math.inf), line
