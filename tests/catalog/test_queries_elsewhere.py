"""The SQL that ``query NAME --sql`` prints, in the command line of DuckDB 1.4."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
from made.duckdb_cli import duckdb_program
from made.samples import Counted

from tokaudit.audit.queries import answer_query
from tokaudit.catalog.queries import query_sql, shipped_queries

_FRACTION: Final = re.compile(r"(:\d\d(?:\.\d*[1-9])?)(?:\.0+|0+)\b")
"""A time of day with zeros at its end, which one version of DuckDB writes and another does not."""


def plain(value: Any) -> Any:
    """A value as JSON has it; times and dates are text, without zeros at the end of a fraction."""
    return value if value is None or isinstance(value, (bool, int, float)) else _FRACTION.sub(r"\1", str(value))


def test_times_are_the_same_with_zeros_at_their_end() -> None:
    assert plain("2026-11-30 14:51:06.060060+00") == "2026-11-30 14:51:06.06006+00"
    assert plain("2026-11-30 14:00:00.000000+00") == "2026-11-30 14:00:00+00"
    assert plain("2026-11-30 14:51:06.060061+00") == "2026-11-30 14:51:06.060061+00"


@pytest.mark.slow
def test_every_shipped_query_answers_the_same_in_an_older_duckdb(counted: Counted, tmp_path: Path) -> None:
    names = list(shipped_queries())
    script = "".join(f".print == {name}\n{query_sql(name, {})}" for name in names)
    call = [str(duckdb_program(tmp_path)), "-init", "", "-bail", "-json", "-readonly", str(counted.catalog)]
    said = subprocess.run(call, input=script, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")
    parts = re.split(r"^== (\w+)$", said.stdout, flags=re.MULTILINE)[1:]
    found = dict(zip(parts[::2], parts[1::2], strict=True))

    assert list(found) == names
    for name in names:
        # Without rows, it prints only the bracket that opens them, or nothing.
        text = found[name].strip()
        there = [
            {column: plain(value) for column, value in row.items()}
            for row in (json.loads(text) if len(text) > 2 else [])
        ]
        here = [
            {column: plain(value) for column, value in row.items()}
            for row in answer_query(counted.catalog, name, {}).rows
        ]
        assert there == here, name
