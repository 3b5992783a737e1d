"""Each shipped query: its header agrees with DuckDB, and its answer with the stored answer."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from made.samples import Counted

from tokaudit.audit import answers
from tokaudit.catalog.connection import open_readonly
from tokaudit.catalog.exclusive_writer import exclusive_writer
from tokaudit.catalog.queries import shipped_queries, shipped_query
from tokaudit.core.errors import UsageError
from tokaudit.reports.formats.csv import REPORT
from tokaudit.reports.protocol import Table

NAMES = sorted(shipped_queries())
OF_THE_CATALOG = [name for name in NAMES if name != "columns"]  # test_connection.py tests that one
ANSWERS = Path(__file__).parent / "queries"
STORED = sorted(ANSWERS.rglob("*.csv"))


def header(name: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """A query's header: the question, and name -> type of parameters and of columns, in order."""
    question, *comments = re.match(r"(?:--[^\n]*\n)+", shipped_query(name))[0].splitlines()  # type: ignore[index]
    said = dict(line.removeprefix("-- ").split(": ", 1) for line in comments if re.match(r"-- \w+: ", line))
    params, returns = (
        dict(part.removeprefix("$").split(" ", 1) for part in said.get(key, "").split(", ") if part)
        for key in ("params", "returns")
    )
    return question.removeprefix("-- "), params, returns


@pytest.fixture(scope="module")
def asked(counted: Counted, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small catalog with a small registry of published corpora."""
    catalog = tmp_path_factory.mktemp("asked") / "small.duckdb"
    shutil.copy(counted.catalog, catalog)
    with duckdb.connect(catalog) as connection:
        connection.execute((ANSWERS / "given.sql").read_text(encoding="utf-8"))
    return catalog


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a catalog without sources, opened once: opening takes longer than a query."""
    catalog = tmp_path_factory.mktemp("empty") / "empty.duckdb"
    with exclusive_writer(catalog), open_readonly(catalog) as connection:
        yield connection


@pytest.mark.parametrize("name", NAMES)
def test_the_header_has_a_question_and_the_columns(name: str) -> None:
    question, _, returns = header(name)

    assert question.endswith("?")
    assert returns


@pytest.mark.parametrize("name", NAMES)
def test_a_query_is_one_select_with_the_parameters_of_its_header(name: str, empty: duckdb.DuckDBPyConnection) -> None:
    (statement,) = empty.extract_statements(shipped_query(name))

    assert statement.type == duckdb.StatementType.SELECT
    assert statement.named_parameters == set(header(name)[1])


@pytest.mark.parametrize("name", NAMES)
def test_columns_match_the_header_in_name_type_and_order(name: str, empty: duckdb.DuckDBPyConnection) -> None:
    _, params, returns = header(name)
    values = dict.fromkeys(params, "1")
    described = empty.execute(f"describe {shipped_query(name)}", values).fetchall()
    for key, kind in params.items():
        assert empty.execute(f"select typeof($value::{kind})", {"value": values[key]}).fetchall() == [(kind,)]

    assert {column: kind for column, kind, *_ in described} == returns
    assert [column for column, *_ in described] == list(returns)


@pytest.mark.parametrize("name", NAMES)
def test_a_query_orders_its_rows(name: str) -> None:
    last = shipped_query(name).rstrip().rpartition("\n")[2]

    assert re.fullmatch(r"order by [^()]+;", last)


@pytest.mark.parametrize("name", OF_THE_CATALOG)
def test_a_query_has_a_stored_answer(name: str) -> None:
    assert [path for path in STORED if path.parent.name == name]


@pytest.mark.slow
@pytest.mark.parametrize("stored", STORED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_answer_on_the_small_corpus_is_the_stored_answer(stored: Path, counted: Counted, asked: Path) -> None:
    name = stored.parent.name
    parameters = {key: {"tokenizer": "words"}.get(key, "") for key in header(name)[1]}
    parameters |= dict(part.split("=") for part in stored.stem.split(",")[1:])
    answer = answers.query(asked, shipped_query(name), parameters, None, None)
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
    ],
)
def test_a_meaningless_parameter_is_an_error(name: str, parameters: dict[str, str], message: str, asked: Path) -> None:
    with pytest.raises(UsageError, match=message):
        answers.query(asked, shipped_query(name), parameters, None, None)
