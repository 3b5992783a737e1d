"""A plan as one JSON document."""

import io
import json
import math
from dataclasses import replace
from typing import Any

from made.tables import ROWS, written

from tokaudit.planning.plan import Plan
from tokaudit.reports.formats.json import REPORT

FIELDS = [
    *("law", "budget", "optimal", "constrained", "loss", "tokens_side", "constraint", "cause"),
    *("compute_equivalent_share", "share_allocation", "share_data", "share_data_low", "share_data_high"),
    *("implied_inference_tokens", "flips_at", "agreement", "domains", "binding_domain", "ceiling"),
    *("mixture_suggested", "inference", "interval", "sensitivity", "cost", "worth", "warnings"),
]


def document(plan: Plan) -> dict[str, Any]:
    stream = io.StringIO()
    REPORT.plan(plan, stream, details=True)

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    found: dict[str, Any] = json.loads(stream.getvalue(), parse_constant=refuse)
    return found


def test_every_field_that_programs_rely_on_is_there(worn_out: Plan) -> None:
    found = document(worn_out)
    assert [name for name in FIELDS if name not in found] == []
    assert set(found["budget"]) == {"flops", "params", "tokens", "params_total"}
    assert set(found["constrained"]) >= {"params", "tokens", "epochs", "loss"}
    assert set(found["ceiling"]) == {
        *("flops_one_epoch", "flops_four_epochs", "params_one_epoch", "params_four_epochs"),
        *("flops_still_helping_low", "flops_still_helping_high"),
    }
    assert set(found["domains"][0]) == {
        *("domain", "share", "tokens_needed", "tokens_unique", "tokens_unique_low", "tokens_unique_high"),
        *("bytes_unique", "bytes_needed", "tokens_factor", "loose", "max_epochs"),
        *("epochs", "tokens_effective", "verdict"),
    }


def test_numbers_are_written_in_full(worn_out: Plan) -> None:
    assert worn_out.optimal is not None
    assert document(worn_out)["optimal"]["params"] == worn_out.optimal.params


def test_a_value_that_is_not_a_number_is_null(worn_out: Plan) -> None:
    assert document(replace(worn_out, tokens_side=float("nan")))["tokens_side"] is None


def test_the_suggested_mixture_is_keyed_by_domain(worn_out: Plan) -> None:
    assert set(document(worn_out)["mixture_suggested"]) == {"books|rare", "web"}


def test_json_has_the_rows_and_further_fields_without_nan() -> None:
    document = json.loads(written("json", extra={"total": {"x": math.inf}, "complete": True}))

    assert document["rows"] == [
        {**ROWS[0]},
        {**ROWS[1], "share": None},
    ]
    assert (document["total"], document["complete"]) == ({"x": None}, True)
