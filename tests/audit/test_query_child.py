"""What counts as one SELECT, for every type of statement that DuckDB has."""

from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from tokaudit.audit.query_child import is_one_select

TYPES = duckdb.StatementType.__members__

REFUSED = {
    "INSERT": "insert into t values (1)",
    "UPDATE": "update t set a = 1",
    "CREATE": "create table u (a int)",
    "DELETE": "delete from t",
    "PREPARE": "prepare v as select 1",
    "EXECUTE": "execute v",
    "ALTER": "alter table t rename to u",
    "TRANSACTION": "begin transaction",
    "COPY": "copy t to 'out.csv'",
    "EXPLAIN": "explain select 1",
    "DROP": "deallocate v",
    "EXPORT": "export database 'out'",
    "PRAGMA": "pragma database_list",
    "VACUUM": "vacuum analyze",
    "CALL": "force checkpoint",
    "SET": "use main",
    "LOAD": "install httpfs",
    "ATTACH": "attach 'new.duckdb'",
    "DETACH": "detach new",
    "MULTI": "pivot t on a using count(*)",
    "MERGE_INTO": "merge into t using u on t.a = u.a when matched then delete",
}

SELECTS = (
    "select 1",
    "/* one */ select 1 -- and no other\n;;",
    "(select 1)",
    "with a as (select 1) from a",
    "from t",
    "values (1)",
    "table t",
    "select 1 union select 2",
    "pivot t on a in (1, 2) using count(*)",
    "unpivot t on a",
    "describe t",
    "summarize t",
    "show tables",
)


def parsed(sql: str) -> list[Any]:
    """The statements of a text, as DuckDB parses them."""
    with duckdb.connect() as connection:
        return connection.extract_statements(sql)


@pytest.mark.parametrize("sql", SELECTS)
def test_what_returns_rows_and_changes_nothing_is_a_select(sql: str) -> None:
    assert is_one_select(parsed(sql))


@pytest.mark.parametrize("kind", REFUSED)
def test_a_statement_of_another_type_is_not_a_select(kind: str) -> None:
    (statement,) = parsed(REFUSED[kind])

    assert statement.type == TYPES[kind]
    assert not is_one_select([statement])


@pytest.mark.parametrize("kind", sorted(set(TYPES) - {"SELECT"}))
def test_only_the_type_select_is_taken(kind: str) -> None:
    statement: Any = SimpleNamespace(type=TYPES[kind])

    assert not is_one_select([statement])


@pytest.mark.parametrize("sql", ["update extensions", "connect 'x'"])
def test_a_type_without_a_name_is_not_a_select(sql: str) -> None:
    assert not is_one_select(parsed(sql))


@pytest.mark.parametrize("sql", ["", " ; ", "-- nothing", "select 1; select 2", "select 1; drop view t"])
def test_none_or_several_statements_are_not_one_select(sql: str) -> None:
    assert not is_one_select(parsed(sql))
