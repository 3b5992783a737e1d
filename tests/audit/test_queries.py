"""Questions in SQL, asked from Python."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest
from made.samples import Counted

from tokaudit.audit.queries import answer_query
from tokaudit.core.errors import UsageError


def test_values_of_python_are_parameters_of_sql(counted: Counted) -> None:
    values = {"n": 3, "x": 0.5, "yes": True, "no": None, "day": date(2024, 1, 2), "text": "a'b"}
    sql = "select $n + 1 as n, $x as x, $yes as yes, $no as no, $day + 1 as day, $text as text"
    (row,) = answer_query(counted.catalog, sql, values, None, None).rows

    assert row == {"n": 4, "x": 0.5, "yes": True, "no": None, "day": date(2024, 1, 3), "text": "a'b"}


def test_values_of_python_are_parameters_of_shipped_queries(counted: Counted) -> None:
    two = answer_query(counted.catalog, "largest_documents", {"limit": 2, "tokenizer": None}, None, None)

    assert [row["source"] for row in two.rows] == ["blog", "books"]
    with pytest.raises(UsageError, match=r"limit: datetime\.date"):
        answer_query(counted.catalog, "largest_documents", {"limit": date(2024, 1, 2)}, None, None)


def test_an_answer_says_that_an_ingest_is_not_finished(copy: Path) -> None:
    with duckdb.connect(copy) as connection:
        connection.execute("update store.derived set fresh = false")
        connection.execute("update store.ingests set finished = null where source = 'code'")
    asked = [answer_query(copy, query, {}, None, None).notes for query in ("supply", "select 1 as one")]

    assert asked[0] == asked[1]
    assert [note.partition(":")[0] for note in asked[0]] == [
        "the groups of duplicates are not final",
        "source 'code' is incomplete",
    ]


def test_an_answer_names_the_sources_that_lack_its_tokenizer(copy: Path) -> None:
    with duckdb.connect(copy) as connection:
        connection.execute(
            "delete from store.counted_with where file in"
            " (select file from store.whole where source in ('blog', 'code'))"
        )
    without = "sources 'blog', 'code' are not fully counted with tokenizer 'words', so the answer lacks tokens of it"

    assert answer_query(copy, "supply", {}, None, None).notes == (without,)
    assert answer_query(copy, "supply", {"tokenizer": "words"}, None, None).notes == (without,)
    assert answer_query(copy, "sources", {}, None, None).notes == ()


@pytest.mark.slow
def test_an_interrupt_ends_a_long_statement_at_once(counted: Counted) -> None:
    code = (
        "import os, signal, sys, threading, time, tokaudit\n"
        "sql = 'select count(*) from range(1000000000) a, range(100) b where a.range % 7 = b.range'\n"
        "threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGINT]).start()\n"
        "try:\n"
        "    tokaudit.open(sys.argv[1]).query(sql)\n"
        "except KeyboardInterrupt:\n"
        "    print(len(tokaudit.open(sys.argv[1]).query('select 1 as one')))\n"
    )
    asked = subprocess.run(
        [sys.executable, "-c", code, str(counted.catalog)], capture_output=True, text=True, timeout=15, check=False
    )

    assert (asked.stdout, asked.stderr) == ("1\n", "")
