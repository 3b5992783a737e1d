"""The answer to a shipped query, or to one SELECT of the user, from a process of its own with limits that hold."""

import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

import orjson

from tokaudit.audit.answer import Answer
from tokaudit.audit.query_cells import from_cell, is_plain, to_cell
from tokaudit.core.child_process import command_of
from tokaudit.core.errors import CatalogError, InputError, TokauditError, UsageError
from tokaudit.core.rows import Row
from tokaudit.core.shortage import shortage
from tokaudit.core.temporary_files import temporary_name

_MODULE: Final = "tokaudit.audit.query_child"
_ERRORS: Final = {each.__name__: each for each in (TokauditError, UsageError, InputError, CatalogError)}


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What a query may take.

    Attributes:
        seconds: time from its begin, more than 0; None for no limit.
        rows: rows to return at most; None for all.
        memory: bytes for the statement, and for its answer.
    """

    seconds: float | None = None
    rows: int | None = None
    memory: int = 2**31


def answer_query(
    catalog: Path, name_or_sql: str, parameters: Mapping[str, Any], limits: QueryLimits = QueryLimits()
) -> Answer:
    """The answer to a shipped query or one SELECT; ``truncated`` says whether rows were cut off.

    Its notes say that an ingest is not finished, and which sources lack the tokenizer of a shipped query.

    Args:
        catalog: the catalog.
        name_or_sql: the query's name, or the SELECT.
        parameters: values by name. Those of a shipped query have defaults, and text is converted to their types.
        limits: time, rows and memory.

    Raises:
        UsageError: there is no such query, it is not one SELECT, it has a fault, or its parameters do not fit.
        InputError: it took more time or memory than the limits allow.
        CatalogError: the catalog can't be read.
    """
    spill = temporary_name(catalog.parent)
    request = {
        "catalog": str(catalog),
        "query": name_or_sql,
        "parameters": {name: _given(name, value) for name, value in parameters.items()},
        "rows": limits.rows,
        "memory": limits.memory,
        "spill": str(spill),
    }
    try:
        with _process(_as_json(request)) as process:
            return _receive(process, limits)
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def _as_json(request: Mapping[str, Any]) -> bytes:
    """A request as one line.

    Raises:
        UsageError: it has text that UTF-8 lacks, or is nested too deeply.
    """
    try:
        return orjson.dumps(request) + b"\n"
    except TypeError as error:
        raise UsageError(f"query: SQL can't read this: {error}") from error


def _given(name: str, value: Any) -> Any:
    """The value of a parameter as JSON.

    Raises:
        UsageError: SQL has no such value.
    """
    try:
        return to_cell(value)
    except TypeError as error:
        raise UsageError(f"query: {name}: {error}") from error
    except RecursionError as error:
        raise UsageError(f"query: {name}: is nested too deeply for SQL") from error


@contextmanager
def _process(request: bytes) -> "Iterator[subprocess.Popen[bytes]]":
    """A process that has got the request; afterwards it has ended, whatever it was doing.

    Raises:
        InputError: it can't be started.
    """
    command = command_of(_MODULE)
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError as error:
        raise shortage(error) or InputError(
            f"query: its process can't be started ({command[0] or 'no path'}: {error.strerror or error}); end"
            " other programs, or check `sys.executable` in Python"
        ) from error
    stdin, stdout = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    try:
        with suppress(OSError):  # it may have ended, which is noticed where its messages are read
            stdin.write(request)
            stdin.flush()
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (stdin, stdout):
            with suppress(OSError):
                pipe.close()


def _receive(process: "subprocess.Popen[bytes]", limits: QueryLimits) -> Answer:
    """The answer that a process sends.

    Raises:
        TokauditError: it sends an error, is late, or ends before it has sent all.
    """
    messages = _messages(process, limits.memory)
    notes = tuple(next(messages)["notes"])
    with _killed_after(limits.seconds, process):
        head = next(messages)
        columns, types = tuple(head["columns"]), tuple(head["types"])
        rows: list[Row] = []
        while "rows" in (message := next(messages)):
            rows += _decoded(message["rows"], columns, types)
    return Answer(columns, rows, message, notes, types=types)


def _messages(process: "subprocess.Popen[bytes]", memory: int) -> Iterator[dict[str, Any]]:
    """The messages of a process, for as long as they are needed.

    Raises:
        TokauditError: a message is an error, or the process has ended.
    """
    limit = f"the limit of {memory / 2**30:.3g} GiB; raise --memory, or ask for fewer rows or columns"
    for line in cast("IO[bytes]", process.stdout):
        if not line.endswith(b"\n"):
            break
        message = orjson.loads(line)
        if message.get("error") == MemoryError.__name__:
            raise InputError(f"query: needs more memory than {limit}")
        if "error" in message:
            raise _ERRORS[message["error"]](message["text"])
        yield message
    code = process.wait()
    raise InputError(f"query: its process broke down (exit code {code}), probably at {limit}")


@contextmanager
def _killed_after(seconds: float | None, process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Kill the process if what follows takes longer.

    Raises:
        InputError: it took longer.
    """
    if seconds is None:
        yield
        return
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except InputError as error:
        if not late.is_set():
            raise
        raise InputError(f"query: was stopped after {seconds:g} s; a higher --timeout gives it more time") from error
    finally:
        timer.cancel()


def _decoded(rows: list[list[Any]], columns: tuple[str, ...], types: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a message, by column name."""
    coded = [place for place, kind in enumerate(types) if not is_plain(kind)]
    for row in rows:
        for place in coded:
            row[place] = from_cell(row[place])
        yield dict(zip(columns, row, strict=True))
