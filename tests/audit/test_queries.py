"""Questions in SQL, asked from Python, and the limits of the process that answers them."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from made.samples import Counted

from tokaudit.audit import queries
from tokaudit.audit.queries import QueryLimits, answer_query
from tokaudit.core import child_process
from tokaudit.core.errors import CatalogError, InputError, UsageError

ENDLESS = "select count(*) from range(1000000000) a, range(100) b where a.range % 7 = b.range"
UNINTERRUPTED = "select repeat('x', 2000000000) as a"
"""DuckDB looks neither at interrupts nor at its limit of memory while a function makes one value."""
LARGE = "select list(range) from range(300000000)"
SPILLED = "select * from (select hash(range) as h, repeat('y', 200) from range(30000000)) order by h"


def test_values_of_python_are_parameters_of_sql(counted: Counted) -> None:
    values = {"n": 3, "x": 0.5, "yes": True, "no": None, "day": date(2024, 1, 2), "text": "a'b"}
    sql = "select $n + 1 as n, $x as x, $yes as yes, $no as no, $day + 1 as day, $text as text"
    (row,) = answer_query(counted.catalog, sql, values).rows

    assert row == {"n": 4, "x": 0.5, "yes": True, "no": None, "day": date(2024, 1, 3), "text": "a'b"}


def test_values_of_python_are_parameters_of_shipped_queries(counted: Counted) -> None:
    two = answer_query(counted.catalog, "largest_documents", {"limit": 2, "tokenizer": None})

    assert [row["source"] for row in two.rows] == ["blog", "books"]
    with pytest.raises(UsageError, match=r"limit: datetime\.date"):
        answer_query(counted.catalog, "largest_documents", {"limit": date(2024, 1, 2)})


def test_an_answer_says_that_an_ingest_is_not_finished(copy: Path) -> None:
    with duckdb.connect(copy) as connection:
        connection.execute("update store.derived set fresh = false")
        connection.execute("update store.ingests set finished = null where source = 'code'")
    asked = [answer_query(copy, query, {}).notes for query in ("supply", "select 1 as one")]

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

    assert answer_query(copy, "supply", {}).notes == (without,)
    assert answer_query(copy, "supply", {"tokenizer": "words"}).notes == (without,)
    assert answer_query(copy, "sources", {}).notes == ()


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


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> "list[subprocess.Popen[bytes]]":
    """The processes that answer queries from now on."""
    found: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def popen(*given: Any, **named: Any) -> Any:
        found.append(start(*given, **named))
        return found[-1]

    monkeypatch.setattr(queries.subprocess, "Popen", popen)  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("sql", [ENDLESS, UNINTERRUPTED])
def test_a_statement_is_stopped_in_time(counted: Counted, started: "list[subprocess.Popen[bytes]]", sql: str) -> None:
    begun = time.monotonic()
    with pytest.raises(InputError, match=r"stopped after 0\.2 s; a higher --timeout gives it more time"):
        answer_query(counted.catalog, sql, {}, QueryLimits(seconds=0.2))

    assert time.monotonic() - begun < 10
    assert [process.returncode for process in started] == [-9]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems set no limit")
@pytest.mark.parametrize("sql", ["select repeat('x', 100000000) as a, repeat('y', 600000000) as b", LARGE])
def test_a_statement_ends_at_the_limit_of_memory(counted: Counted, sql: str) -> None:
    with pytest.raises(InputError, match=r"0\.0312 GiB; raise --memory, or ask for fewer rows or columns"):
        answer_query(counted.catalog, sql, {}, QueryLimits(memory=2**25))


def test_an_answer_ends_at_the_limit_of_memory(counted: Counted) -> None:
    with pytest.raises(InputError, match=r"the answer needs more memory than the limit of 0\.0312 GiB;"):
        answer_query(counted.catalog, "from range(100000000)", {}, QueryLimits(memory=2**25))


def test_rows_beyond_the_most_are_not_made(counted: Counted) -> None:
    answer = answer_query(counted.catalog, "from range(100000000000)", {}, QueryLimits(rows=2, memory=2**25))

    assert answer.rows == [{"range": 0}, {"range": 1}]
    assert answer.extra == {"truncated": True, "complete": True}


def test_many_rows_arrive_in_their_order(counted: Counted) -> None:
    answer = answer_query(counted.catalog, "select range as n, range + 0.5 as f from range(1001)", {})

    assert [row["n"] for row in answer.rows] == list(range(1001))
    assert answer.extra == {"truncated": False, "complete": True}


def test_a_process_that_breaks_down_is_an_error_of_memory(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "START", "import os; os.abort()")

    with pytest.raises(InputError, match=r"broke down \(exit code -?\d+\), probably at the limit of 2 GiB; raise"):
        answer_query(counted.catalog, "sources", {})


def test_no_catalog_is_an_error_of_the_catalog(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no catalog found"):
        answer_query(tmp_path / "none.duckdb", "select 1 as a", {})


def test_no_process_and_no_thread_stays(counted: Counted, started: "list[subprocess.Popen[bytes]]") -> None:
    threads = threading.active_count()
    answer_query(counted.catalog, "sources", {}, QueryLimits(seconds=60))
    with pytest.raises(UsageError):
        answer_query(counted.catalog, "select x", {}, QueryLimits(seconds=60))

    assert None not in [process.returncode for process in started]
    assert threading.active_count() <= threads + 1  # a timer that was cancelled ends at once, but not before


def test_threads_may_ask_at_the_same_time(counted: Counted) -> None:
    with ThreadPoolExecutor(3) as pool:
        answers = pool.map(lambda n: answer_query(counted.catalog, "select $n as n", {"n": n}).rows, range(3))

    assert list(answers) == [[{"n": n}] for n in range(3)]


ASKING = (
    "import sys; from pathlib import Path; from tokaudit.audit.queries import *;"
    " answer_query(Path(sys.argv[1]), sys.argv[2], {}, QueryLimits(memory=2**28))"
)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("sql", [UNINTERRUPTED, SPILLED])
def test_a_killed_process_takes_its_query_along(copy: Path, sql: str) -> None:
    asking = subprocess.Popen([sys.executable, "-c", ASKING, str(copy), sql], stderr=subprocess.DEVNULL)
    children = Path(f"/proc/{asking.pid}/task/{asking.pid}/children")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not (children.read_text() and (sql != SPILLED or spilled(copy))):
        time.sleep(0.05)
    (child,) = children.read_text().split()
    os.kill(asking.pid, signal.SIGKILL)
    asking.wait()
    while time.monotonic() < deadline and runs(child):
        time.sleep(0.01)

    assert not runs(child)
    assert spilled(copy) == []


def runs(process: str) -> bool:
    """Whether a process has not ended, even if nobody has asked for its exit code."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def spilled(catalog: Path) -> list[Path]:
    """The folders with what did not fit in memory."""
    return list(catalog.parent.glob(".tokaudit-*.tmp"))


