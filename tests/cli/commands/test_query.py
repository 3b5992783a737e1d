"""``tokaudit query``: what it accepts, what it refuses, and how values are written."""

import io
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from made.samples import Counted, Done, Run

from tokaudit.catalog.queries import shipped_queries


@pytest.fixture
def ask(run: Run, counted: Counted) -> Run:
    """Query the small catalog."""

    def call(*arguments: object, code: int = 0) -> Done:
        return run("--catalog", counted.catalog, "query", *arguments, code=code)

    return call


@pytest.mark.slow
@pytest.mark.parametrize(
    "sql",
    [
        "select 1; select 2",
        "select 1; drop view sources",
        "delete from store.documents_here",
        "insert into store.derived values (true)",
        "create table t as select 1",
        "create temp table t as select 1",
        "drop view sources",
        "copy sources to 'out.csv'",
        "export database 'out'",
        "attach 'new.duckdb'",
        "install httpfs",
        "load httpfs",
        "set memory_limit = '1GB'",
        "set variable a = 1",
        "pragma database_list",
        "begin transaction",
        "with gone as (delete from store.documents_here returning *) select * from gone",
        "update extensions",
        "connect 'x'",
        "selec 1",
        "select * from",
        "select * from nowhere",
        "select no_such_column from documents",
        "from read_csv('/etc/passwd')",
        "from '/etc/passwd'",
        "from glob('/*')",
        "select getenv('HOME')",
        "select 'x'::bigint",
        "select $value + 1",
        "-- nothing\n",
        " ; ",
    ],
)
def test_anything_but_one_select_is_refused_in_one_line(ask: Run, sql: str) -> None:
    refused = ask("-p", "value=1", "--", sql, code=2) if "$value" in sql else ask("--", sql, code=2)
    (line,) = refused.err.splitlines()

    assert line.startswith("tokaudit: ")
    assert refused.out == ""
    assert "root:" not in refused.err
    assert list(Path.cwd().iterdir()) == []


def test_a_variable_of_the_program_is_not_a_table(ask: Run) -> None:
    for name in ("session", "parameters", "statements", "connection", "answer", "catalog", "incoming"):
        assert f"Table with name {name} does not exist" in ask(f"from {name}", code=2).err


@pytest.mark.slow
def test_a_slow_query_is_stopped(ask: Run) -> None:
    endless = "select count(*) as n from range(10000000000) a, range(1000) b where hash(a.range, b.range) = 1"

    for seconds in ("0.2", "1e-06"):  # the second is over before the query has begun
        stopped = ask(endless, "--timeout", seconds, code=3)
        assert stopped.err == f"tokaudit: query: was stopped after {seconds} s; a higher --timeout gives it more time\n"


def test_a_query_that_needs_too_much_memory_is_stopped(ask: Run) -> None:
    large = "select len(list(range)) as n from range(3000000)"

    said = "tokaudit: query: needs more memory than the limit of 0.00781 GiB; raise --memory, or ask for fewer rows"
    assert ask(large, "--memory", "8MiB", code=3).err == f"{said} or columns\n"
    assert ask(large, "--memory", "1GiB", "--format", "json").json["rows"] == [{"n": 3_000_000}]
    assert "--memory: '2' has no unit; write 8GiB or 500MB" in ask(large, "--memory", "2", code=2).err


@pytest.mark.parametrize("seconds", ["60", "1e300", "inf"])
def test_a_long_timeout_changes_nothing(ask: Run, seconds: str) -> None:
    answered = ask("select 1 as n", "--timeout", seconds, "--format", "json")

    assert (answered.json["rows"], answered.err) == ([{"n": 1}], "")


@pytest.mark.parametrize("seconds", ["nan", "0", "-1", "x"])
def test_a_timeout_that_is_not_positive_is_refused(ask: Run, seconds: str) -> None:
    refused = ask("select 1 as n", f"--timeout={seconds}", code=2)

    assert f"--timeout: '{seconds}' is not a positive number of seconds (see " in refused.err


def test_max_rows_cuts_rows_off_and_says_so(ask: Run) -> None:
    sql = "select range as n from range(5) order by n"
    some = ask(sql, "--max-rows", 2, "--format", "json")
    all_of_them = ask(sql, "--max-rows", 5, "--format", "json")

    assert some.json == {"rows": [{"n": 0}, {"n": 1}], "truncated": True, "complete": True, "warnings": []}
    assert "only the first 2 rows" in some.err
    assert (len(all_of_them.json["rows"]), all_of_them.json["truncated"]) == (5, False)
    assert all_of_them.err == ""
    assert ask(sql, "--max-rows", 0, "--format", "json").json == {
        "rows": [],
        "truncated": True,
        "complete": True,
        "warnings": [],
    }


