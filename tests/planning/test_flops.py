"""FLOPs by architecture, with attention, and as a share of the hardware's peak."""

from dataclasses import replace
from typing import get_args

import pytest
from made.paper_tables import last_digit, table

from tokaudit.core.errors import UsageError
from tokaudit.planning.flops import Architecture, Family, model_flops_utilization

TABLE = table("hoffmann2022_table_a4.csv")
SHAPE = ("layers", "width", "feedforward", "heads", "key_size")


def shape(row: dict[str, str]) -> Architecture:
    layers, width, feedforward, heads, key_size = (int(row[name]) for name in SHAPE)
    return Architecture(layers, width, feedforward, heads, key_size, vocabulary=32_000)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["params"])
def test_parameters_are_counted_with_relative_positions(row: dict[str, str]) -> None:
    assert shape(row).params() == int(row["params"])


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["params"])
def test_without_embeddings_the_formula_gives_chinchilla_s_table(row: dict[str, str]) -> None:
    found = shape(row)
    run = 6 * found.params() * 1e9
    assert found.training_flops(1e9, 2048, embeddings=False) / run == pytest.approx(float(row["ratio"]), abs=0.0051)


@pytest.mark.parametrize(("row", "ratio"), list(zip(TABLE, (1.58, 1.315, 1.231, 1.144, 1.115, 1.028), strict=True)))
def test_with_embeddings_the_formula_does_not_give_the_table(row: dict[str, str], ratio: float) -> None:
    found = shape(row)
    run = 6 * found.params() * 1e9
    assert found.training_flops(1e9, 2048, embeddings=True) / run == pytest.approx(ratio, abs=0.0011)


def test_a_matrix_costs_two_forward_flops_per_parameter_and_token() -> None:
    bare = Architecture(layers=1, width=64, feedforward=256, heads=1, key_size=64, vocabulary=0)
    matrices = 4 * 64 * 64 + 2 * 64 * 256
    assert bare.forward_flops(1, embeddings=False) == 2 * matrices + 4 * 64 + 3


@pytest.mark.parametrize("row", table("architectures.csv"), ids=lambda row: row["model"])
def test_later_models_have_their_published_parameters(row: dict[str, str]) -> None:
    number = {name: int(row[name]) for name in (*SHAPE[:4], "kv_heads", "experts", "experts_active")}
    key_size = number["width"] // number["heads"]
    found = Architecture(**number, key_size=key_size, vocabulary=32_000, family="llama")
    for value, printed in ((found.params(), row["params"]), (found.active_params(), row["active_params"])):
        assert value == pytest.approx(float(printed), abs=(1.0 if printed == "65.2e9" else 0.51) * last_digit(printed))


@pytest.mark.parametrize("family", get_args(Family))
def test_a_token_costs_its_active_experts_and_the_router(family: Family) -> None:
    one = Architecture(2, 64, 256, 4, 16, 100, family)
    many = replace(one, experts=8, experts_active=3)
    expert = 2 * 64 * 256 + 256 + 64 if family == "chinchilla" else 3 * 64 * 256
    matrices = (2 if family == "chinchilla" else 3) * 64 * 256
    assert many.params() - one.params() == 2 * (7 * expert + 64 * 8)
    assert many.active_params() - one.params() == 2 * (2 * expert + 64 * 8)
    more = many.forward_flops(10, embeddings=False) - one.forward_flops(10, embeddings=False)
    assert more == 2 * 10 * 2 * (2 * matrices + 64 * 8)
    assert many.attention_flops(10) == one.attention_flops(10)


def test_grouped_queries_save_only_key_and_value_projections() -> None:
    all_heads = Architecture(1, 64, 256, 4, 16, 100, "llama")
    grouped = replace(all_heads, kv_heads=1)
    saved = 2 * 64 * 3 * 16
    assert all_heads.params() - grouped.params() == saved
    assert all_heads.forward_flops(1, embeddings=True) - grouped.forward_flops(1, embeddings=True) == 2 * saved


def test_palm_used_46_percent_of_its_hardware() -> None:
    (row,) = table("palm_mfu.csv")
    palm = Architecture(int(row["layers"]), int(row["width"]), 0, int(row["heads"]), int(row["key_size"]), 0)
    flops = 6 * float(row["params"]) + palm.attention_flops(int(row["sequence"]))
    peak = float(row["chips"]) * float(row["peak_flops"])
    mfu = model_flops_utilization(flops, float(row["tokens_per_second"]), peak)
    assert mfu == pytest.approx(float(row["mfu"]), abs=5e-4)


def test_numbers_not_given_are_in_the_usual_proportions() -> None:
    usual = Architecture.of(layers=2, width=640, heads=10, vocabulary=100, family="chinchilla")
    assert usual == Architecture(2, 640, 2560, 10, 64, 100)
    llama = Architecture.of(layers=32, width=4096, heads=32, vocabulary=32_000, family="llama")
    assert llama == Architecture(32, 4096, 11_008, 32, 128, 32_000, "llama")


@pytest.mark.parametrize(
    ("sizes", "why"),
    [
        ({"heads": 7}, "--width: 640 is not a multiple of --heads 7; pass --key-size"),
        ({"kv_heads": 3}, "--kv-heads: 3 does not divide --heads 10"),
        ({"experts_active": 2}, "--experts-active: 2 is more than --experts 1"),
    ],
)
def test_numbers_that_do_not_fit_together_are_refused(sizes: dict[str, int], why: str) -> None:
    shape = {"layers": 2, "width": 640, "heads": 10, "vocabulary": 100} | sizes
    with pytest.raises(UsageError, match=why):
        Architecture.of(**shape, family="llama")


@pytest.mark.parametrize("speed", [0.0, 1.0, 1e9])
def test_an_impossible_speed_is_refused(speed: float) -> None:
    with pytest.raises(UsageError, match="times the peak of the hardware"):
        model_flops_utilization(6e9, speed, 1e15)
