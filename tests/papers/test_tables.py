"""Published numbers, reproduced to their printed precision."""

from typing import cast

import pytest
from made.paper_tables import last_digit, table

from tokaudit.laws.pools import DomainPool, tokens_effective
from tokaudit.laws.protocol import LossLaw, Run
from tokaudit.laws.published import LAWS
from tokaudit.laws.repeated_data import RepeatedDataLaw
from tokaudit.planning.case import PlanCase


def law(name: str) -> LossLaw:
    return cast("LossLaw", LAWS.get(name))


def muennighoff_on(unique: float) -> RepeatedDataLaw:
    found = law("muennighoff2023")
    assert found.repetition is not None
    return RepeatedDataLaw(found, [DomainPool(1.0, unique)], found.repetition)


@pytest.mark.parametrize("row", table("optima.csv"), ids=lambda row: f"{row['law']} {row['flops']}")
def test_a_law_s_optimum_is_the_published_one(row: dict[str, str]) -> None:
    best = law(row["law"]).optimum(float(row["flops"]))
    # One unit of the fourth digit of the printed number.
    assert best.params == pytest.approx(float(row["params"]), rel=4e-4)
    assert best.tokens == pytest.approx(float(row["tokens"]), rel=4e-4)
    assert law(row["law"]).loss(best.params, best.tokens) == pytest.approx(float(row["loss"]), abs=5.1e-5)


@pytest.mark.parametrize("row", table("loss_terms.csv"), ids=lambda row: row["run"])
def test_the_loss_terms_of_a_known_run_are_the_published_ones(row: dict[str, str]) -> None:
    terms = law("hoffmann2022-approach3-rounded").terms(float(row["params"]), float(row["tokens"]))
    for value, printed in ((terms.model_term, row["model_term"]), (terms.data_term, row["data_term"])):
        assert value == pytest.approx(float(printed), abs=0.51 * last_digit(printed))
    # Some of the printed totals are sums of rounded terms.
    assert terms.total == pytest.approx(float(row["loss"]), abs=last_digit(row["loss"]))


@pytest.mark.parametrize("row", table("tokens_side.csv"), ids=lambda row: row["run"])
@pytest.mark.parametrize("name", ["hoffmann2022-approach3", "besiroglu2024", "muennighoff2023"])
def test_a_known_run_has_its_published_tokens_side(row: dict[str, str], name: str) -> None:
    run = Run(float(row["params"]), float(row["tokens"]))
    case = PlanCase(law(name), run.flops, run, [])
    if row[name]:
        assert case.tokens_side() == pytest.approx(float(row[name]), abs=1e-3)
    if row["verdict"]:
        assert case.allocation() == row["verdict"]


@pytest.mark.parametrize("row", table("muennighoff2023_worth.csv"), ids=lambda row: row["epochs"])
def test_effective_tokens_are_the_published_ones(row: dict[str, str]) -> None:
    worth = tokens_effective(float(row["epochs"]) * 1e9, DomainPool(1.0, 1e9), 15.387756) / 1e9
    assert worth == pytest.approx(float(row["worth"]), abs=6e-5 if "." in row["worth"] else 1e-12)


@pytest.mark.parametrize("unique", [1e10, 1e12])
@pytest.mark.parametrize(
    "row", table("muennighoff2023_allocation.csv"), ids=lambda row: row["flops_over_unique_squared"]
)
def test_the_best_run_depends_on_flops_over_unique_tokens_squared(row: dict[str, str], unique: float) -> None:
    best = muennighoff_on(unique).optimum(float(row["flops_over_unique_squared"]) * unique**2)
    assert best.tokens / unique == pytest.approx(float(row["epochs"]), rel=6e-4)
    assert best.params / (0.050987 * unique) == pytest.approx(float(row["params_over_matched"]), rel=6e-4)


@pytest.mark.parametrize(
    ("flops", "unique", "params", "tokens", "loss"),
    [
        (1e24, 1e12, 8.559e10, 1.947e12, 2.0118),
        (1e24, 1e11, 6.126e10, 27.2e11, 2.0541),
        (5.76e23, 3e11, 5.727e10, 5.588 * 3e11, None),
        (1e22, 25e9, 7.026e9, 9.488 * 25e9, 2.22213),
    ],
)
def test_the_best_runs_on_few_tokens_follow_the_paper_s_constants(
    flops: float, unique: float, params: float, tokens: float, loss: float | None
) -> None:
    repeated_data = muennighoff_on(unique)
    best = repeated_data.optimum(flops)
    assert best.params == pytest.approx(params, rel=5e-4)
    assert best.tokens == pytest.approx(tokens, rel=5e-4)
    if loss is not None:
        assert repeated_data.best_loss(flops) == pytest.approx(loss, abs=6e-5)


def test_the_loss_of_the_authors_readme_is_exact() -> None:
    assert muennighoff_on(25e9).loss(6.34e9, 242e9) == pytest.approx(2.2256440889984477, abs=1e-14)


def test_the_authors_grid_search_is_within_1_percent_of_the_best_run() -> None:
    best = muennighoff_on(25e9).optimum(1e22)
    assert best.tokens == pytest.approx(237_336_955_477, rel=0.01)
    assert best.params == pytest.approx(7_022_364_736, rel=0.01)


@pytest.mark.parametrize(
    ("unique", "floor"), [(1e9, 2.7614), (1e10, 2.2653), (1e11, 2.0450), (1e12, 1.9472), (1e13, 1.9038)]
)
def test_no_compute_gets_below_the_loss_floor_of_a_supply(unique: float, floor: float) -> None:
    assert muennighoff_on(unique).best_loss(1e35) == pytest.approx(floor, abs=6e-5)


def test_palm_s_compute_is_best_spent_on_63b_parameters() -> None:
    best = law("hoffmann2022-approach3-rounded").optimum(6 * 540e9 * 780e9)
    assert best.params == pytest.approx(63e9, rel=0.01)
    assert best.tokens == pytest.approx(6.7e12, rel=0.01)
