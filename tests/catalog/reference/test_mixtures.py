"""Published mixtures: finding one by name (among made-up ones), and the shipped ones."""

import math

import pytest
from made.registry import DOMAINS

from tokaudit.catalog.reference.mixtures import find_mixture, mixtures
from tokaudit.core.errors import UsageError


def test_mixtures_have_a_source_and_shares_that_sum_to_one() -> None:
    known = mixtures()
    assert {"gpt3", "massivetext", "llama1", "pile", "palm", "llama3"} <= {mixture.name for mixture in known}
    for mixture in known:
        assert mixture.source
        assert math.fsum(mixture.shares.values()) == pytest.approx(1, abs=1e-12)
        assert mixture.printed_sum == pytest.approx(1, abs=0.011)
        assert min(mixture.shares.values()) > 0
        assert set(mixture.shares) <= DOMAINS


def test_the_shares_of_llama_1_are_those_of_its_paper() -> None:
    assert find_mixture("LLaMA 1").shares == pytest.approx(
        {"web": 0.82, "code": 0.045, "encyclopedia": 0.045, "books": 0.045, "papers": 0.025, "forum": 0.02}
    )


def test_llama_3_maps_mathematics_and_reasoning_loosely() -> None:
    parts = find_mixture("llama3").components
    assert {part.domain: part.share for part in parts} == {
        "web": 0.5,
        "math": 0.25,
        "code": 0.17,
        "multilingual-web": 0.08,
    }
    assert [part.domain for part in parts if part.loose] == ["math"]


def test_the_mixture_of_mt_nlg_is_not_checked() -> None:
    assert not find_mixture("mt-nlg").checked
    assert find_mixture("pile").checked


@pytest.mark.usefixtures("made_reference")
def test_a_mixture_is_found_by_any_spelling_of_its_name() -> None:
    assert find_mixture("Feed 1").shares == pytest.approx({"web": 0.82, "code": 0.1, "books": 0.08})


@pytest.mark.usefixtures("made_reference")
def test_printed_shares_are_scaled_to_one_with_a_note() -> None:
    rounded = find_mixture("rounded")
    assert rounded.shares["web"] == pytest.approx(0.6 / 1.01)
    assert any("sum to 1.01" in note for note in rounded.notes())


@pytest.mark.usefixtures("made_reference")
def test_inconsistent_printed_epochs_are_noted() -> None:
    (said,) = (note for note in find_mixture("rounded").notes() if "printed epochs" in note)
    assert said.endswith(" which are rounded: Crawl 0.44 instead of 0.45")
    assert not any("printed epochs" in note for note in find_mixture("feed1").notes())


@pytest.mark.usefixtures("made_reference")
def test_a_mixture_that_was_not_read_in_its_paper_says_so() -> None:
    assert "not read in the paper" in find_mixture("heard-of").notes()[0]
    assert "not read in the paper" not in find_mixture("feed1").notes()[0]


@pytest.mark.usefixtures("made_reference")
def test_an_unknown_mixture_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"unknown mixture 'mine' \(known: unimax, llama3, .*heard-of; or write"):
        find_mixture("mine")
