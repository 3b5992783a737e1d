"""Laws that are a power of the budget and give optimal runs only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokaudit.laws.find import asked_laws
from tokaudit.laws.frontier import Frontier
from tokaudit.laws.protocol import LawMetadata, LossLaw
from tokaudit.laws.published import LAWS

ABOUT = LawMetadata(source="here", params_counted="total", corpus="c", tokenizer="t")


def test_parameters_are_a_power_of_the_budget() -> None:
    law = Frontier(gives="params", k=1e6, exponent=0.75, unit=1e16, metadata=ABOUT)
    best = law.optimum(16e16)
    assert best.params == pytest.approx(8e6)
    assert best.tokens == pytest.approx(16e16 / (6 * 8e6))
    assert law.constants == {"k_N": 1e6, "a": 0.75, "C_unit": 1e16}


def test_tokens_may_be_the_power_and_parameters_the_rest() -> None:
    law = Frontier(gives="tokens", k=1e6, exponent=0.75, unit=1e16, metadata=ABOUT)
    best = law.optimum(16e16)
    assert best.tokens == pytest.approx(8e6)
    assert best.params == pytest.approx(16e16 / (6 * 8e6))
    assert law.constants == {"k_D": 1e6, "b": 0.75, "C_unit": 1e16}


@given(exponent=st.floats(0.1, 0.9), flops=st.floats(10, 30).map(lambda log: 10.0**log))
def test_a_frontier_in_parameters_or_in_tokens_is_the_same_law(exponent: float, flops: float) -> None:
    one = Frontier(gives="params", k=0.1, exponent=exponent, metadata=ABOUT)
    other = Frontier(gives="tokens", k=1 / 0.6, exponent=1 - exponent, metadata=ABOUT)
    assert other.optimum(flops).params == pytest.approx(one.optimum(flops).params, rel=1e-9)


def test_a_frontier_has_no_loss_and_is_not_taken_for_a_loss_law() -> None:
    frontiers = [name for name in LAWS.names() if not isinstance(LAWS.get(name), LossLaw)]
    assert {"kaplan2020", "hoffmann2022-approach1", "porian2024", "grattafiori2024", "deepseek2024"} <= set(frontiers)
    assert "sardana2024" not in frontiers


def test_each_data_set_has_one_vote_and_older_laws_are_shown() -> None:
    standing = {name: LAWS.get(name).metadata.standing for name in LAWS.names()}
    assert {name for name in standing if standing[name] == "votes"} == {
        *("besiroglu2024", "deepseek2024", "grattafiori2024", "muennighoff2023", "porian2024")
    }
    assert {name for name in standing if standing[name] == "shown"} == {
        *("kaplan2020", "sardana2024", "hoffmann2022-approach1", "hoffmann2022-approach2"),
        *("hoffmann2022-approach3", "hoffmann2022-approach3-rounded"),
    }
    assert {name for name in standing if standing[name] == "quoted"} == set(LAWS.names()) - set(asked_laws())
    assert {"kaplan2020-small-batch", "komatsuzaki2019", "gadre2024"} <= set(LAWS.names()) - set(asked_laws())
