"""Plans as JSON documents, and back."""

import orjson
import pytest
from made.samples import Counted, Run

from tokaudit.planning.options import PlanOptions, plan_request
from tokaudit.planning.plan_document import plan_document, plan_of_document
from tokaudit.planning.planner import plan

OPTIONS = {
    "a budget without a supply": PlanOptions({"flops": "1e24"}, supply="published"),
    "measured": PlanOptions({"flops": "1e20"}, supply="measured"),
    "a run as given, with prices and stages": PlanOptions(
        {"params": "7B"},
        supply="web=1T,code=100B",
        stages=("main 900B web=0.8,code=0.2", "end 100B code=1"),
        inference_tokens="1T",
        price_gpu_hour="2",
        gpu="H100 SXM",
        max_epochs="4,code=2",
    ),
    "a mixture of experts": PlanOptions({"params": "37B", "tokens": "14.8T"}, params_total="671B"),
    "a law without a loss": PlanOptions({"flops": "1e24"}, law="hoffmann2022-approach1", supply="web=1T"),
    "far beyond the data": PlanOptions({"flops": "1e26"}, supply="web=1B", mixture="web=1"),
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_a_plan_comes_back_from_its_document(counted: Counted, options: PlanOptions) -> None:
    made = plan(plan_request(options, counted.catalog))

    assert plan_of_document(plan_document(made)) == made


def test_the_document_has_the_values_that_the_command_prints(run: Run, counted: Counted) -> None:
    options = PlanOptions({"flops": "1e24"}, supply="web=1T,code=10B")
    printed = run("plan", "--flops", "1e24", "--supply", "web=1T,code=10B", "--json").json

    assert orjson.loads(plan_document(plan(plan_request(options, counted.catalog)))) == printed


def test_a_field_that_an_older_version_did_not_have_is_empty(counted: Counted) -> None:
    options = PlanOptions({"flops": "1e24"}, supply="web=1T,code=10B")
    document = orjson.loads(plan_document(plan(plan_request(options, counted.catalog))))
    for field in ("stages", "notes", "details", "hardware", "loss_predicted"):
        document.pop(field)
    document["unheard"] = 1
    found = plan_of_document(orjson.dumps(document).decode())

    assert (found.stages, found.notes, found.details, found.hardware) == (None, (), (), None)


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("budget", None, "None is not a dict"),
        ("domains", {}, "is not a list"),
        ("law", None, "null is not a"),
    ],
)
def test_what_is_not_a_plan_is_refused(counted: Counted, field: str, value: object, why: str) -> None:
    made = plan(plan_request(PlanOptions({"flops": "1e24"}, supply="web=1T"), counted.catalog))
    document = orjson.loads(plan_document(made)) | {field: value}

    with pytest.raises(ValueError, match=why):
        plan_of_document(orjson.dumps(document).decode())
