"""A comparison of two plans in words."""

from typing import Any

import pytest

from tokaudit.audit.answer import Answer
from tokaudit.planning.diff_plan_words import (
    answers_changed,
    domains_shown,
    settings_changed,
    signed_count,
    verdict_changed,
)

Said = tuple[str | None, str | None, str | None]


def answer(before: Said, after: Said, *inputs: tuple[str, str], **more: Any) -> Answer:
    """A comparison of plans with these constraints, binding domains and certainties."""
    names = ("constraint", "binding_domain", "certainty")
    answers = [{"answer": name, "a": a, "b": b} for name, a, b in zip(names, before, after, strict=True)]
    by_input = [{"input": name, "constraint": constraint} for name, constraint in inputs]
    return Answer(("domain",), [], {"answers": answers, "by_input": by_input, "settings": [], **more}, ())


DATA, COMPUTE = ("data", "code", "likely"), ("compute", "web", "sure")
TURNED = "The verdict is data in code (likely) in A and compute (sure) in B."


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (answer(DATA, DATA), "The constraint is the same: data in code (likely)."),
        (
            answer(DATA, ("data", "web", "sure")),
            "The constraint is the same: data in code (likely) in A, data in web (sure) in B.",
        ),
        (answer((None, None, None), (None, None, None)), "Neither plan has a verdict."),
        (
            answer(DATA, COMPUTE, ("budget", "data"), ("supply", "compute"), ("mixture", "compute")),
            f"{TURNED} The supply or the mixture of B alone would turn A's verdict into B's.",
        ),
        (
            answer(DATA, COMPUTE, ("budget", "data")),
            f"{TURNED} No single input of B would turn A's verdict into B's.",
        ),
        (answer(DATA, (None, None, None)), "The verdict is data in code (likely) in A and none in B."),
    ],
)
def test_the_sentence_has_both_verdicts_and_what_turns_them(made: Answer, said: str) -> None:
    assert verdict_changed(made) == said


def test_only_answers_that_differ_are_listed_in_words() -> None:
    rows = [
        {"answer": "flops", "a": 1e24, "b": 2e24},
        {"answer": "epochs", "a": None, "b": 1.234},
        {"answer": "compute_equivalent_share", "a": 0.5, "b": 0.5},
        {"answer": "tokens_constrained", "a": 1e12, "b": 2e12},
    ]
    assert answers_changed(answer(DATA, DATA, answers=rows)) == (
        "flops: 1e24 in A, 2e24 in B",
        "epochs: none in A, 1.23 in B",
        "tokens constrained: 1.00T in A, 2.00T in B",
    )


def test_options_that_differ_are_listed() -> None:
    settings = [{"setting": "--mixture", "a": None, "b": "palm"}]

    assert settings_changed(answer(DATA, DATA, settings=settings)) == ("--mixture: not given in A, palm in B",)


def test_only_domains_that_changed_are_shown() -> None:
    pairs = {"tokens_unique_a": 2e9, "tokens_unique_b": 2e9, "epochs_a": 1.5, "epochs_b": None}
    same: dict[str, Any] = {"tokens_needed": 0.0, "tokens_unique": None, "because_of_share": 0.0, **pairs}
    same |= {"because_of_tokens": 0.0, "verdict_a": "repeat", "verdict_b": "enough"}
    rows = [{"domain": "web", **same}, {"domain": "code", **same, "tokens_unique": -1.0}]

    assert domains_shown(Answer((), rows, {}, ())) == [
        {
            "domain": "code",
            "need": 0.0,
            "by run": 0.0,
            "by share": 0.0,
            "unique tokens": "2.00B",
            "epochs": "1.5 to none",
            "verdict": "repeat to enough",
        }
    ]


@pytest.mark.parametrize(("value", "said"), [(1.2e9, "+1.20B"), (-3e8, "-300M"), (0.0, "0")])
def test_a_change_has_its_sign(value: float, said: str) -> None:
    assert signed_count(value) == said
