"""``tokaudit laws``."""

import csv
import json
from pathlib import Path

import pytest
from made.invoked import invoked

from tokaudit.laws.published import LAWS


def laws(folder: Path, fmt: str) -> str:
    result = invoked("laws", "--format", fmt, catalog=folder / "none.duckdb")
    assert result.exception is None
    return result.stdout


def test_json_has_every_law_with_source_validity_and_constants(tmp_path: Path) -> None:
    rows = {row["law"]: row for row in json.loads(laws(tmp_path, "json"))["rows"]}
    assert sorted(rows) == LAWS.names()
    found = rows["besiroglu2024"]
    assert (found["A"], found["B"], found["E"], found["alpha"], found["beta"]) == (
        *(482.01, 2085.43, 1.8172),
        *(0.3478, 0.3658),
    )
    assert found["R_D_star"] is None
    assert (found["valid_flops_low"], found["valid_flops_high"]) == (1.40e18, 1.30e22)
    assert "arXiv:2404.10102" in found["source"]
    assert rows["hoffmann2022-approach3-rounded"]["warnings"]
    assert rows["muennighoff2023"]["valid_flops_low"] is None
    assert found["interval_level"] == 0.95
    assert found["interval"]["alpha"] == [0.317, 0.373]
    assert rows["porian2024"]["interval"] is None
    assert rows["kaplan2020"]["params_counted"] == "non-embedding"
    assert rows["komatsuzaki2019"]["standing"] == "quoted"
    gadre = rows["gadre2024"]
    assert (gadre["valid_tokens_per_param_low"], gadre["valid_tokens_per_param_high"]) == (20, 320)
    assert found["valid_tokens_per_param_low"] is None


def test_every_row_has_the_same_columns(tmp_path: Path) -> None:
    rows = json.loads(laws(tmp_path, "json"))["rows"]
    assert {frozenset(row) for row in rows} == {frozenset(rows[0])}
    header, *lines = csv.reader(laws(tmp_path, "csv").splitlines())
    assert set(header) == set(rows[0])
    assert len(lines) == len(rows)


@pytest.mark.parametrize("fmt", ["table", "markdown"])
def test_the_table_has_names_and_constants(tmp_path: Path, fmt: str) -> None:
    shown = laws(tmp_path, fmt)
    for name in LAWS.names():
        assert name in shown
    assert "R_D_star" in shown
