"""The mixtures of published runs and corpora that ship with tokaudit."""

import math

import pytest

from tokaudit.catalog.reference.mixtures import find_mixture, mixtures
from tokaudit.core.errors import UsageError

DOMAINS = set("web multilingual-web books code encyclopedia forum legal math news other papers synthetic".split())


def test_every_mixture_has_a_source_and_shares_that_sum_to_one() -> None:
    known = mixtures()
    assert {"gpt3", "massivetext", "llama1", "pile", "palm", "llama3"} <= {mixture.name for mixture in known}
    for mixture in known:
        assert mixture.source
        assert math.fsum(mixture.shares.values()) == pytest.approx(1, abs=1e-12)
        assert mixture.printed_sum == pytest.approx(1, abs=0.011)
        assert min(mixture.shares.values()) > 0
        assert set(mixture.shares) <= DOMAINS


def test_a_mixture_is_found_however_it_is_written() -> None:
    assert find_mixture("LLaMA 1").shares == pytest.approx(
        {"web": 0.82, "code": 0.045, "encyclopedia": 0.045, "books": 0.045, "papers": 0.025, "forum": 0.02}
    )


def test_printed_shares_that_do_not_sum_to_one_are_scaled_and_said() -> None:
    gpt3 = find_mixture("gpt3")
    assert gpt3.shares["web"] == pytest.approx(0.82 / 1.01)
    assert any("sum to 1.01" in note for note in gpt3.notes())


def test_a_mixture_that_was_not_read_in_its_paper_says_so() -> None:
    assert "not read in the paper" in find_mixture("mt-nlg").notes()[0]
    assert "not read in the paper" not in find_mixture("pile").notes()[0]


def test_an_unknown_mixture_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"unknown mixture 'mine' \(known: unimax, massivetext, .*llama3; or write"):
        find_mixture("mine")
