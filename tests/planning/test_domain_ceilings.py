"""The largest run that a domain can feed by itself."""

import pytest
from made.reference import RATES

from tokaudit.catalog.reference.token_rates import NO_RATES
from tokaudit.core.rows import Row
from tokaudit.laws.published import LAWS
from tokaudit.planning.domain_ceilings import COLUMNS, ceilings, compare_code_and_web
from tokaudit.supply.types import DomainSupply, Supply

LAW = LAWS.get("muennighoff2023")


def rows(*entries: DomainSupply, tokenizer: str | None = None) -> list[Row]:
    return ceilings(LAW, Supply(entries, "stated", tokenizer), RATES if tokenizer else NO_RATES)


def test_the_ceiling_of_a_trillion_tokens_follows_the_paper() -> None:
    (found,) = rows(DomainSupply("web", 1e12, 9e11, 2e12, counted="near", origin="A corpus"))
    assert tuple(found) == COLUMNS
    assert (found["domain"], found["corpus"], found["counted"]) == ("web", "A corpus", "near")
    assert [found[f"tokens_unique{bound}"] for bound in ("_low", "", "_high")] == [9e11, 1e12, 2e12]
    assert found["flops_one_epoch"] == pytest.approx(3.059e23, rel=2e-4)
    assert found["params_one_epoch"] == pytest.approx(5.0987e10, rel=2e-4)
    assert found["flops_four_epochs"] == pytest.approx(3.570e24, rel=2e-4)
    # FLOPs of four epochs: 6 N D, as the law has it.
    assert 6 * found["params_four_epochs"] * 4e12 == pytest.approx(found["flops_four_epochs"], rel=1e-6)


def test_tokens_are_first_converted_to_the_law_s() -> None:
    (found,) = rows(DomainSupply("web", 1e12), tokenizer="cl100k_base")
    assert found["tokens_unique"] == pytest.approx(1.2e12)
    assert found["flops_one_epoch"] > 3.06e23


def test_an_empty_domain_feeds_no_run() -> None:
    (found,) = rows(DomainSupply("web", 0.0))
    assert [found[name] for name in COLUMNS[6:]] == [None] * 4
    (found,) = ceilings(LAWS.get("kaplan2020"), Supply((DomainSupply("web", 1e12),), "stated"), NO_RATES)
    assert found["corpus"] == "stated"
    assert found["flops_one_epoch"] > 0


def test_code_and_web_are_compared_if_both_have_a_ceiling() -> None:
    (said,) = compare_code_and_web(rows(DomainSupply("code", 1e11), DomainSupply("web", 1e12)))
    assert said.startswith("in one epoch, 100B tokens of code feed a compute-optimal run of")
    assert said.endswith("; web has 10 times the tokens and feeds 100 times the compute")
    (other,) = compare_code_and_web(rows(DomainSupply("code", 1e12), DomainSupply("web", 1e11)))
    assert other.endswith("; code has 10 times the tokens and feeds 100 times the compute")
    assert list(compare_code_and_web(rows(DomainSupply("code", 1e11), DomainSupply("web", 0.0)))) == []
    assert list(compare_code_and_web(rows(DomainSupply("code", 1e11)))) == []
