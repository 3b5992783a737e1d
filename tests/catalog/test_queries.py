"""Each shipped query: its header agrees with DuckDB, and its answer with the stored answer."""

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import pytest
from made.samples import Counted

from tokaudit.audit.answer import Answer
from tokaudit.audit.queries import answer_query
from tokaudit.catalog.completeness import choose_tokenizer
from tokaudit.catalog.connection import open_in_memory, open_readonly
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.queries import ShippedQuery, query_sql, shipped_queries, shipped_query
from tokaudit.core.errors import UsageError
from tokaudit.planning.mixture import parse_shares
from tokaudit.reports.formats.csv import REPORT
from tokaudit.reports.protocol import Table

QUERIES = shipped_queries()
NAMES = sorted(QUERIES)
OF_THE_CATALOG = [name for name in NAMES if name != "columns"]  # test_connection.py tests that one
ANSWERS = Path(__file__).parent / "queries"
STORED = sorted(ANSWERS.rglob("*.csv"))


@pytest.fixture(scope="module")
def asked(counted: Counted, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small catalog with a small registry of published corpora."""
    catalog = tmp_path_factory.mktemp("asked") / "small.duckdb"
    shutil.copy(counted.catalog, catalog)
    with duckdb.connect(catalog) as connection:
        connection.execute((ANSWERS / "given.sql").read_text(encoding="utf-8"))
    return catalog


@pytest.fixture(scope="module")
def answered(asked: Path) -> Callable[[str, str], Answer]:
    """A function that answers a query with parameters like ``by=source,tokenizer=words`` once: it takes a process."""

    def answer(name: str, parameters: str) -> Answer:
        return answer_query(asked, name, dict(part.split("=") for part in parameters.split(",") if part))

    return cache(answer)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a catalog without sources, opened once: opening takes longer than a query."""
    catalog = tmp_path_factory.mktemp("empty") / "empty.duckdb"
    with exclusive_writer(catalog), open_readonly(catalog) as connection:
        yield connection


@pytest.mark.parametrize("query", QUERIES.values(), ids=NAMES)
def test_the_header_has_a_question_and_the_columns(query: ShippedQuery) -> None:
    assert query.question.endswith("?")
    assert query.returns


@pytest.mark.parametrize("query", QUERIES.values(), ids=NAMES)
def test_a_query_is_one_select_with_the_parameters_of_its_header(
    query: ShippedQuery, empty: duckdb.DuckDBPyConnection
) -> None:
    (statement,) = empty.extract_statements(query.sql)

    assert statement.type == duckdb.StatementType.SELECT
    assert statement.named_parameters == {each.name for each in query.parameters}


@pytest.mark.parametrize("query", QUERIES.values(), ids=NAMES)
def test_columns_match_the_header_in_name_type_and_order(query: ShippedQuery, empty: duckdb.DuckDBPyConnection) -> None:
    described = empty.execute(f"describe {query.sql}", query.values(empty, {})).fetchall()

    assert tuple((column, kind) for column, kind, *_ in described) == query.returns


@pytest.mark.parametrize("query", QUERIES.values(), ids=NAMES)
def test_a_default_is_of_the_type_that_the_header_names(query: ShippedQuery, empty: duckdb.DuckDBPyConnection) -> None:
    for each in query.parameters:
        value = query.values(empty, {})[each.name]
        described = empty.execute(f"select typeof($value::{each.type})", {"value": value}).fetchall()

        assert (value, described) == (each.default, [(each.type,)])


@pytest.mark.parametrize("query", QUERIES.values(), ids=NAMES)
def test_a_query_runs_without_parameters(
    query: ShippedQuery, answered: Callable[[str, str], Answer], empty: duckdb.DuckDBPyConnection
) -> None:
    columns = tuple(column for column, _ in query.returns)
    in_empty = empty.execute(query.sql, query.values(empty, {}))

    assert tuple(column for column, *_ in in_empty.description or ()) == columns
    in_empty.fetchall()
    assert answered(query.name, "").columns == columns


@pytest.mark.parametrize("query", QUERIES.values(), ids=NAMES)
def test_the_printed_sql_gives_the_same_rows_on_a_plain_connection(
    query: ShippedQuery, asked: Path, answered: Callable[[str, str], Answer]
) -> None:
    with duckdb.connect(asked, read_only=True) as connection:
        rows = connection.execute(query_sql(query.name, {})).fetchall()

    columns = [column for column, _ in query.returns]
    assert [dict(zip(columns, row, strict=True)) for row in rows] == answered(query.name, "").rows


@pytest.mark.parametrize("name", NAMES)
def test_a_query_orders_its_rows(name: str) -> None:
    last = QUERIES[name].sql.rstrip().rpartition("\n")[2]

    assert re.fullmatch(r"order by [^()]+;", last)


@pytest.mark.parametrize("name", OF_THE_CATALOG)
def test_a_query_has_a_stored_answer(name: str) -> None:
    assert [path for path in STORED if path.parent.name == name]


@pytest.mark.slow
@pytest.mark.parametrize("stored", STORED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_answer_on_the_small_corpus_is_the_stored_answer(
    stored: Path, counted: Counted, answered: Callable[[str, str], Answer]
) -> None:
    answer = answered(stored.parent.name, stored.stem.partition(",")[2])
    stream = io.StringIO()
    REPORT.rows(Table(answer.columns, answer.rows), stream)
    expected = stored.read_text(encoding="utf-8").replace("GIVEN", str(counted.folder))

    assert list(csv.reader(io.StringIO(stream.getvalue()))) == list(csv.reader(io.StringIO(expected)))


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("supply", {"by": "Domain", "tokenizer": "words"}, "by must be domain, source or catalog, not Domain"),
        ("overlap", {"by": "catalog", "tokenizer": "words"}, "by must be domain or source, not catalog"),
        ("supply", {"by": "domain", "tokenizer": "word"}, r"with tokenizer word \(the catalog has: words\)"),
        ("overlap", {"by": "domain", "tokenizer": "word"}, r"with tokenizer word \(the catalog has: words\)"),
        ("shared_supply", {"tokenizer": "word"}, r"with tokenizer word \(the catalog has: words\)"),
        ("unique_by_label", {"label": "licenc'e"}, r"has the label licenc'e \(the catalog has: .*, licence, "),
        ("plan_epochs", {"plan": "no'ne"}, r"no plan is saved as no'ne \(the catalog has: large, small\)"),
    ],
)
def test_a_meaningless_parameter_is_an_error(name: str, parameters: dict[str, str], message: str, asked: Path) -> None:
    with pytest.raises(UsageError, match=message):
        answer_query(asked, name, parameters)


