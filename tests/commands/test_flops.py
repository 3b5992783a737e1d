"""``tokaudit flops``."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tokaudit.cli import program
from tokaudit.errors import UsageError
from tokaudit.settings import Session

SHAPE = ("--layers", "10", "--width", "640", "--heads", "10", "--feedforward", "2560", "--tokens", "1B")
"""The first model of arXiv:2203.15556, table A4."""


def flops(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(program, ["flops", *arguments], obj=Session(catalog=folder / "none.duckdb"))


def counted(folder: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    done = flops(folder, *arguments, "--format", "json")
    assert done.exception is None
    return {row["quantity"]: row for row in json.loads(done.stdout)["rows"]}


def test_a_published_model_has_its_published_params_and_ratio(tmp_path: Path) -> None:
    found = counted(tmp_path, *SHAPE)
    assert found["params"]["value"] == 73_825_280
    assert found["flops_6nd"]["value"] == pytest.approx(6 * 73_825_280 * 1e9)
    assert round(found["flops_by_architecture"]["to_6nd"], 2) == 1.03
    assert round(found["flops_with_embeddings"]["to_6nd"], 2) == 1.58
    assert found["flops_with_attention"]["value"] == pytest.approx((6 * 73_825_280 + 12 * 10 * 640 * 2048) * 1e9)
    assert "mfu" not in found


def test_a_head_is_as_wide_as_its_part_of_the_width(tmp_path: Path) -> None:
    assert counted(tmp_path, *SHAPE, "--key-size", "64") == counted(tmp_path, *SHAPE)


def test_a_measured_speed_gives_the_share_of_the_peak(tmp_path: Path) -> None:
    found = counted(tmp_path, *SHAPE, "--gpu", "h100 sxm", "--gpus", "2", "--tokens-per-second", "1M")
    each = 6 * 73_825_280 + 12 * 10 * 640 * 2048
    assert found["mfu"]["value"] == pytest.approx(each * 1e6 / (2 * 989e12))


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--heads", "7"), "no multiple of --heads 7"),
        (("--gpu", "h100 sxm"), "needs --gpus and --tokens-per-second too"),
        (("--gpu", "h100 sxm", "--gpus", "1", "--tokens-per-second", "1T"), "times the peak"),
        (("--tokens", "nan"), "--tokens"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, arguments: tuple[str, ...], why: str) -> None:
    done = flops(tmp_path, *SHAPE, *arguments)
    assert isinstance(done.exception, UsageError)
    assert why in str(done.exception)