def test_nothing_that_did_not_fit_in_memory_stays_on_disk(copy: Path) -> None:
    with pytest.raises(InputError, match="stopped after"):
        answer_query(copy, SPILLED, {}, QueryLimits(seconds=2, memory=2**27))

    assert spilled(copy) == []


@pytest.mark.parametrize("executable", ["", None, "/no/such/python"])
def test_a_process_that_cannot_start_is_an_expected_error(
    counted: Counted, monkeypatch: pytest.MonkeyPatch, executable: str | None
) -> None:
    monkeypatch.setattr(sys, "executable", executable)

    with pytest.raises(InputError, match="its process can't be started"):
        answer_query(counted.catalog, "select 1", {})


def nested(depth: int) -> list[Any]:
    """A list in a list, and so on."""
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize("value", ["\ud800", nested(300), nested(5000)], ids=["surrogate", "nested", "recursion"])
def test_a_value_that_can_be_no_json_is_an_expected_error(counted: Counted, value: Any) -> None:
    with pytest.raises(UsageError, match=r"^query: "):
        answer_query(counted.catalog, "select $v", {"v": value})


def test_narrow_rows_are_counted_with_what_each_row_takes(counted: Counted) -> None:
    limits = QueryLimits(memory=2**25)  # 32 MiB; a dict takes 184 bytes

    with pytest.raises(InputError, match="the answer needs more memory"):
        answer_query(counted.catalog, "from range(180_000)", {}, limits)
