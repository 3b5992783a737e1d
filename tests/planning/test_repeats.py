"""What repeats cost in published runs."""

import pytest
from made.reference import REPEATED_RUNS

from tokaudit.catalog.reference.repeats import RepeatedRun
from tokaudit.laws.pools import DomainPool
from tokaudit.laws.protocol import LossLaw
from tokaudit.laws.published import LAWS
from tokaudit.laws.repeated_data import BORROWED, RepeatedDataLaw
from tokaudit.planning.plan_value import RepeatsMeasured
from tokaudit.planning.repeats import measured_like

LAW = LAWS.get("muennighoff2023")


def like(epochs: float, law: str = "muennighoff2023") -> list[RepeatsMeasured]:
    return list(measured_like(epochs, REPEATED_RUNS, LAWS.get(law), BORROWED))


@pytest.mark.parametrize(
    ("epochs", "params", "nearest", "rise"),
    [(3.9, 1e9, 4, 0.01), (5.0, 2e9, 5, 0.01), (44.0, 1e9, 40, 0.3), (44.0, 2e9, 50, 0.15), (14.0, 4e9, 16, 0.04)],
)
def test_the_rise_of_loss_is_that_of_the_runs_nearest_in_epochs(
    epochs: float, params: float, nearest: float, rise: float
) -> None:
    (row,) = (row for row in like(epochs) if row.params == params)
    assert row.epochs == pytest.approx(nearest)
    assert row.loss_rise == pytest.approx(rise)
    assert isinstance(LAW, LossLaw)
    repeated = RepeatedDataLaw(LAW, [DomainPool(1.0, row.tokens / nearest)], BORROWED).loss(params, row.tokens)
    assert row.loss_rise_of_law == pytest.approx(repeated / LAW.loss(params, row.tokens) - 1)


def test_there_is_one_row_per_size_with_comparable_runs() -> None:
    assert len(like(4)) == 3
    assert [row.params for row in like(44)] == [1e9, 2e9]
    assert like(1) == []
    assert like(0) == []
    assert like(1000) == []


def test_hardly_repeated_data_is_compared_with_two_epochs_at_most() -> None:
    assert like(1.1) == []
    assert [round(row.epochs) for row in like(1.5)] == [2, 2, 2]


def test_a_law_without_a_loss_gives_no_rise() -> None:
    assert {row.loss_rise_of_law for row in like(4, "porian2024")} == {None}


def test_the_rise_of_a_law_uses_the_given_repetition_constants() -> None:
    assert isinstance(LAW, LossLaw)
    runs = [RepeatedRun(1e9, 2e10, 2e10, 1, 3.0), RepeatedRun(1e9, 2e10, 5e9, 1, 3.3)]
    (row,) = measured_like(4, runs, LAW, BORROWED)
    assert row.loss_rise == pytest.approx(0.1)
    assert row.loss_rise_of_law is not None
    assert 0 < row.loss_rise_of_law < 0.02
