"""Tables of training runs."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.core.errors import InputError, UsageError
from tokaudit.laws.fit.run_table import RunTable, parse_condition, read_runs


def read(folder: Path, text: str, *drops: str) -> RunTable:
    path = folder / "runs.csv"
    path.write_text(text, encoding="utf-8")
    return read_runs(path, [parse_condition(drop) for drop in drops])


def test_a_table_becomes_runs(tmp_path: Path) -> None:
    found = read(tmp_path, "name,params,tokens,loss,unique_tokens\na,70B,1.4T,1.94,\nb,1e9,20_000_000_000,2.5,5e9\n")
    assert found.dropped == []
    assert found.runs.params.tolist() == [70e9, 1e9]
    assert found.runs.tokens.tolist() == [1.4e12, 2e10]
    assert found.runs.flops.tolist() == [6 * 70e9 * 1.4e12, 6 * 1e9 * 2e10]
    assert found.runs.loss.tolist() == [1.94, 2.5]
    assert found.runs.unique.tolist() == [math.inf, 5e9]
    assert found.runs.line.tolist() == [2, 3]


def test_missing_tokens_are_computed_from_flops(tmp_path: Path) -> None:
    without = read(tmp_path, "params,flops,loss\n1e9,1.2e20,2.5\n").runs
    assert without.tokens.tolist() == [2e10]
    both = read(tmp_path, "params,tokens,flops,loss\n1e9,,1.2e20,2.5\n1e9,3e10,1.2e20,2.4\n").runs
    assert both.tokens.tolist() == [2e10, 3e10]
    assert both.flops.tolist() == [1.2e20, 1.2e20]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1e9,1e10,", "loss is missing"),
        ("1e9,1e10,NaN", "loss is missing"),
        ("1e9,null,3", "tokens is missing"),
        (",1e10,3", "params is missing"),
        ("0,1e10,3", "params is not positive: 0"),
        ("1e9,-5,3", "tokens is not positive: -5"),
        ("1e9,1e10,0.0", "loss is not positive: 0.0"),
    ],
)
def test_a_run_with_a_missing_or_non_positive_number_is_dropped(tmp_path: Path, row: str, reason: str) -> None:
    found = read(tmp_path, f"params,tokens,loss\n1e9,1e10,3\n{row}\n1e9,2e10,2.9\n")
    assert found.dropped == [{"line": 3, "reason": reason}]
    assert found.runs.line.tolist() == [2, 4]


def test_unique_tokens_must_be_positive_if_they_are_given(tmp_path: Path) -> None:
    found = read(tmp_path, "params,tokens,loss,unique_tokens\n1e9,1e10,3,0\n1e9,1e10,3,\n")
    assert found.dropped == [{"line": 2, "reason": "unique_tokens is not positive: 0"}]


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        ("loss>3", [3, 4]),
        ("loss >= 3", [4]),
        ("loss<3", [2, 3]),
        ("loss<=2.8", [2, 3]),
        ("loss=2.8", [2, 3]),
        ("line=3", [2, 4]),
        ("params>5B", [2]),
        ("tokens_per_param<5", [2]),
        ("epochs>1", [2, 4]),
        ("flops<1e20", [3, 4]),
        ("name=base line", [2, 4]),
        ("name=other", [2, 3, 4]),
        ("name>other", [2, 3, 4]),
    ],
)
def test_a_condition_leaves_runs_out(tmp_path: Path, condition: str, left: list[int]) -> None:
    text = (
        "name,params,tokens,loss,unique_tokens\na,1e9,1e10,3.2,\nbase line,1e10,2e10,3.0,1e10\nc,1e10,3e10,2.8,3e10\n"
    )
    found = read(tmp_path, text, condition)
    assert found.runs.line.tolist() == left
    assert {row["reason"] for row in found.dropped} <= {f"--drop {condition}"}


def test_a_dropped_run_may_contain_anything(tmp_path: Path) -> None:
    found = read(tmp_path, "params,tokens,loss\n1e9,1e10,diverged\n1e9,2e10,2.9\n", "line=2")
    assert found.runs.line.tolist() == [3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"runs.csv:1: has no column 'params' \(it has: none\)"),
        ("params,tokens\n1,2\n", r"runs.csv:1: has no column 'loss' \(it has: params, tokens\)"),
        ("params,loss\n1,2\n", r"runs.csv:1: has no column 'tokens', and no column 'flops'"),
        ("params,tokens,loss,loss\n1,2,3,4\n", r"runs.csv:1: has two columns 'loss'"),
        ("params,tokens,loss\n1e9,1e10,low\n", r"runs.csv:2: column loss: 'low' is not a number"),
        ("params,tokens,loss\n\n1e9,1e10,inf\n", r"runs.csv:3: column loss: 'inf'"),
        ("params,tokens,loss\n1e9,1e10,3,4\n", r"runs.csv:2: has more values than the file has columns \(3\)"),
        ("params,tokens,loss\n1e200,1e200,3\n", r"runs.csv:2: params with tokens or flops are not possible for a run"),
        ("params,flops,loss\n1e200,1e-200,3\n", r"runs.csv:2: params with tokens or flops are not possible for a run"),
        ("params,tokens,loss\n", r"runs.csv: has no runs to fit$"),
        ("params,tokens,loss\n1e9,1e10,0\n", r"runs.csv: has no runs to fit \(1 dropped\)"),
    ],
)
def test_a_bad_table_is_refused_with_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, text)


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.csv: can't be read: No such file"):
        read_runs(tmp_path / "none.csv")
    (tmp_path / "bytes.csv").write_bytes(b"params,tokens,loss\n\xff\n")
    with pytest.raises(InputError, match=r"bytes.csv: is not valid UTF-8"):
        read_runs(tmp_path / "bytes.csv")


@pytest.mark.parametrize("text", ["loss", "", "loss>", ">3", "loss>3>4", "loss=="])
def test_text_that_is_not_a_condition_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a condition"):
        parse_condition(text)


def test_a_condition_on_an_unknown_column_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"no column 'lr' \(known: params, tokens, loss, line, epochs, tokens_per_param, flops\)"
    ):
        read(tmp_path, "params,tokens,loss\n1,2,3\n", "lr>3")


@given(rows=st.lists(st.tuples(*[st.floats(1e-3, 1e15)] * 3), min_size=1, max_size=20))
def test_numbers_are_read_as_written(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[float, ...]]) -> None:
    text = "params,tokens,loss\n" + "".join(f"{n!r},{d!r},{nats!r}\n" for n, d, nats in rows)
    runs = read(tmp_path_factory.mktemp("runs"), text).runs

    assert np.column_stack([runs.params, runs.tokens, runs.loss]).tolist() == [list(row) for row in rows]
