"""Rows as a table, JSON, CSV or Markdown on a stream: the one writer of every table-like command."""

import csv
import math
from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, Final, Literal, TextIO

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tokaudit.core.errors import printable
from tokaudit.core.types import Row
from tokaudit.reports import Format

_FEW_ROWS: Final = 8
_JSON: Final = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


def to_json(document: Any) -> str:
    """One JSON document; NaN and infinities become null, and what JSON does not know becomes text."""
    return _dump(document, _JSON | orjson.OPT_INDENT_2)


def _dump(document: Any, option: int) -> str:
    try:
        return orjson.dumps(document, option=option, default=_plain).decode()
    except TypeError:  # what orjson refuses rather than asks `_plain` for
        return orjson.dumps(_simple(document), option=option, default=_plain).decode()


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)


def _simple(value: Any) -> Any:
    """The value with text for whole numbers of more than 64 bits, times with a zone, and keys of an unusual kind."""
    if isinstance(value, dict):
        simple = ((_simple(key), _simple(entry)) for key, entry in value.items())
        return {key if isinstance(key, (str, int, float, date)) else str(key): entry for key, entry in simple}
    if isinstance(value, (list, tuple)):
        return [_simple(entry) for entry in value]
    long = isinstance(value, int) and not -(2**63) <= value < 2**64
    return str(value) if long or (isinstance(value, time) and value.tzinfo) else value


def write_rows(
    rows: Sequence[Row],
    stream: TextIO,
    fmt: Format,
    *,
    columns: Sequence[str],
    extra: Mapping[str, Any] | None = None,
) -> None:
    """Write rows in the format asked for.

    Args:
        rows: the rows, in order.
        stream: where they go.
        fmt: ``json`` gives ``{"rows": […], **beside}``; ``csv`` and ``markdown`` the rows; ``table`` aligned text.
        columns: names of the columns in order, written even when there are no rows.
        extra: further fields of the JSON document; the other formats leave them to the caller.
    """
    if fmt == "json":
        print(to_json({"rows": list(rows), **(extra or {})}), file=stream)
    elif fmt == "csv":
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_csv_cell(row.get(column)) for column in columns] for row in rows)
    elif fmt == "markdown":
        print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", file=stream)
        for row in rows:
            cells = (_cell(row.get(column), column).replace("|", r"\|") for column in columns)
            print(f"| {' | '.join(cells)} |", file=stream)
    else:
        console = terminal_console(stream)
        table = _table(rows, columns, wrap=stream.isatty())
        if len(rows) <= _FEW_ROWS and _numbers_width(rows, columns) > console.width:
            # Few rows whose numbers are too wide for the terminal are shown as columns: none may be folded.
            turned = [{"": column, **{str(i): row.get(column) for i, row in enumerate(rows)}} for column in columns]
            table = _table(turned, ["", *map(str, range(len(rows)))], wrap=True, header=False)
        console.print(table)


def _numbers_width(rows: Sequence[Row], columns: Sequence[str]) -> int:
    """Characters that the columns with numbers take side by side, and a little for each of the others."""
    width = 0
    for column in columns:
        cells = [row.get(column) for row in rows]
        numeric = any(isinstance(cell, (int, float)) for cell in cells)
        width += 2 + (max(len(column), *(len(_cell(cell, column)) for cell in cells)) if numeric else 8)
    return width


def _table(rows: Sequence[Row], columns: Sequence[str], *, wrap: bool, header: bool = True) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", show_header=header)
    for column in columns:
        numeric = any(isinstance(row.get(column), (int, float)) for row in rows)
        justify: Literal["left", "right"] = "right" if numeric else "left"
        table.add_column(column, justify=justify, no_wrap=numeric or not wrap, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(row.get(column), column)) for column in columns))
    return table


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the program, as for other writers: rich would end the process with code 1."""
        raise  # noqa: PLE0704 - rich calls this where it has caught the error


def terminal_console(stream: TextIO) -> Console:
    """A rich console that folds lines on a terminal and never elsewhere, where programs read them."""
    return _Console(
        file=stream,
        width=None if stream.isatty() else 100_000,
        highlight=False,
        soft_wrap=not stream.isatty(),
    )


def _csv_cell(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    return _dump(value, _JSON) if isinstance(value, (dict, list)) else value


def _cell(value: Any, column: str) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value) if column == "year" else f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4g}"
    return printable(str(value))
