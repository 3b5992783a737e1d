"""``tokaudit flops``."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from made.invoked import invoked

from tokaudit.core.errors import UsageError

pytestmark = pytest.mark.usefixtures("made_reference")

SHAPE = ("--layers", "10", "--width", "640", "--heads", "10", "--feedforward", "2560", "--tokens", "1B")
"""The first model of arXiv:2203.15556, table A4."""


def flops(folder: Path, *arguments: str) -> Result:
    return invoked("flops", *arguments, catalog=folder / "none.duckdb")


def counted(folder: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    done = flops(folder, *arguments, "--format", "json")
    assert done.exception is None
    return {row["quantity"]: row for row in json.loads(done.stdout)["rows"]}


def test_published_models_have_their_published_parameters(tmp_path: Path) -> None:
    found = counted(tmp_path, *SHAPE)
    assert found["params"]["value"] == 73_825_280
    assert found["flops_6nd"]["value"] == pytest.approx(6 * 73_825_280 * 1e9)
    assert round(found["flops_by_architecture"]["to_6nd"], 2) == 1.03
    assert round(found["flops_with_embeddings"]["to_6nd"], 2) == 1.58
    assert found["flops_with_attention"]["value"] == pytest.approx((6 * 73_825_280 + 12 * 10 * 640 * 2048) * 1e9)
    assert "mfu" not in found


def test_experts_count_by_the_parameters_a_token_passes(tmp_path: Path) -> None:
    mixtral = ("--layers", "32", "--width", "4096", "--heads", "32", "--kv-heads", "8", "--feedforward", "14336")
    experts = ("--experts", "8", "--experts-active", "2", "--blocks", "llama", "--tokens", "1T")
    found = counted(tmp_path, *mixtral, *experts)
    assert found["params"]["value"] == 46_702_792_704
    assert found["params_active"]["value"] == 12_879_925_248
    assert found["flops_6nd"]["value"] == 6e12 * 12_879_925_248
    assert found["flops_by_architecture"]["to_6nd"] == pytest.approx(1, abs=0.05)


def test_llama_has_its_own_inner_width(tmp_path: Path) -> None:
    shape = ("--layers", "32", "--width", "4096", "--heads", "32", "--tokens", "1T", "--blocks", "llama")
    found = counted(tmp_path, *shape)
    assert found == counted(tmp_path, *shape, "--feedforward", "11008")
    assert "params_active" not in found


@pytest.mark.parametrize("option", ["--layers", "--heads", "--vocabulary", "--sequence"])
@pytest.mark.parametrize("value", ["0", "-1", "1000000000", "1.5", "nan"])
def test_impossible_sizes_are_refused(tmp_path: Path, option: str, value: str) -> None:
    done = flops(tmp_path, *SHAPE, option, value)
    assert done.exit_code == 2
    assert option in done.output


def test_a_head_is_width_divided_by_heads_wide(tmp_path: Path) -> None:
    assert counted(tmp_path, *SHAPE, "--key-size", "64") == counted(tmp_path, *SHAPE)


def test_a_measured_speed_gives_the_mfu(tmp_path: Path) -> None:
    found = counted(tmp_path, *SHAPE, "--gpu", "h100 sxm", "--gpus", "2", "--tokens-per-second", "1M")
    each = 6 * 73_825_280 + 12 * 10 * 640 * 2048
    assert found["mfu"]["value"] == pytest.approx(each * 1e6 / (2 * 989e12))


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--heads", "7"), "is not a multiple of --heads 7"),
        (("--gpu", "h100 sxm"), "also needs --gpus and --tokens-per-second"),
        (("--gpu", "h100 sxm", "--gpus", "1", "--tokens-per-second", "1T"), "times the peak"),
        (("--gpu", "h100 sxm", "--gpus", "1e60", "--tokens-per-second", "1M"), "times the peak"),
        (("--tokens", "nan"), "--tokens"),
        (("--tokens", "1e60"), "FLOPs is not a training run; give one from 1e10 to 1e36 FLOPs"),
        (("--tokens", "1e-3"), "is not a training run"),
        (("--kv-heads", "3"), "does not divide --heads 10"),
        (("--experts-active", "2"), "2 is more than --experts 1"),
    ],
)
def test_wrong_options_are_refused(tmp_path: Path, arguments: tuple[str, ...], why: str) -> None:
    done = flops(tmp_path, *SHAPE, *arguments)
    assert isinstance(done.exception, UsageError)
    assert why in str(done.exception)
