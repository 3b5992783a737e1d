"""The suggested mixture within the allowed epochs."""

import pytest
from made.plans import make_plan, plan, supply

from tokaudit.laws.published import LAWS
from tokaudit.planning.plan import Budget


def test_too_few_tokens_within_the_limits_are_reported() -> None:
    made = plan(have=supply(web=1e10, code=3e10), shares={"web": 0.5, "code": 0.5}, params=70e9, tokens=1.4e12)
    assert made.cause == "supply"
    assert made.mixture_suggested == pytest.approx({"web": 0.25, "code": 0.75})
    assert any("160B tokens, the most there are" in warning for warning in made.warnings)


def test_epoch_limits_shape_the_suggested_mixture() -> None:
    law = LAWS.get("besiroglu2024")
    made = make_plan(
        "besiroglu2024",
        law,
        Budget(6 * 70e9 * 1.4e12, 70e9, 1.4e12),
        supply(web=2e12, books=1e10),
        {"web": 0.5, "books": 0.5},
        max_epochs=2,
        max_epochs_of={"books": 1},
    )
    assert made.mixture_suggested is not None
    assert made.mixture_suggested["books"] == pytest.approx(1e10 / 1.4e12)
