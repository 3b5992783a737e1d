"""A condition on single documents, written by a user in SQL: parsed, checked, and evaluated apart from the catalog."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import pyarrow as pa

from tokaudit.catalog.faults import one_line
from tokaudit.catalog.statements import statement
from tokaudit.core.arrow import one_array
from tokaudit.core.errors import UsageError

_SELECT: Final = "select "  # what DuckDB's parser needs before an expression
_EXAMPLE: Final = "language = 'en' and quality > 3"
_REFUSED: Final = {
    "SUBQUERY": "a subquery",
    "WINDOW": "a window function",
    "STAR": "a list of columns (*)",
    "POSITIONAL_REFERENCE": "a column by its number",
    "PARAMETER": "a parameter",
    "LAMBDA": "a lambda function",
}
"""Classes of DuckDB's expressions that say more than what one document is like."""


def fault(what: str) -> UsageError:
    """The error that a condition has this fault."""
    return UsageError(f"--where: {what}")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that has been parsed.

    Attributes:
        text: as it was written.
        names: the columns that it names, as it writes them, each once.
    """

    text: str
    names: tuple[str, ...]

    def check(self, apart: duckdb.DuckDBPyConnection, table: pa.Table) -> None:
        """Check the condition against the names and types of a table's columns.

        Raises:
            UsageError: types do not go together, it is not a boolean, or it is about several rows.
        """
        try:
            relation = apart.from_arrow(table)
            relation.filter(self.text)  # a filter refuses aggregates
            (kind,) = relation.select(duckdb.SQLExpression(self.text)).types
        except duckdb.Error as error:
            raise fault(_said(error)) from error
        if kind != duckdb.type("BOOLEAN"):
            raise fault(f"is not true or false, but {kind}; write a condition such as {_EXAMPLE}")

    def evaluate(self, apart: duckdb.DuckDBPyConnection, table: pa.Table) -> pa.BooleanArray:
        """Whether each row meets the condition; null: unknown.

        Raises:
            UsageError: a value can't be converted as the condition asks.
        """
        try:
            answer = apart.from_arrow(table).select(duckdb.SQLExpression(self.text)).to_arrow_table()
        except duckdb.Error as error:
            raise fault(_said(error)) from error
        return one_array(answer.column(0))


def parse_condition(apart: duckdb.DuckDBPyConnection, text: str) -> Condition:
    """The condition, if it is one expression about one document at a time.

    Args:
        apart: a connection that reaches no catalog.
        text: the condition.

    Raises:
        UsageError: it has a syntax error, is more than one expression, or looks beyond one document.
    """
    if not text.strip():
        raise fault(f"is empty; write a condition such as {_EXAMPLE}")
    ((serialized,),) = apart.execute("select json_serialize_sql($sql)", {"sql": _SELECT + text}).fetchall()
    tree = json.loads(serialized)
    if tree["error"]:
        raise fault(_syntax_error(tree, text))
    node = tree["statements"][0]["node"]
    listed = node.get("select_list", [])
    alone = len(tree["statements"]) == 1 and node["type"] == "SELECT_NODE" and node["from_table"]["type"] == "EMPTY"
    clauses = [node.get(clause) for clause in ("modifiers", "where_clause", "group_expressions", "having", "qualify")]
    if not alone or any(clauses) or len(listed) != 1 or listed[0]["alias"]:
        raise fault(f"must be one expression and nothing else; write a condition such as {_EXAMPLE}")
    changing = {name for (name,) in apart.execute(statement("changing_functions")).fetchall()}
    names: dict[str, None] = {}
    for part in _parts(listed[0]):
        if part["class"] in _REFUSED:
            raise fault(f"can't have {_REFUSED[part['class']]}; it is about one document at a time")
        if part.get("function_name", "").lower() in changing:
            raise fault(f"can't call {part['function_name']}(), whose answer does not depend on the document alone")
        if part["class"] == "COLUMN_REF":
            if len(part["column_names"]) > 1:
                dotted = ".".join(part["column_names"])
                raise fault(f'a name with a dot is written in double quotes: "{dotted}"')
            names[part["column_names"][0]] = None
    return Condition(text, tuple(names))


def _parts(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the expressions in a part of DuckDB's syntax tree."""
    if isinstance(tree, dict):
        if "class" in tree:
            yield tree
        for value in tree.values():
            yield from _parts(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _parts(value)


def _syntax_error(tree: dict[str, Any], text: str) -> str:
    """DuckDB's message, with the place in what the user wrote."""
    if tree["error_type"] != "parser":
        return f"must be one expression and nothing else; write a condition such as {_EXAMPLE}"
    message = tree["error_message"].splitlines()[0]
    before = (_SELECT + text).encode()[: int(tree.get("position", 0))].decode(errors="ignore")
    place = len(before) - len(_SELECT) + 1
    return f"{message} (character {place} of {text!r})" if 0 < place <= len(text) else f"{message} (in {text!r})"


def _said(error: duckdb.Error) -> str:
    """DuckDB's message on one line, without the kind of error before it."""
    if "cannot contain aggregates" in str(error):
        return "can't have an aggregate such as sum(); it is about one document at a time"
    kind, colon, rest = one_line(error).partition(" Error: ")
    return rest if colon and kind.isalpha() else one_line(error)
