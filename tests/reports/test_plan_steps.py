"""What follows from a plan: what to train, what to do, and what would turn the verdict."""

from dataclasses import replace

import pytest
from made.plans import make_plan, of_domains

from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for
from tokaudit.planning.plan import Budget, Plan
from tokaudit.planning.plan_certainty import OptimumInterval
from tokaudit.planning.plan_value import Advice, GpuTime
from tokaudit.reports.plan_steps import steps
from tokaudit.supply.types import DomainSupply, Supply


def lines(plan: Plan) -> list[str]:
    return list(steps(plan))


def test_what_to_train_comes_first_with_its_epochs() -> None:
    train, *_ = lines(of_domains({"web": 1e12, "code": 2e12}, {"web": 0.9, "code": 0.1}, flops=1e24))
    assert train == "Train 91.9B parameters on 1.81T tokens (19.7 tokens per parameter). Epochs: web 1.63."


def test_domains_that_are_repeated_alike_are_said_at_once() -> None:
    train, *_ = lines(of_domains({"web": 1e12, "code": 1e11}, flops=1e24))
    assert train.endswith("Epochs: 1.68 in every domain.")


def test_the_days_are_given_if_the_hardware_is_known() -> None:
    plan = replace(of_domains({"web": 1e13}, flops=1e24), hardware=GpuTime("H100 SXM", 0.4, 7e5, 1024.0, 28.55))
    assert lines(plan)[0] == (
        "Train 95.9B parameters on 1.74T tokens (18.1 tokens per parameter): 28.6 days on 1,024 H100 SXM."
    )
    assert " days " not in lines(replace(plan, hardware=GpuTime("H100 SXM", 0.4, 7e5, None, None)))[0]


def test_a_wide_interval_is_a_range_and_not_a_point() -> None:
    plan = replace(of_domains({"web": 1e13}, flops=1e24), interval=OptimumInterval(1e9, 2e10, 1e11, 2e12, 0.95))
    assert lines(plan)[0] == ("Train 1.00B to 20.0B parameters on 100B to 2.00T tokens (the law is no more certain).")
    narrow = replace(plan, interval=OptimumInterval(1e9, 9e9, 1e11, 2e12, 0.95))
    assert " to " not in lines(narrow)[0]


def test_far_beyond_the_data_there_are_ranges_and_no_turning_point() -> None:
    train, _, turn = lines(of_domains({"web": 4e8}, flops=7.9e19))
    assert train.startswith("Train 25.5M to 787M parameters on 16.7B to 517B tokens (sources disagree).")
    assert turn.endswith("Beyond 16 epochs, sources disagree, so no number says where this turns.")
    assert (
        "more than 16 times, where sources disagree"
        in lines(of_domains({"web": 1e13, "books": 1e9}, {"web": 0.8, "books": 0.2}, flops=1e23))[2]
    )


def test_no_size_is_advised_if_more_compute_no_longer_helps() -> None:
    assert lines(of_domains({"web": 4e8}, flops=1e22))[0].startswith("No size is advised: ")


def test_the_run_as_given_is_named_next_to_what_is_advised() -> None:
    run, do, turn = lines(of_domains({"web": 1e14}, params=280e9, tokens=300e9))
    assert run == "The run: 280B parameters on 300B tokens (1.07 tokens per parameter), 5.04e23 FLOPs."
    assert do == (
        "To do: 1. train 67.5B parameters on 1.25T tokens for the same compute (as good as 2.01 times the compute); "
        "2. double the compute to 1.01e24 FLOPs (4.02 times)."
    )
    assert turn == "Only another split between parameters and tokens turns this verdict."


def test_the_best_size_is_named_if_no_advice_names_it() -> None:
    law = LAWS.get("hoffmann2022-approach1")
    have = Supply((DomainSupply("web", 1e14),), "a test")
    run, do, _ = lines(make_plan("hoffmann2022-approach1", law, budget_for(law, params=280e9, tokens=300e9), have))
    assert "Best for these FLOPs: 63.5B parameters on 1.32T tokens" in run
    assert do.startswith("To do: train 63.5B parameters on 1.32T tokens")


@pytest.mark.parametrize(
    ("plan", "do"),
    [
        (
            of_domains({}, flops=1e24),
            "To do: give a supply, such as the published corpora; then there is a verdict.",
        ),
        (
            of_domains({"code": 9e11}, flops=1e25),
            (
                "To do: 1. get 4.44T more unique tokens of code (as good as 1.62 times the compute); "
                "2. double the compute to 2e25 FLOPs (1.55 times)."
            ),
        ),
        (
            replace(of_domains({"code": 9e11}, flops=1e25), advice=()),
            "To do: nothing known helps this run by 1 % of the compute.",
        ),
    ],
)
def test_what_to_do_is_ranked(plan: Plan, do: str) -> None:
    assert lines(plan)[1] == do


def test_small_gains_are_left_out_unless_there_are_no_others() -> None:
    plan = replace(of_domains({"code": 9e11}, flops=1e25), compute_equivalent_share=0.5)
    much, little = Advice("much", "", 0.9, free=True), Advice("little", "", 0.51, free=True)
    assert lines(replace(plan, advice=(little, much)))[1] == "To do: much (as good as 1.8 times the compute)."
    assert lines(replace(plan, advice=(little,)))[1] == "To do: little (as good as 1.02 times the compute)."
    assert lines(replace(plan, advice=(much,) * 5))[1].count("much") == 3


@pytest.mark.parametrize(("unique", "do"), [(1e14, "get more compute"), (1e12, "get 4.93T more unique tokens of web")])
def test_without_a_loss_the_advice_follows_from_the_verdict(unique: float, do: str) -> None:
    law = LAWS.get("hoffmann2022-approach1")
    plan = make_plan("x", law, budget_for(law, flops=1e25), Supply((DomainSupply("web", unique),), "a test"))
    assert lines(plan)[1].startswith(f"To do: {do}")


def test_the_supply_is_compared_with_the_need_in_one_direction() -> None:
    assert lines(of_domains({"web": 1e13}, flops=1e24))[2] == (
        "You have 20.4 times the data that this run needs, repeats included. "
        "Data becomes the constraint above 4.86e26 FLOPs."
    )
    assert lines(of_domains({"web": 1e12}, flops=1e25))[2] == (
        "You have 66 % of the data that this run needs, repeats included. Data is enough up to 4.32e24 FLOPs."
    )


def test_a_mixture_of_experts_gets_its_flops_tokens_and_epochs() -> None:
    law = LAWS.get("besiroglu2024")
    budget = Budget(6 * 37e9 * 14.8e12, 37e9, 14.8e12, 671e9)
    run, do = lines(make_plan("besiroglu2024", law, budget, Supply((DomainSupply("web", 5e12),), "a test")))
    assert run == (
        "The run: 37.0B parameters on 14.8T tokens (400 tokens per parameter), 3.29e24 FLOPs. Epochs: web 2.96."
    )
    assert "`tokaudit guide fitting`" in do
