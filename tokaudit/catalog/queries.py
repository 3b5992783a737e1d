"""The queries that ship with tokaudit, by name: their headers, parameters and SQL."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb

from tokaudit.catalog.connection import open_in_memory
from tokaudit.core.errors import UsageError
from tokaudit.core.resources import shipped

Value = str | int | float | bool | None

_PARAMETER: Final = re.compile(r"\$(\w+) ([A-Z]+) = (null|true|false|-?[\d.]+|'(?:[^']|'')*')(?:, |$)")
_COLUMN: Final = re.compile(r"(\w+) (\w+)(?:, |$)")
_SPELLED: Final[Mapping[str, bool | None]] = {"null": None, "true": True, "false": False}
_PARTS: Final = re.compile(r"""--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w+)""")
"""What a parameter of a statement is told apart from: comments, texts and quoted names."""


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """A parameter of a shipped query.

    Attributes:
        name: without the dollar sign.
        type: DuckDB's name of the type.
        default: the value if none is given; None is null.
    """

    name: str
    type: str
    default: Value

    def __str__(self) -> str:
        """The parameter with its type and default, as the header has it but for the dollar sign."""
        return f"{self.name} {self.type} = {_literal(self.default)}"

    @property
    def short(self) -> str:
        """The parameter with its default alone."""
        return f"{self.name}={_literal(self.default)}"


@dataclass(frozen=True, slots=True)
class ShippedQuery:
    """A query that ships with tokaudit.

    Attributes:
        name: the name of its file, without the suffix.
        question: what it answers, one sentence.
        parameters: in the order of the header.
        returns: name and type of each column, in order.
        notes: the further comments of the header, one line; empty if there are none.
        sql: the whole file: the header and one SELECT.
    """

    name: str
    question: str
    parameters: tuple[QueryParameter, ...]
    returns: tuple[tuple[str, str], ...]
    notes: str
    sql: str

    def values(self, connection: duckdb.DuckDBPyConnection, given: Mapping[str, Any]) -> dict[str, Any]:
        """A value of the declared type for each parameter: the one given, or else the default.

        Args:
            connection: any connection; it converts the values.
            given: parameter -> its value, as text or as a Python value; None stands for the default.

        Raises:
            UsageError: the query has no such parameter, or a value is not of its type.
        """
        return {each.name: value for each, value in self._typed(connection, given, "{}")}

    def filled(self, connection: duckdb.DuckDBPyConnection, given: Mapping[str, Any]) -> str:
        """The SQL with a literal for each parameter, so that it runs wherever the catalog is open.

        Arguments and errors are those of `values`.
        """
        literals = {
            each.name: _typed_literal(each, text) for each, text in self._typed(connection, given, "{}::VARCHAR")
        }
        return _PARTS.sub(lambda part: literals[part[1]] if part[1] else part[0], self.sql)

    def _typed(
        self, connection: duckdb.DuckDBPyConnection, given: Mapping[str, Any], form: str
    ) -> Iterator[tuple[QueryParameter, Any]]:
        """Each parameter with its value, converted to its type and then by the form."""
        if unknown := sorted(set(given) - {each.name for each in self.parameters}):
            got = ", ".join(unknown)
            if not self.parameters:
                raise UsageError(f"query: {self.name}: takes no parameters, but got {got}; leave out -p")
            raise UsageError(f"query: {self.name}: has no {got}; it takes {'; '.join(map(str, self.parameters))}")
        for each in self.parameters:
            value = each.default if given.get(each.name) is None else given[each.name]
            if value is None:
                yield each, None
                continue
            try:
                typed = form.format(f"try_cast($value as {each.type})")
                ((found,),) = connection.execute(f"select {typed}", {"value": value}).fetchall()
            except duckdb.Error:  # DuckDB knows no such Python value
                found = None
            if found is None:
                raise UsageError(f"query: {self.name}: {each.name}: {value!r} is not a value of type {each.type}")
            yield each, found


def _literal(value: Value) -> str:
    """A value as SQL writes it."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "null" if value is None else str(value).lower()


def _typed_literal(parameter: QueryParameter, text: str | None) -> str:
    """The value of a parameter, given as text, as SQL of the parameter's type."""
    return (
        _literal(text)
        if text is not None and parameter.type == "VARCHAR"
        else f"cast({_literal(text)} as {parameter.type})"
    )


def _files() -> dict[str, Path]:
    return {file.stem: file for file in sorted(shipped("queries").glob("*.sql"))}


def shipped_queries() -> dict[str, ShippedQuery]:
    """Each shipped query by its name, in order of name."""
    return {name: _read(file) for name, file in _files().items()}


def is_sql(name_or_sql: str) -> bool:
    """Whether it is a statement, rather than the name of a shipped query."""
    return re.fullmatch(r"[\w-]*", name_or_sql.strip()) is None


def query_sql(name: str, parameters: Mapping[str, Any]) -> str:
    """The SQL of a shipped query, with these values or the defaults for its parameters; it runs in any DuckDB client.

    Raises:
        UsageError: there is no such query, or its parameters do not fit.
    """
    if is_sql(name):
        raise UsageError("query: --sql prints the SQL of a shipped query; give a name (see `tokaudit query --list`)")
    with open_in_memory() as connection:
        return shipped_query(name.strip()).filled(connection, parameters)


def shipped_query(name: str) -> ShippedQuery:
    """The query in ``queries/NAME.sql``.

    Raises:
        UsageError: no query has that name; the message lists the known ones.
    """
    files = _files()
    if name not in files:
        raise UsageError(f"query: unknown name {name!r} (known: {', '.join(files)}); give one of these, or one SELECT")
    return _read(files[name])


@cache
def _read(file: Path) -> ShippedQuery:
    sql = file.read_text(encoding="utf-8")
    header = re.match(r"(?:--[^\n]*\n)+", sql)
    question, *comments = [line.removeprefix("--").strip() for line in header[0].splitlines()] if header else [""]
    said = {key: line.removeprefix(f"{key}: ") for line in comments for key in _KEYS if line.startswith(f"{key}: ")}
    notes = " ".join(line for line in comments if not line.startswith(tuple(f"{key}: " for key in _KEYS)))
    parameters = [
        QueryParameter(name, kind, _value(default))
        for name, kind, default in _all(_PARAMETER, said.get("params", ""), file)
    ]
    returns = [(name, kind) for name, kind in _all(_COLUMN, said.get("returns", ""), file)]
    return ShippedQuery(file.stem, question, tuple(parameters), tuple(returns), notes, sql)


_KEYS: Final = ("params", "returns")


def _all(pattern: re.Pattern[str], text: str, file: Path) -> list[tuple[str, ...]]:
    """The groups of each match, which together make up the text.

    Raises:
        ValueError: they don't.
    """
    if pattern.sub("", text):
        raise ValueError(f"{file.name}: the header has {pattern.sub('', text)!r}")
    return [found.groups() for found in pattern.finditer(text)]


def _value(literal: str) -> Value:
    """The Python value of a default in a header."""
    if literal in _SPELLED:
        return _SPELLED[literal]
    if literal.startswith("'"):
        return literal[1:-1].replace("''", "'")
    return float(literal) if "." in literal else int(literal)


SUPPLY_COLUMNS: Final = (
    "documents_seen",
    "documents_unique_exact",
    "documents_unique",
    "bytes_seen",
    "tokens_seen",
    "tokens_unique_exact",
    "tokens_unique",
    "tokens_repeated_inside",
    "bad_records",
)
