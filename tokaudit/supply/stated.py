"""A supply that the user states: tokens by domain, the rows of a table, or a CSV file."""

import csv
import re
from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Final

from tokaudit.core.csv_files import open_csv
from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.given_numbers import Number, Numbers, checked_name, given_count, given_pairs
from tokaudit.core.table_rows import TableLike, given_table, is_missing, is_table
from tokaudit.supply.types import DomainSupply

GivenSupply = Numbers | PathLike[str] | TableLike
"""The name of a supply, a CSV file, tokens by domain, or a table with the columns of such a file."""

_DOMAIN, _UNIQUE = "domain", "tokens_unique"
BOUNDS: Final = ("tokens_unique_low", "tokens_unique_high")
"""Columns with the bounds of the unique tokens."""
_BYTES: Final = "bytes_unique"
_ZERO: Final = re.compile(r"0+(\.0*)?")


def stated_supply(given: GivenSupply) -> tuple[str, list[DomainSupply]] | None:
    """The origin of the numbers in words, and the numbers; None if the text states none.

    Args:
        given: ``FILE.csv`` or a path, ``DOMAIN=TOKENS,…``, domain -> tokens, or a table with the columns ``domain``,
            ``tokens_unique`` and, if known, ``tokens_unique_low``, ``tokens_unique_high`` and ``bytes_unique``.

    Raises:
        UsageError: text or a mapping with a fault, or a value of another type.
        InputError: the file or the table lacks a column or has an invalid value, or the file can't be read.
    """
    if isinstance(given, PathLike) or (isinstance(given, str) and given.lower().endswith(".csv")):
        return f"the file {Path(given)}", _read_csv(Path(given))
    if is_table(given):
        return "a table that was given", _read_table(given)
    if not isinstance(given, str | Mapping):
        raise UsageError(f"--supply: {type(given).__name__} is not a supply; give tokens by domain or a table")
    if isinstance(given, str) and "=" not in given:
        return None
    entries = [DomainSupply(domain, unique) for domain, unique in parse_tokens(given, "--supply").items()]
    if not entries:
        raise UsageError("--supply: names no domain; write DOMAIN=TOKENS")
    return "numbers given with --supply", entries


def parse_tokens(given: Numbers, option: str) -> dict[str, float]:
    """Domain -> tokens from ``web=2T,code=400B`` or a mapping.

    Raises:
        UsageError: another form, a repeated domain, one with a control character, or an invalid number; the message
            names the option.
    """
    pairs = given_pairs(given, option, "DOMAIN=TOKENS")
    return {domain: given_count(value, f"{option} of {domain}") for domain, value in pairs.items()}


def _read_csv(path: Path) -> list[DomainSupply]:
    with open_csv(path) as file:
        reader = csv.DictReader(file)
        columns = reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
        _check_columns(columns, f"{path}:1")

        def rows() -> Iterable[tuple[str, Mapping[str, Any]]]:
            for row in reader:
                if None in row:
                    raise InputError(f"{path}:{reader.line_num}: has more values than columns ({len(columns)})")
                yield f"{path}:{reader.line_num}", row

        return _entries(rows(), str(path))


def _read_table(given: TableLike) -> list[DomainSupply]:
    table = given_table(given, "--supply")
    _check_columns(table.columns, "--supply")
    return _entries(((f"--supply, row {place}", row) for place, row in enumerate(table.named())), "--supply")


def _check_columns(columns: list[str], where: str) -> None:
    for column in (_DOMAIN, _UNIQUE):
        if column not in columns:
            raise InputError(f"{where}: has no column {column!r} (its columns: {', '.join(columns) or 'none'})")


def _entries(rows: Iterable[tuple[str, Mapping[str, Any]]], what: str) -> list[DomainSupply]:
    """The domains of rows, each with the place of the row."""
    found: dict[str, DomainSupply] = {}
    for where, row in rows:
        entry = _entry(row, where)
        if entry.domain in found:
            raise InputError(f"{where}: column domain: {entry.domain!r} occurs twice")
        found[entry.domain] = entry
    if not found:
        raise InputError(f"{what}: has no rows; add one per domain")
    return list(found.values())


def _entry(row: Mapping[str, Any], where: str) -> DomainSupply:
    given = row[_DOMAIN]
    if is_missing(given):
        raise InputError(f"{where}: column {_DOMAIN}: is empty")
    try:
        domain = checked_name(given.strip() if isinstance(given, str) else given, f"{where}: column {_DOMAIN}")
    except UsageError as error:
        raise InputError(str(error)) from error
    unique = _tokens(row, _UNIQUE, where)
    if unique is None:
        raise InputError(f"{where}: column {_UNIQUE}: is empty")
    low, high = (_tokens(row, column, where) for column in BOUNDS)
    if (low is not None and low > unique) or (high is not None and high < unique):
        raise InputError(f"{where}: {_UNIQUE} is not between {BOUNDS[0]} and {BOUNDS[1]}")
    return DomainSupply(domain, unique, low, high, _tokens(row, _BYTES, where))


def _tokens(row: Mapping[str, Any], column: str, where: str) -> float | None:
    """The number in a cell; None if it is empty or missing. Zero is allowed: a domain may have no text."""
    value: Any = row.get(column)
    if is_missing(value):
        return None
    given: Number = value.strip() if isinstance(value, str) else value
    zero = _ZERO.fullmatch(given) is not None if isinstance(given, str) else given == 0 and given is not False
    try:
        return 0.0 if zero else given_count(given, f"{where}: column {column}")
    except UsageError as error:
        raise InputError(str(error)) from error
