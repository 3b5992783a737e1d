"""The options of a plan as JSON, and as a command."""

import json
import shlex
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from tokaudit.core.given_numbers import given_count
from tokaudit.planning.mixture import parse_max_epochs
from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.planning.plan_command import option_text, options_document, options_of_document, plan_command
from tokaudit.planning.planner import plan

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


TABLES: dict[str, Any] = {
    "pandas": pd.DataFrame({"domain": ["a", "b"], "tokens_unique": [10**12, 2 * 10**12]}),
    "polars": pl.DataFrame({"domain": ["a", "b"], "tokens_unique": [1e12, 2e12]}),
    "Arrow": pa.table({"domain": ["a", "b"], "tokens_unique": [1e12, 2e12]}),
    "rows": [{"domain": "a", "tokens_unique": "1T"}, {"domain": "b", "tokens_unique": np.float32(2e12)}],
}


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_comes_back_as_rows_and_can_be_typed(kind: str) -> None:
    options = PlanOptions({"flops": 10**24}, supply=TABLES[kind])
    back = options_of_document(options_document(options))
    again, before = (plan(plan_request(each, Path("none"))) for each in (back, options))
    typed = shlex.split(plan_command(back))[-1]

    assert again == before
    assert typed.startswith("a=1")
    assert typed.count("=") == 2


def test_a_table_that_cannot_be_typed_is_a_file_in_the_command() -> None:
    rows = [{"domain": "a", "tokens_unique": 2e12, "tokens_unique_low": 1e12}]

    for supply in (rows, [{"domain": "a,b", "tokens_unique": 2e12}], {"a=b": 2e12}):
        assert plan_command(PlanOptions({"flops": 1e24}, supply=supply)).endswith("--supply FILE.csv")
        assert option_text(supply).endswith("=2000000000000.0")


def test_the_tokenizer_that_a_frame_names_is_kept() -> None:
    frame = pd.DataFrame({"domain": ["a"], "tokens_unique": [1e12]})
    frame.attrs["tokenizer"] = "cl100k_base"

    assert json.loads(options_document(PlanOptions({"flops": 1e24}, supply=frame)))["tokenizer"] == "cl100k_base"


@pytest.mark.parametrize(
    "number", [10**24, np.int64(10**18), np.float32(1e24), Fraction(10**24), 10.0**24, "1e24", np.uint64(2**63)]
)
def test_any_number_of_python_is_kept(number: Any) -> None:
    back = options_of_document(options_document(PlanOptions({"flops": number}, max_epochs=(4, {np.str_("b"): number}))))

    assert given_count(back.budget["flops"]) == given_count(number)
    assert parse_max_epochs(back.max_epochs) == (4, {"b": given_count(number)})  # type: ignore[arg-type] # it is there


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