def test_defaults_are_read_from_the_header() -> None:
    supply, boilerplate = shipped_query("supply"), shipped_query("boilerplate_groups")

    assert [(each.name, each.type, each.default) for each in supply.parameters] == [
        ("by", "VARCHAR", "domain"),
        ("tokenizer", "VARCHAR", None),
    ]
    assert [(each.name, each.default) for each in boilerplate.parameters] == [
        ("members", 5),
        ("words", 200),
        ("tokenizer", None),
    ]
    assert str(supply.parameters[0]) == "by VARCHAR = 'domain'"
    assert supply.returns[0] == ("domain", "VARCHAR")
    assert supply.notes.startswith("$by is 'domain', 'source' or 'catalog'")
    assert "params:" not in supply.notes


@pytest.mark.parametrize("value", [0.25, "0.25", Decimal("0.25")])
def test_a_value_is_converted_to_the_type_of_its_parameter(value: object) -> None:
    with open_in_memory() as connection:
        assert shipped_query("duplicate_rate_by_file").values(connection, {"share": value})["share"] == 0.25
        assert shipped_query("largest_documents").values(connection, {"limit": str(value) + "e2"})["limit"] == 25


def test_none_stands_for_the_default() -> None:
    with open_in_memory() as connection:
        assert shipped_query("supply").values(connection, {"by": None}) == {"by": "domain", "tokenizer": None}


@pytest.mark.parametrize("value", ["many", "", [1], object()])
def test_a_value_of_another_type_is_one_clear_error(value: object) -> None:
    with (
        open_in_memory() as connection,
        pytest.raises(UsageError, match=r"^query: largest_documents: limit: .* is not a value of type BIGINT$"),
    ):
        shipped_query("largest_documents").values(connection, {"limit": value})


