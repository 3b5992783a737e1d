"""The parametric law by robust regression, with and without the constants of repetition."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.runs import BESIROGLU, joined, law_of, losses, parametric, repeated, runs_of, scattered

from tokaudit.core.errors import InputError
from tokaudit.laws.fit.methods import METHODS
from tokaudit.laws.fit.protocol import Fit, Runs
from tokaudit.laws.parametric import Parametric
from tokaudit.laws.pools import DomainPool
from tokaudit.laws.protocol import Repetition
from tokaudit.laws.repeated_data import RepeatedDataLaw

FEW = settings(max_examples=4)  # a fit from 4,500 starts takes a second


def fit(runs: Runs, base: Parametric | None = None, draws: int = 0) -> Fit:
    return METHODS.get("parametric")(runs, base=base, draws=draws)


@pytest.fixture(scope="module")
def noisy() -> Fit:
    """A fit to runs with noise."""
    return fit(scattered(count=20, noise=0.01))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["besiroglu2024", "hoffmann2022-approach3", "muennighoff2023"])
def test_runs_without_noise_give_the_constants_of_a_published_law(name: str) -> None:
    law = parametric(name)
    found = fit(scattered(law, count=20))
    wanted = {constant: law.constants[constant] for constant in found.constants}

    assert list(found.constants) == ["E", "A", "B", "alpha", "beta"]
    assert found.constants == pytest.approx(wanted, rel=1e-6)
    assert found.objective == pytest.approx(0, abs=1e-12)
    assert found.r_squared == pytest.approx(1)


@pytest.mark.slow
@FEW
@given(
    E=st.floats(0.5, 3),
    A=st.floats(50, 2000),
    B=st.floats(50, 5000),
    alpha=st.floats(0.25, 0.5),
    beta=st.floats(0.25, 0.5),
)
def test_runs_without_noise_give_any_law_back(E: float, A: float, B: float, alpha: float, beta: float) -> None:  # noqa: N803 - names in the equation
    law = replace(BESIROGLU, E=E, A=A, B=B, alpha=alpha, beta=beta)

    assert fit(scattered(law, count=20)).constants == pytest.approx(dict(law.constants), rel=1e-4)


@pytest.mark.slow
def test_outliers_hardly_change_the_fit() -> None:
    runs = scattered()
    wild = runs.loss.copy()
    wild[:6] *= 1.5
    found = fit(replace(runs, loss=wild))

    assert found.constants == pytest.approx(dict(BESIROGLU.constants), rel=0.03)  # their mean is 4 % off


@pytest.mark.slow
def test_the_objective_is_the_summed_huber_loss_of_log_losses(noisy: Fit) -> None:
    runs, law = noisy.runs, law_of(noisy.constants)
    off = np.abs(np.log(losses(law, runs.params, runs.tokens)) - np.log(runs.loss))
    assert off.max() > 1e-3 > off.min()

    assert noisy.objective == pytest.approx(np.where(off <= 1e-3, off**2 / 2, 1e-3 * (off - 5e-4)).sum(), rel=1e-9)


def test_no_other_constants_have_a_lower_objective(noisy: Fit) -> None:
    runs = noisy.runs
    for name, value in noisy.constants.items():
        for factor in (0.999, 1.001):
            law = law_of({**noisy.constants, name: value * factor})
            off = np.abs(np.log(losses(law, runs.params, runs.tokens)) - np.log(runs.loss))
            assert np.where(off <= 1e-3, off**2 / 2, 1e-3 * (off - 5e-4)).sum() > (noisy.objective or 0)


@pytest.mark.slow
def test_the_order_of_the_runs_changes_nothing() -> None:
    runs = scattered(count=20, noise=0.01)
    shuffled = runs.taken(np.random.default_rng(1).permutation(20))
    one, other = fit(runs, draws=20), fit(shuffled, draws=20)

    assert one.constants == other.constants
    assert one.interval == other.interval
    assert one.residuals == other.residuals


@pytest.mark.slow
@FEW
@given(params=st.floats(0.01, 100), tokens=st.floats(0.01, 100))
def test_other_units_rescale_the_coefficients(noisy: Fit, params: float, tokens: float) -> None:
    runs, base = noisy.runs, noisy.constants
    found = fit(runs_of(runs.params * params, runs.tokens * tokens, runs.loss)).constants
    wanted = {**base, "A": base["A"] * params ** base["alpha"], "B": base["B"] * tokens ** base["beta"]}

    assert found == pytest.approx(wanted, rel=1e-4)


@pytest.fixture(scope="module")
def narrow() -> Fit:
    """A fit to runs with hardly any noise."""
    return fit(scattered(noise=0.001), draws=100)


@pytest.mark.slow
def test_the_interval_contains_the_truth_and_shrinks_with_the_noise(narrow: Fit) -> None:
    wide = fit(scattered(noise=0.01), draws=100)
    for name, value in BESIROGLU.constants.items():
        low, high = wide.interval[name]
        assert low < value < high
        assert narrow.interval[name][1] - narrow.interval[name][0] < (high - low) / 3
    assert len(wide.draws["E"]) == 100


@pytest.mark.slow
def test_a_draw_is_the_fit_of_its_resampled_runs() -> None:
    runs = scattered(count=20, noise=0.01).ordered()
    found = fit(runs, draws=3)
    times = np.random.default_rng(0).multinomial(20, np.full(20, 1 / 20), size=3)
    for place in range(3):
        drawn = fit(runs.taken(np.repeat(np.arange(20), times[place])))
        mine = {name: values[place] for name, values in found.draws.items()}
        assert mine == pytest.approx(dict(drawn.constants), rel=1e-4)


@pytest.mark.slow
def test_exponents_are_computed_draw_by_draw() -> None:
    found = fit(scattered(count=30, noise=0.01), draws=100)
    a = found.draws["beta"] / (found.draws["alpha"] + found.draws["beta"])

    assert found.interval["a"] == (
        np.quantile(a, 0.025, method="nearest"),
        np.quantile(a, 0.975, method="nearest"),
    )
    assert found.exponents["a"] + found.exponents["b"] == pytest.approx(1)


GOOD = scattered(count=20)
REFUSED = {
    "too few runs: 7 different ones": scattered(count=7),
    r"can't identify A and alpha: there are 1 different parameters": runs_of(
        np.full(20, 1e9), GOOD.tokens, losses(BESIROGLU, np.full(20, 1e9), GOOD.tokens)
    ),
    r"can't identify A and alpha: parameters do not vary enough": runs_of(
        np.linspace(1e9, 1.5e9, 20), GOOD.tokens, losses(BESIROGLU, np.linspace(1e9, 1.5e9, 20), GOOD.tokens)
    ),
    r"can't identify B and beta: tokens do not vary enough": runs_of(
        GOOD.params, np.linspace(1e10, 1.9e10, 20), losses(BESIROGLU, GOOD.params, np.linspace(1e10, 1.9e10, 20))
    ),
    r"can't tell alpha from beta: .*20 to 20 tokens per parameter": runs_of(
        GOOD.params, 20 * GOOD.params, losses(BESIROGLU, GOOD.params, 20 * GOOD.params)
    ),
    r"can't identify A and alpha: their loss does not fall with parameters": runs_of(
        GOOD.params, GOOD.tokens, 1.8 + 2000 * GOOD.tokens**-0.36 + 1e-4 * GOOD.params**0.3
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("message", REFUSED)
def test_runs_that_identify_no_law_are_refused_with_the_reason(message: str) -> None:
    with pytest.raises(InputError, match=message):
        fit(REFUSED[message])


def test_few_runs_give_constants_but_open_intervals() -> None:
    found = fit(scattered(count=11), draws=100)

    assert found.constants == pytest.approx(dict(BESIROGLU.constants), rel=1e-4)
    assert dict(found.interval) == dict.fromkeys([*found.constants, "a", "b"], (0.0, np.inf))
    assert dict(found.draws) == {}
    assert found.warnings == (
        "there are too few runs for intervals: a resample would contain too few different runs to fit",
    )


@pytest.mark.slow
def test_weakly_identified_constants_are_named(narrow: Fit) -> None:
    found = fit(scattered(count=14, noise=0.2), draws=100)

    assert any("is weakly identified" in warning for warning in found.warnings)
    assert not narrow.warnings


STARS = Repetition(15.0, 5.0)


def test_repeated_runs_give_the_constants_of_repetition() -> None:
    found = fit(repeated(BESIROGLU, STARS), BESIROGLU)
    wanted = {**BESIROGLU.constants, "R_D_star": 15.0, "R_N_star": 5.0}

    assert found.constants == pytest.approx(wanted, rel=1e-4)
    assert found.objective == pytest.approx(0, abs=1e-12)


@pytest.mark.slow
def test_repeated_runs_next_to_unrepeated_ones_give_all_constants() -> None:
    repeats = repeated(BESIROGLU, STARS)
    runs = joined(scattered(count=20), repeats.taken(np.flatnonzero(repeats.tokens > repeats.unique)))
    found = fit(runs, draws=20)
    wanted = {**BESIROGLU.constants, "R_D_star": 15.0, "R_N_star": 5.0}

    assert found.constants == pytest.approx(wanted, rel=1e-3)
    assert set(found.draws) == set(wanted)
    assert len(found.residuals) == len(runs)


@pytest.mark.slow
def test_runs_of_the_law_for_repeated_data_give_all_seven_constants() -> None:
    # Runs of one epoch too: with more parameters than their tokens call for, their loss is above the plain law's.
    once = scattered(count=20)
    repeats = [
        RepeatedDataLaw(BESIROGLU, [DomainPool(1.0, d)], STARS).loss(n, d)
        for n, d in zip(once.params, once.tokens, strict=True)
    ]
    runs = joined(runs_of(once.params, once.tokens, repeats, unique=once.tokens), repeated(BESIROGLU, STARS))
    found = fit(runs, draws=20)

    assert found.constants == pytest.approx({**BESIROGLU.constants, "R_D_star": 15.0, "R_N_star": 5.0}, rel=1e-6)
    assert found.objective == pytest.approx(0, abs=1e-20)
    assert not found.warnings


@pytest.mark.slow
def test_too_few_repeated_runs_are_refused() -> None:
    repeats = repeated(BESIROGLU, STARS)
    four = repeats.taken(np.flatnonzero(repeats.tokens > repeats.unique)[:4])
    with pytest.raises(InputError, match=r"can't identify R_D\*: 4 of them repeat tokens.*--drop 'epochs>1'"):
        fit(joined(scattered(count=20), four))
    with pytest.raises(InputError, match=r"4 of them repeat tokens.*; leave out --base$"):
        fit(joined(scattered(count=20), four), base=BESIROGLU)


def test_an_open_constant_has_an_infinite_bound() -> None:
    stars = Repetition(float("inf"), 5.0)
    found = fit(repeated(BESIROGLU, stars, noise=1e-4), BESIROGLU, draws=50)

    assert found.interval["R_D_star"][1] == float("inf")
    assert any("R_D_star is weakly identified" in warning and "infinity" in warning for warning in found.warnings)


def test_few_repeated_runs_with_a_base_leave_repetition_open() -> None:
    repeats = repeated(BESIROGLU, STARS)
    found = fit(repeats.taken(np.flatnonzero(repeats.tokens > repeats.unique)[:8]), BESIROGLU, draws=20)

    assert dict(found.interval) == dict.fromkeys(["R_D_star", "R_N_star"], (0.0, np.inf))


def test_a_fit_has_residuals_and_a_frontier_to_plot(noisy: Fit) -> None:
    runs = noisy.runs
    assert sorted(row["line"] for row in noisy.residuals) == sorted(runs.line.tolist())
    for row in noisy.residuals:
        assert row["log_residual"] == pytest.approx(np.log(row["predicted"] / row["loss"]))
    law = law_of(noisy.constants)
    assert noisy.frontier[0]["flops"] == pytest.approx(runs.flops.min())
    assert noisy.frontier[-1]["flops"] == pytest.approx(runs.flops.max())
    for row in noisy.frontier:
        best = law.optimum(row["flops"])
        assert (row["params"], row["tokens"]) == pytest.approx((best.params, best.tokens))
        assert row["loss"] == pytest.approx(law.loss(best.params, best.tokens))
