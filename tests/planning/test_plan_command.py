"""The options of a plan as JSON, and as a command."""

import json
import shlex
from typing import Any

import pytest

from tokaudit.planning.options import PlanOptions
from tokaudit.planning.plan_command import options_document, options_of_document, plan_command

PYTHON: Any = {
    "budget": {"flops": 1e24},
    "supply": {"web": 2e12, "code": "100B"},
    "max_epochs": (4, {"code": 2}),
    "stages": ({"stage": "main", "share": 1, "mixture": {"web": 0.5, "code": 0.5}},),
}
"""Options as Python gives them, where numbers may be numbers and lists may be mappings."""
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


def test_options_given_in_python_become_a_command() -> None:
    options = PlanOptions(**PYTHON)
    command = (
        "plan --flops 1e+24 --supply web=2000000000000.0,code=100B --max-epochs 4,code=2 --stage 'main 100% web=0.5,"
    )

    assert plan_command(options).startswith(f"tokaudit {command}")
    assert plan_command(options_of_document(options_document(options))) == plan_command(options)


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


@pytest.mark.parametrize(
    "odd",
    [
        {"supply": {"a,b": "1T"}},
        {"mixture": {"a=b": "1"}},
        {"add": {" a": "1T"}},
        {"max_epochs": {"a,": "1"}},
        {"stages": [{"stage": "my stage", "share": "1", "mixture": "a=1"}]},
        {"stages": [{"stage": "one", "share": "1", "mixture": {"a,b": "1"}}]},
    ],
    ids=str,
)
def test_a_plan_whose_names_can_t_be_typed_is_made_anew_from_its_file(odd: Any) -> None:
    assert plan_command(PlanOptions({"flops": "1e24"}, **odd), "odd") == "tokaudit run --only odd"


def test_the_share_of_a_stage_is_typed_with_its_unit() -> None:
    stages = tuple({"stage": "s", "share": share, "mixture": {"web": "1"}} for share in (0.25, "0.25", "25%"))

    assert [plan_command(PlanOptions(stages=[stage]), "x").split("'")[1] for stage in stages] == ["s 25% web=1"] * 3