def test_parameters_are_bound_and_not_interpreted(ask: Run) -> None:
    evil = "x'; drop view sources; --"
    bound = ask("select $a as a, $b as b", "-p", f"a={evil}", "-p", "b=c=d", "--format", "json")
    number = ask("select count(*) as n from documents where ordinal = $o", "-p", "o=1", "--format", "json")

    assert bound.json["rows"] == [{"a": evil, "b": "c=d"}]
    assert number.json["rows"] == [{"n": 1}]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["supply", "-p", "x=1"], "has no x; it takes by VARCHAR = 'domain'; tokenizer VARCHAR = null"),
        (["largest_documents", "-p", "limit=all"], "limit: 'all' is not a value of type BIGINT"),
        (["select $a, $b"], "needs -p a=VALUE and -p b=VALUE, but got none"),
        (["select $a, $b", "-p", "a=1"], "needs -p a=VALUE and -p b=VALUE, but got a"),
        (["select 1", "--sql"], "--sql prints the SQL of a shipped query; give a name"),
        (["supply", "--sql", "-p", "x=1"], "has no x; it takes by VARCHAR"),
        (["errors", "-p", "by=domain"], "takes no parameters, but got by"),
        (["select $a", "-p", "a"], "-p: 'a' is not of the form KEY=VALUE"),
        (["select $a", "-p", "a=1", "-p", "a=2"], "-p: a is named twice"),
        ([], "`tokaudit query --list` lists the names"),
    ],
)
def test_parameters_that_do_not_fit_are_named(ask: Run, arguments: list[str], said: str) -> None:
    assert said in ask(*arguments, code=2).err


def test_an_unknown_name_lists_the_known(ask: Run) -> None:
    said = ask("no_such_query", code=2).err

    assert all(name in said for name in shipped_queries())


def test_the_list_has_every_query_with_its_question_and_needs_no_catalog(run: Run) -> None:
    listed = run("query", "--list", "--format", "json").json["rows"]

    assert {row["query"]: row["question"] for row in listed} == {
        each.name: each.question for each in shipped_queries().values()
    }
    assert all(row["question"].endswith("?") for row in listed)


def test_the_list_has_the_parameters_with_their_types_and_defaults(run: Run) -> None:
    listed = {row["query"]: row for row in run("query", "--list", "--format", "json").json["rows"]}
    (shown,) = [line for line in run("query", "--list").out.splitlines() if line.startswith("supply ")]

    assert listed["largest_documents"]["parameters"] == [
        {"name": "limit", "type": "BIGINT", "default": 100},
        {"name": "tokenizer", "type": "VARCHAR", "default": None},
    ]
    assert listed["errors"]["returns"][0] == {"name": "source", "type": "VARCHAR"}
    assert shown.endswith("by='domain'; tokenizer=null")


def test_a_given_value_replaces_a_default(ask: Run) -> None:
    two = ask("largest_documents", "-p", "limit=2", "--format", "json").json["rows"]
    by_source = ask("supply", "-p", "by=source", "--format", "json").json["rows"]

    assert len(two) == 2
    assert [row["source"] for row in by_source] == ["books", "code", "blog", "web"]


PASTED = [
    ("supply", []),
    ("supply", ["by=source", "tokenizer=words"]),
    ("largest_documents", ["limit=3"]),
    ("duplicate_rate_by_file", ["share=1e-3"]),
    ("open_corpora", ["domain=it's -- 'not' a \"domain\" $tokenizer"]),
]


@pytest.mark.parametrize(("name", "given"), PASTED)
def test_the_printed_sql_answers_like_the_query(ask: Run, copy: Path, name: str, given: list[str]) -> None:
    options = [word for each in given for word in ("-p", each)]
    printed = ask(name, *options, "--sql").out
    with duckdb.connect(copy, read_only=True) as connection:
        columns = connection.sql(printed).columns
        rows = connection.execute(printed).fetchall()
    asked = ask(name, *options, "--format", "json").json["rows"]

    assert [dict(zip(columns, row, strict=True)) for row in rows] == asked
    assert printed.startswith("-- ")


def test_the_sql_is_printed_without_a_catalog(run: Run) -> None:
    printed = run("query", "supply", "--sql").out
    written = run("query", "supply", "--sql", "--format", "json").json

    assert "coalesce(cast(null as VARCHAR), " in printed
    assert "-- $by is 'domain'" in printed
    assert written == {"query": "supply", "text": printed}


def test_a_query_comes_from_stdin_too(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stdin(content: bytes) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))

    stdin("select 'ä' as a\n".encode())
    assert ask("-", "--format", "json").json["rows"] == [{"a": "ä"}]
    stdin(b"sources\n")
    assert len(ask("-", "--format", "json").json["rows"]) == 4
    stdin(b"select '\xff'")
    assert "query: stdin is not valid UTF-8" in ask("-", code=2).err


def test_two_columns_of_one_name_are_both_there(ask: Run) -> None:
    asked = ask("select 1 as a, 2 as a, 3 as a_1, 4 as a", "--format", "json")

    assert asked.json["rows"] == [{"a": 1, "a_1": 2, "a_1_1": 3, "a_2": 4}]


def test_every_kind_of_value_is_json(ask: Run) -> None:
    sql = (
        "select 'nan'::double as nan, '-inf'::double as inf, [1.5::double, 'nan'::double] as list, null as nothing,"
        " 170141183460469231731687303715884105727 as huge, -9223372036854775808 as low, map {1: 'a'} as map,"
        " 1.25::decimal(5, 2) as decimal, timestamp '2024-01-02 03:04:05' as time, true as yes, 'a\nb' as text"
    )

    assert ask(sql, "--format", "json").json["rows"] == [
        {
            "nan": None,
            "inf": None,
            "list": [1.5, None],
            "nothing": None,
            "huge": "170141183460469231731687303715884105727",
            "low": -(2**63),
            "map": {"1": "a"},
            "decimal": float(Decimal("1.25")),
            "time": "2024-01-02T03:04:05",
            "yes": True,
            "text": "a\nb",
        }
    ]


def test_times_with_a_zone_are_written(ask: Run) -> None:
    asked = ask("select timestamptz '2024-01-02 03:04:05+00' as t", "--format", "json")

    assert asked.json["rows"][0]["t"].startswith("2024-01-0")
