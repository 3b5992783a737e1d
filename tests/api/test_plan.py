"""``tokaudit.plan`` says what ``tokaudit plan`` says."""

import copy
import pickle
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.samples import Counted, Run

import tokaudit
from tokaudit.api.plan import Plan, plan

TWO = {"web": 2e12, "code": 4e11}
SUPPLY = "--supply web=2T,code=400B"
STAGES = "--stage 'first 90% web=1' --stage 'anneal 10% web=0.5,code=0.5'"
CALLS: dict[str, tuple[str, Callable[[], Plan]]] = {
    "flops": ("--flops 1e24", lambda: plan(1e24)),
    "params": (f"--params 70B {SUPPLY}", lambda: plan(params=70_000_000_000, supply=TWO)),
    "tokens": (f"--tokens 1.4T {SUPPLY}", lambda: plan(tokens=1.4e12, supply=TWO)),
    "a run": (
        f"--params 70B --tokens 1.4T {SUPPLY}",
        lambda: plan(params="70B", tokens="1.4T", supply="web=2T,code=400B"),
    ),
    "hardware": (
        f"--gpu 'H100 SXM' --gpus 1024 --days 60 --mfu 40% {SUPPLY}",
        lambda: plan(gpu="H100 SXM", gpus=np.int64(1024), days=np.float32(60), mfu=0.4, supply=TWO),
    ),
    "a mixture": (
        f"--flops 1e24 {SUPPLY} --mixture web=0.7,code=30%",
        lambda: plan(1e24, supply=TWO, mixture={"web": 0.7, "code": "30%"}),
    ),
    "unimax": (
        f"--flops 1e25 {SUPPLY} --mixture unimax --max-epochs 4,code=2",
        lambda: plan(1e25, supply=TWO, mixture="unimax", max_epochs=(4, {"code": 2})),
    ),
    "one limit": (f"--flops 1e25 {SUPPLY} --max-epochs code=2", lambda: plan(1e25, supply=TWO, max_epochs={"code": 2})),
    "stages": (
        f"--flops 1e24 {SUPPLY} {STAGES}",
        lambda: plan(
            1e24,
            supply=TWO,
            stage=[
                {"stage": "first", "share": 0.9, "mixture": {"web": 1}},
                {"stage": "anneal", "share": "10%", "mixture": {"web": 0.5, "code": 0.5}},
            ],
        ),
    ),
    "stages in tokens": (
        f"--params 8B {SUPPLY} --stage 'all 1T web=0.5,code=0.5'",
        lambda: plan(params=8e9, supply=TWO, stage=[{"stage": "all", "tokens": 1e12, "mixture": "web=0.5,code=0.5"}]),
    ),
    "experts": (
        f"--params 37B --params-total 671B --tokens 14.8T {SUPPLY}",
        lambda: plan(params=37e9, params_total=671e9, tokens=14.8e12, supply=TWO),
    ),
    "a price": (
        f"--flops 1e24 {SUPPLY} --price-gpu-hour 2 --add web=1T --inference-tokens 1e13",
        lambda: plan(1e24, supply=TWO, price_gpu_hour=2, add={"web": 1e12}, inference_tokens=10**13),
    ),
    "synthetic text": (
        "--flops 1e24 --supply published --count-synthetic --law muennighoff2023",
        lambda: plan(1e24, supply="published", count_synthetic=True, law="muennighoff2023"),
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_gives_the_json_and_markdown_of_the_command(name: str, run: Run) -> None:
    options, call = CALLS[name]
    made = call()

    assert made.to_dict() == run("plan", *shlex.split(options), "--format", "json").json
    assert made.to_markdown() == run("plan", *shlex.split(options), "--format", "markdown").out


@pytest.mark.slow
def test_a_supply_may_be_measured_in_any_catalog(counted: Counted, run: Run) -> None:
    given = ["--catalog", counted.catalog, "plan", "--flops", "1e20", "--supply", "measured"]
    measured = plan(1e20, supply="measured", catalog=counted.catalog)
    by_label = plan(1e20, supply="measured", catalog=str(counted.catalog), where="licence = 'a'")

    assert measured.to_dict() == run(*given, "--format", "json").json
    assert by_label.to_dict() == run(*given, "--where", "licence = 'a'", "--format", "json").json
    assert plan(1e20, catalog=counted.catalog).domains == measured.domains


@pytest.mark.slow
def test_a_supply_may_be_a_catalog_or_its_answer(counted: Counted) -> None:
    catalog = tokaudit.open(counted.catalog)
    measured = plan(1e20, supply="measured", catalog=counted.catalog)
    frame = catalog.supply()

    assert plan(1e20, supply=catalog) == plan(1e20, supply=catalog, catalog=counted.catalog) == measured
    answered = {
        each.domain: (each.tokens_unique or 0) / (each.tokens_factor or 0) for each in plan(1e20, supply=frame).domains
    }
    assert answered == pytest.approx(dict(zip(frame["domain"], frame["tokens_unique"], strict=True)))
    with pytest.raises(
        tokaudit.UsageError, match=r"catalog: is not the catalog of the supply, .*; leave out one of them"
    ):
        plan(1e20, supply=catalog, catalog="other.duckdb")


@pytest.mark.parametrize(("name", "known"), [("cl100k_base", "cl100k_base"), ("mine.json", None), (5, None)])
def test_the_answer_of_a_catalog_says_its_tokenizer(name: object, known: str | None) -> None:
    frame = pd.DataFrame({"domain": ["web"], "tokens_unique": [1e12]})
    frame.attrs["tokenizer"] = name

    assert plan(1e24, supply=frame).supply_tokenizer == known
    assert plan(1e24, supply=frame, tokenizer="gpt2").supply_tokenizer == "gpt2"


def test_a_supply_may_be_a_file_or_a_table(tmp_path: Path, run: Run) -> None:
    rows = [
        {"domain": "code", "tokens_unique": 4e11, "tokens_unique_low": 3e11, "tokens_unique_high": 5e11},
        {"domain": "web", "tokens_unique": 2e12, "tokens_unique_low": None, "tokens_unique_high": None},
    ]
    frame = pd.DataFrame(rows)
    file = tmp_path / "supply.csv"
    frame.to_csv(file, index=False)
    from_file = plan(1e24, supply=file)
    from_frame = plan(1e24, supply=frame)

    assert from_file.to_dict() == run("plan", "--flops", "1e24", "--supply", file, "--format", "json").json
    assert from_frame.domains == plan(1e24, supply=rows).domains == from_file.domains
    assert from_frame.supply_origin == "a table that was given"


NUMBERS = st.floats(1e18, 1e28) | st.integers(10**18, 10**28)


@pytest.mark.slow
@settings(max_examples=8)
@given(flops=NUMBERS, web=st.floats(1e9, 1e14), code=st.integers(10**9, 10**14), share=st.floats(0.01, 0.99))
def test_numbers_give_the_same_plan_as_their_text(flops: float, web: float, code: int, share: float) -> None:
    numbers = plan(flops, supply={"web": web, "code": code}, mixture={"web": share, "code": 1 - share})
    text = plan(repr(flops), supply=f"web={web!r},code={code!r}", mixture={"web": repr(share), "code": repr(1 - share)})

    assert numbers == text
    assert numbers.budget.flops == float(flops)


HOSTILE = [
    "a,b",
    "web=2T",
    "x=1,y",
    "<script>alert(1)</script>",
    "`rm`",
    "'; drop table x; --",
    "名前",
    "a|b*_#",
    " lone ",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_domain_may_have_any_name_in_a_mapping(name: str) -> None:
    made = plan(
        1e24,
        supply={name: 1e12, "web": 2e12},
        mixture={name: 0.5, "web": 0.5},
        max_epochs={name: 2},
        add={name: 1e11},
        price_gpu_hour=2,
    )
    (entry,) = [each for each in made.domains if each.domain == name]

    assert (entry.tokens_unique, entry.share, entry.max_epochs) == (1e12, 0.5, 2)
    assert name in {each["domain"] for each in made.to_dict()["domains"]}


@pytest.mark.slow
@given(name=st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1))
@settings(max_examples=10)
def test_a_printable_name_of_a_domain_is_kept(name: str) -> None:
    made = plan(1e24, supply={name: 1e12}, max_epochs={name: 3})

    assert made.to_dict()["domains"][0]["domain"] == name
    assert "<td" in made._repr_html_()


def test_html_escapes_names_and_loads_nothing() -> None:
    page = plan(1e25, supply={"<img src=x>": 1e12, '"&': 1e12})._repr_html_()

    assert "<img" not in page
    assert "&lt;img src=x&gt;" in page
    assert "&quot;&amp;" in page
    assert "http" not in page.replace('="http://www.w3.org/2000/svg"', "").replace(
        '="http://www.w3.org/1999/xlink"', ""
    )
    assert "--" not in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "a plan needs one budget: pass flops, params, tokens, params with tokens, or gpu"),
        ({"flops": float("nan")}, "flops: nan is not a number; write 5.76e23, 70B, 1.4T or 2,000"),
        ({"flops": np.float64("inf")}, "flops: inf must be positive and finite"),
        ({"flops": 10**5000}, "flops: inf must be positive and finite"),
        ({"flops": -1}, "flops: -1 must be positive and finite"),
        ({"flops": True}, "flops: True is not a number"),
        ({"flops": np.True_}, "flops: np.True_ is not a number"),
        ({"flops": [1e24]}, "flops: [1e+24] is not a number"),
        ({"flops": 1e24, "params": 1e9}, "flops: is a budget by itself; leave out flops, or leave out params"),
        ({"flops": 1e24, "law": "none"}, "unknown law 'none'"),
        ({"flops": 1e24, "law": 5}, "law: 5 is not a text"),
        ({"gpu": "H100 SXM", "gpus": 8, "days": 9, "mfu": 1.5}, "mfu: 1.5 is not a share from 0 to 1"),
        ({"gpu": "H100 SXM", "gpus": 8, "days": 9, "mfu": False}, "mfu: False is not a number; write 0.4 or 40%"),
        ({"flops": 1e24, "supply": {}}, "supply: names no domain; write DOMAIN=TOKENS"),
        ({"flops": 1e24, "supply": {"web": 0}}, "supply of web: 0 must be positive and finite"),
        ({"flops": 1e24, "supply": {"web": None}}, "supply of web: None is not a number"),
        ({"flops": 1e24, "supply": {5: 1e12}}, "supply: 5 is not the name of a domain; names are text"),
        ({"flops": 1e24, "supply": {" ": 1e12}}, "supply: ' ' is not the name of a domain"),
        ({"flops": 1e24, "supply": {"a\nb": 1e12}}, "has a control character; remove it"),
        ({"flops": 1e24, "supply": {"\ud800": 1e12}}, "is not valid Unicode; encode it anew"),
        ({"flops": 1e24, "supply": 5}, "supply: int is not a supply; give tokens by domain or a table"),
        ({"flops": 1e24, "supply": []}, "supply: has no column 'domain' (its columns: none)"),
        ({"flops": 1e24, "supply": [{"domain": "a", "tokens_unique": -1}]}, "supply, row 0: column tokens_unique: -1 "),
        ({"flops": 1e24, "supply": [{"domain": None, "tokens_unique": 1}]}, "supply, row 0: column domain: is empty"),
        ({"flops": 1e24, "supply": [{"domain": 5, "tokens_unique": 1}]}, "supply, row 0: column domain: 5 is not"),
        ({"flops": 1e24, "supply": TWO, "mixture": {"web": 0.5}}, "mixture: the shares sum to 0.5; they must sum to 1"),
        ({"flops": 1e24, "supply": TWO, "mixture": {"web": 2, "code": -1}}, "mixture of web: 2 is not a share from 0"),
        ({"flops": 1e24, "supply": TWO, "mixture": 5}, "mixture: 5 is neither text of the form DOMAIN=SHARE nor a"),
        ({"flops": 1e24, "supply": TWO, "max_epochs": 0}, "max_epochs: 0 must be positive and finite"),
        ({"flops": 1e24, "supply": TWO, "max_epochs": (4, 2)}, "max_epochs: (4, 2) is not a number and a mapping"),
        ({"flops": 1e24, "supply": TWO, "max_epochs": {"x": 2}}, "max_epochs: the supply has no domain 'x'"),
        ({"flops": 1e24, "supply": TWO, "stage": "a 1T web=1"}, "stage: is not a list of stages"),
        ({"flops": 1e24, "supply": TWO, "stage": [{"stage": "a"}]}, "does not have the keys stage, tokens or share"),
        (
            {"flops": 1e24, "supply": TWO, "stage": [{"stage": "", "share": 1, "mixture": {"web": 1}}]},
            "stage: '' is not the name of a stage; names are text",
        ),
        (
            {"flops": 1e24, "supply": TWO, "stage": [{"stage": "a", "share": 0, "mixture": {"web": 1}}]},
            "stage a: 0 is not above 0",
        ),
        ({"flops": 1e24, "supply": TWO, "count_synthetic": True}, "the supply is given in numbers; use supply="),
        (
            {"flops": 1e24, "supply": TWO, "where": "a = 1"},
            "where: needs documents in a catalog, not supply in numbers",
        ),
        ({"flops": 1e24, "catalog": 5}, "catalog: 5 is neither a path nor a catalog"),
    ],
)
def test_a_wrong_argument_is_refused_by_its_name(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(tokaudit.TokauditError) as raised:
        plan(**arguments)

    assert message in str(raised.value)
    assert "--" not in re.sub(r"`.*?`", "", str(raised.value))


@pytest.fixture(scope="module")
def made() -> Plan:
    """A plan with a value in most fields."""
    return plan(1e25, supply=TWO, max_epochs=4, price_gpu_hour=2, stage=["all 100% web=0.5,code=0.5"])


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))])  # noqa: S301
def test_a_copy_of_a_plan_equals_it(made: Plan, again: Callable[[Plan], Plan]) -> None:
    assert again(made) == made
    assert again(made).to_dict() == made.to_dict()
    assert made != plan(1e24, supply=TWO)


def test_a_plan_is_read_as_text(made: Plan) -> None:
    assert repr(made).startswith("<Plan: ")
    assert str(made) == made.to_text()
    assert "to_text(details=True) shows the numbers behind" in made.to_text()
    assert len(made.to_text(details=True)) > 2 * len(made.to_text())


def test_the_domains_of_a_plan_are_a_frame(made: Plan) -> None:
    frame = made.to_frame()

    assert list(frame["domain"]) == [each.domain for each in made.domains]
    assert list(frame.columns) == list(made.to_dict()["domains"][0])


def test_attributes_have_the_names_of_the_json(made: Plan) -> None:
    assert {name for name in made.to_dict() if not hasattr(made, name)} == set()
    assert made.budget.flops == 1e25