def test_an_unknown_parameter_lists_those_with_type_and_default() -> None:
    with open_in_memory() as connection:
        with pytest.raises(UsageError) as refused:
            shipped_query("supply").values(connection, {"By": "domain"})
        with pytest.raises(UsageError, match="errors: takes no parameters, but got by; leave out -p"):
            shipped_query("errors").values(connection, {"by": "domain"})

    assert str(refused.value) == "query: supply: has no By; it takes by VARCHAR = 'domain'; tokenizer VARCHAR = null"


def test_the_default_tokenizer_is_the_first_that_files_are_counted_with(copy: Path) -> None:
    default = "select tokenizer from tokenizers where is_default"
    with duckdb.connect(copy) as connection:
        # A tokenizer whose files were all forgotten has the lowest number.
        connection.execute("insert into store.tokenizers values (-1, 'gone', repeat('1', 64), 'a test')")
        assert connection.execute(default).fetchall() == [("words",)]
        assert choose_tokenizer(connection, None) == "words"
        connection.execute("delete from store.counted_with")
        assert connection.execute(default).fetchall() == [("gone",)]


def test_tokenizers_are_compared_on_the_text_that_both_counted(copy: Path) -> None:
    with duckdb.connect(copy) as connection:
        connection.execute("insert into store.tokenizers values (7, 'halves', repeat('1', 64), 'a test')")
        connection.execute(
            "insert into store.token_counts_here"
            " select document, 7, 2 * tokens from token_counts where source = 'books'"
        )
    with open_readonly(copy) as connection:
        books = connection.execute("select sum(bytes), sum(words) from documents where source = 'books'").fetchall()
    rows = answer_query(copy, "tokenizer_comparison", {}).rows
    compared = [row for row in rows if row["domain"] == "books"]

    assert [(row["tokenizer"], row["documents"], row["ratio"]) for row in compared] == [
        ("words", 2, 1),
        ("halves", 2, 2),
    ]
    assert [(row["bytes"], row["tokens_compared"]) for row in compared] == [*books, *books]
    assert {row["tokenizer"] for row in rows if row["domain"] != "books"} == {"words"}


def test_the_shares_of_domains_joined_are_a_mixture_for_plans(copy: Path) -> None:
    with duckdb.connect(copy) as connection:  # so that each domain has a third of the unique tokens
        connection.execute("update store.token_counts_here set tokens = 2")
        connection.execute(
            "update store.token_counts_here set tokens = 1 where document in"
            " (select document from documents where domain = 'web')"
        )
    thirds = answer_query(copy, "domain_shares", {}).rows
    with duckdb.connect(copy) as connection:
        connection.execute("update store.sources set domain = 'a,b' where domain = 'code'")
    renamed = answer_query(copy, "domain_shares", {}).rows

    assert [row["tokens_unique"] for row in thirds] == [4, 4, 4]
    assert parse_shares(",".join(row["mixture"] for row in thirds)) == pytest.approx(
        {row["domain"]: row["share"] for row in thirds}
    )
    assert [row["mixture"] for row in renamed if row["domain"] == "a,b"] == [None]


def test_a_document_fills_every_context_that_it_is_long_enough_for(copy: Path) -> None:
    with duckdb.connect(copy) as connection:
        connection.execute(
            "update store.token_counts_here set tokens = case source when 'blog' then 4096 when 'books' then 131072"
            " when 'code' then 32767 else 0 end from token_counts t"
            " where t.document = token_counts_here.document"
        )
    rows = answer_query(copy, "length_bands", {}).rows
    longest = {row["domain"]: row for row in rows if row["tokens_from"] == 131072}
    web = [(row["tokens_from"], row["documents"], row["tokens"], row["tokens_filling"]) for row in rows[-6:]]
    code = {row["tokens_from"]: row["documents"] for row in rows if row["domain"] == "code"}

    assert web == [
        (0, 2, 0, 4096),
        (2048, 0, 0, 4096),
        (4096, 1, 4096, 4096),
        (8192, 0, 0, 0),
        (32768, 0, 0, 0),
        (131072, 0, 0, 0),
    ]
    assert (longest["books"]["documents"], longest["books"]["share"]) == (2, 1)
    assert code == {0: 0, 2048: 0, 4096: 0, 8192: 2, 32768: 0, 131072: 0}
