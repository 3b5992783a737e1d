"""The options of a plan as JSON, and as a command."""

import json
import shlex

import pytest

from tokaudit.planning.options import PlanOptions
from tokaudit.planning.plan_command import options_document, options_of_document, plan_command

ALL = PlanOptions(
    budget={"gpus": "8", "days": "60d"},
    gpu="H100 SXM",
    law="porian2024",
    supply="web=1T,code=1T",
    count_synthetic=True,
    where="language = 'en'",
    stages=("main 90% web=1", "end 10% code=1"),
    max_epochs="4",
)


@pytest.mark.parametrize("options", [PlanOptions({"flops": "1e24"}), ALL])
def test_options_come_back_from_their_document(options: PlanOptions) -> None:
    back = options_of_document(options_document(options))

    assert (plan_command(back), list(back.stages)) == (plan_command(options), list(options.stages))
    assert options_of_document(options_document(options)[:-1] + ', "unheard": 1}') == back


def test_the_document_has_what_was_given_alone() -> None:
    assert json.loads(options_document(PlanOptions({"flops": "1e24"}, supply="web=1T"))) == {
        "budget": {"flops": "1e24"},
        "supply": "web=1T",
    }


def test_the_command_has_all_options_and_can_be_typed() -> None:
    assert shlex.split(plan_command(ALL)) == [
        *("tokaudit", "plan", "--gpus", "8", "--days", "60d", "--gpu", "H100 SXM", "--law", "porian2024"),
        *("--supply", "web=1T,code=1T", "--where", "language = 'en'", "--count-synthetic", "--max-epochs", "4"),
        *("--stage", "main 90% web=1", "--stage", "end 10% code=1"),
    ]
