"""The process that answers one query: a hang, a crash or want of memory in it harms no other.

It reads one request and writes messages, each one line of JSON. The first has the `notes`, and then the statement
begins; the second has the names and types of the columns; then come rows, and at last what else the answer says.
Instead of any of them, the last message may be an `error`.
"""

import os
import shutil
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import duckdb
import orjson

from tokaudit.audit.query_cells import from_cell, is_plain, to_cell
from tokaudit.catalog.completeness import without_tokens
from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.faults import is_damage, one_line, out_of_memory
from tokaudit.catalog.queries import is_sql, shipped_query
from tokaudit.catalog.statements import column_types, fetch_in_batches
from tokaudit.catalog.unfinished import unfinished
from tokaudit.core.child_process import leave_nothing, limit_memory, take_stdout
from tokaudit.core.errors import InputError, TokauditError, UsageError
from tokaudit.core.shortage import shortage

_ROOM: Final = 2**29
"""Bytes that the process may take beyond DuckDB's limit, which not all functions keep to."""
_ROWS: Final = 100
"""Rows of a message."""
_PER_ROW: Final = 200
_PER_CELL: Final = 100
_PER_BYTE: Final = 3
"""Bytes of memory that an answer takes in the other process: for each row, each value, and each byte of its JSON."""
_PARENT: Final = 0
"""The descriptor of stdin, which stays open for as long as somebody waits for the answer."""

Message = dict[str, Any]


def main() -> None:
    """Answer the request that stdin has, and end when it is done or when nobody waits for the answer any more."""
    leave_nothing()
    stdout = take_stdout()
    request = orjson.loads(_first_line())
    with os.fdopen(stdout, "wb") as out:
        for message in _messages(request):
            out.write(orjson.dumps(message, option=orjson.OPT_APPEND_NEWLINE))
            out.flush()
        _leave(request["spill"])


def _first_line() -> bytes:
    """The first line of stdin; whatever waits for the end of stdin must not wait for a lock, so nothing is buffered."""
    line = b""
    while not line.endswith(b"\n"):
        read = os.read(_PARENT, 1 << 16)
        if not read:
            os._exit(1)
        line += read
    return line


def _leave_with_parent(spill: str) -> None:
    """End this process at the end of stdin: the other one is gone, or no longer waits."""
    while os.read(_PARENT, 1):
        pass
    _leave(spill)


def _leave(spill: str) -> None:
    """End this process without taking apart what it has, and leave nothing on disk."""
    shutil.rmtree(spill, ignore_errors=True)
    os._exit(0)


def _messages(request: Mapping[str, Any]) -> Iterator[Message]:
    """The messages that answer a request; an expected error is the last one."""
    try:
        threading.Thread(target=_leave_with_parent, args=(request["spill"],), daemon=True).start()
        yield from _answer(request)
    except TokauditError as error:
        yield {"error": type(error).__name__, "text": str(error)}
    except MemoryError:
        yield {"error": "MemoryError"}
    except RuntimeError as error:
        short = shortage(error)
        if short is None:
            raise
        yield {"error": type(short).__name__, "text": str(short)}


def _answer(request: Mapping[str, Any]) -> Iterator[Message]:
    parameters = {name: from_cell(value) for name, value in request["parameters"].items()}
    settings = {"memory_limit": f"{request['memory']}B", "temp_directory": request["spill"]}
    query = request["query"]
    shipped = None if is_sql(query) else shipped_query(query.strip())
    with open_readonly(Path(request["catalog"]), settings=settings) as connection:
        try:
            limit_memory(request["memory"] + _ROOM)
            values = shipped.values(connection, parameters) if shipped else parameters
            notes = [work.words() for work in unfinished(connection)]
            complete = not notes
            if shipped and "tokenizer" in values:
                notes += without_tokens(connection, values["tokenizer"])
            yield {"notes": notes}
            if shipped is None:
                _check_select(connection, query, values)
            sql = shipped.sql if shipped else query
            truncated = yield from _rows(connection, sql, values, request["rows"], request["memory"])
            yield {"truncated": truncated, "complete": complete}
        except duckdb.Error as error:
            if is_damage(error) or out_of_memory(error):
                raise
            raise UsageError(f"query: {one_line(error)}") from error


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Mapping[str, Any], most: int | None, memory: int
) -> Generator[Message, None, bool]:
    """The columns of a statement, and at most so many rows; returns whether there are more.

    Raises:
        InputError: the rows take more memory in the other process than the limit.
    """
    columns, batches = fetch_in_batches(connection, sql, values, _ROWS)
    types = column_types(connection)
    yield {"columns": columns, "types": types}
    coded = [place for place, kind in enumerate(types) if not is_plain(kind)]
    rows = (list(row) for batch in batches for row in batch)
    kept, taken = islice(rows, most), 0
    while found := list(islice(kept, _ROWS)):
        _encode(found, coded)
        taken += (_PER_ROW + _PER_CELL * len(columns)) * len(found) + _PER_BYTE * len(orjson.dumps(found))
        if taken > memory:
            raise InputError(
                f"query: the answer needs more memory than the limit of {memory / 2**30:.3g} GiB;"
                " ask for fewer rows or columns, limit the rows by --max-rows, or raise --memory"
            )
        yield {"rows": found}
    return next(rows, None) is not None


def _encode(rows: Sequence[list[Any]], places: Sequence[int]) -> None:
    """Make the values at some places of each row JSON."""
    for row in rows:
        for place in places:
            row[place] = to_cell(row[place])


def _check_select(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any]) -> None:
    """Return if it is one SELECT with exactly these parameters.

    Raises:
        UsageError: it is not.
    """
    statements = connection.extract_statements(sql)
    if not is_one_select(statements):
        raise UsageError("query: give the name of a shipped query (`tokaudit query --list`) or exactly one SELECT")
    wanted = set(statements[0].named_parameters)
    if wanted != set(parameters):
        got = ", ".join(sorted(parameters)) or "none"
        if not wanted:
            raise UsageError(f"query: takes no parameters, but got {got}; leave out -p")
        needed = " and ".join(f"-p {name}=VALUE" for name in sorted(wanted))
        raise UsageError(f"query: needs {needed}, but got {got}")


def is_one_select(statements: Sequence[duckdb.Statement]) -> bool:
    """Whether it is one statement of the type SELECT, and of no other, not even of one that DuckDB has no name for."""
    try:
        return [statement.type for statement in statements] == [duckdb.StatementType.SELECT]
    except ValueError:  # the package has no name for a statement that DuckDB parses
        return False
