"""The value of more data where many domains lack it."""

import pytest
from made.plans import make_plan, supply

from tokaudit.laws.published import LAWS
from tokaudit.planning.plan import Budget, Plan

LAW = LAWS.get("besiroglu2024")
RUN = Budget(6 * 7e9 * 2e12, 7e9, 2e12)


def planned(domains: int, **more: object) -> Plan:
    """A run as given on so many domains, each smaller than the one before, in equal shares."""
    have = supply(**{f"d{number}": 1e9 * 0.95**number for number in range(domains)})
    return make_plan(
        "besiroglu2024", LAW, RUN, have, dict.fromkeys((f"d{n}" for n in range(domains)), 1 / domains), **more
    )


def test_the_domains_that_are_repeated_most_are_valued() -> None:
    made = planned(70)
    assert [each.domain for each in made.worth or ()] == [f"d{number}" for number in range(6, 70)]
    assert any("70 domains lack tokens; the value of more is given for the 64" in each for each in made.warnings)


def test_sixty_four_domains_are_all_valued_without_a_warning() -> None:
    made = planned(64)
    assert len(made.worth or ()) == 64
    assert not any("domains lack tokens" in each for each in made.warnings)


def test_domains_that_are_asked_for_are_all_valued() -> None:
    made = planned(70, added={f"d{number}": 1e9 for number in range(66)})
    assert len(made.worth or ()) == 66
    assert not any("domains lack tokens" in each for each in made.warnings)


def test_a_domain_has_the_same_value_among_few_and_many_rows() -> None:
    every = {each.domain: each for each in planned(70).worth or ()}
    (alone,) = planned(70, added={"d69": every["d69"].added_tokens}).worth or ()
    assert alone.share_gain == pytest.approx(every["d69"].share_gain)
    assert alone.share_gain
