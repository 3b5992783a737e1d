"""What a plan needs from each domain."""

import pytest
from made.plans import optimal, plan, supply

from tokaudit.planning.domain_plans import domain_verdict
from tokaudit.supply.types import DomainSupply, Supply


def test_if_compute_no_longer_helps_a_domain_is_judged_by_its_need() -> None:
    made = plan(have=supply(web=1e6, code=1e13), shares={"web": 1.0, "code": 0.0}, flops=1e24)
    assert made.constrained is None
    assert [(entry.epochs, entry.verdict) for entry in made.domains] == [(None, "exhausted"), (None, "enough")]


def test_bytes_needed_stand_next_to_tokens_needed() -> None:
    have = Supply((DomainSupply("web", 1e12, bytes_unique=4e12),), "a test")
    (entry,) = plan(have=have, flops=1e22).domains
    assert entry.bytes_needed == pytest.approx(4 * entry.tokens_needed)


def test_needs_are_of_the_optimum_and_epochs_of_the_run_on_supply() -> None:
    made = plan(have=supply(web=1e11, code=1e11), flops=1e24)
    assert made.constrained is not None
    for entry in made.domains:
        assert entry.tokens_needed == pytest.approx(optimal(made).tokens / 2)
        assert entry.epochs == pytest.approx(made.constrained.tokens / 2 / 1e11)
        assert entry.tokens_effective is not None
        assert entry.tokens_effective < made.constrained.tokens / 2


def test_a_domain_outside_the_mixture_is_listed_as_unused() -> None:
    made = plan(have=supply(web=5e12, law=1e12), shares={"web": 1.0}, flops=1e24)
    law = next(entry for entry in made.domains if entry.domain == "law")
    assert (law.share, law.epochs, law.tokens_effective, law.verdict) == (0, 0, 0, "enough")


def test_the_most_repeated_domain_binds_and_a_larger_share_wins_ties() -> None:
    assert plan(have=supply(a=1e11, b=3e11, c=2e11), flops=1e25).binding_domain == "b"
    uneven = plan(have=supply(a=1e11, b=3e11), shares={"a": 0.5, "b": 0.5}, flops=1e25)
    assert uneven.binding_domain == "a"


def test_the_binding_domain_is_that_of_the_run_on_supply() -> None:
    assert plan(have=supply(web=5e12), params=7e9, tokens=1.5e13).binding_domain == "web"  # the optimum needs 0.4T
    assert plan(have=supply(web=1.5e12), params=1e12, tokens=1e12).binding_domain is None  # the optimum needs 4T


@pytest.mark.parametrize(
    ("epochs", "verdict"),
    [
        (0, "enough"),
        (1, "enough"),
        (1.01, "repeat"),
        (4, "repeat"),
        (4.1, "strained"),
        (16, "strained"),
        (17, "exhausted"),
    ],
)
def test_a_domain_is_judged_by_its_epochs(epochs: float, verdict: str) -> None:
    assert domain_verdict(epochs) == verdict
