"""Published runs that repeated their data: how far their loss rose, and how far it rises by a law's constants."""

import pytest

from tokaudit.catalog.reference.repeats import repeated_runs
from tokaudit.laws.published import LAWS
from tokaudit.laws.repeated_data import BORROWED
from tokaudit.planning.repeats import measured_like


@pytest.mark.parametrize(
    ("unique", "params", "measured", "by_law"),
    [  # means over the runs of huggingface/datablations, and the rises by the constants of arXiv:2305.16264
        (14e9, 2.81e9, 0.00781, 0.00967),
        (11e9, 2.81e9, 0.01120, 0.01410),
        (1.25e9, 2.81e9, 0.33242, 0.14745),
        (21e9, 4.2465e9, 0.00694, 0.00874),
        (6e9, 4.2465e9, 0.05920, 0.04503),
        (44e9, 8.67e9, 0.00618, 0.00688),
    ],
)
def test_the_loss_rises_as_in_the_published_runs(unique: float, params: float, measured: float, by_law: float) -> None:
    runs = [run for run in repeated_runs() if run.params == params and run.unique_tokens in {unique, run.tokens}]
    (row,) = measured_like(max(run.epochs for run in runs), runs, LAWS.get("muennighoff2023"), BORROWED)
    assert row.loss_rise == pytest.approx(measured, abs=6e-6)
    assert row.loss_rise_of_law == pytest.approx(by_law, abs=2e-5)
