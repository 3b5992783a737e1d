"""The published facts that ship with tokaudit."""

from pathlib import Path

import pytest
from made.reference import RATES, RUNS
from made.registry import DOMAINS

from tokaudit.catalog.reference import read
from tokaudit.catalog.reference.corpora import PublishedCorpus, published_corpora
from tokaudit.catalog.reference.known_runs import known_runs
from tokaudit.catalog.reference.read import read_table
from tokaudit.catalog.reference.repeats import repeated_runs
from tokaudit.catalog.reference.token_rates import TokenRates, token_rates
from tokaudit.core.resources import shipped
from tokaudit.laws.published import LAWS
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.types import DomainSupply, Supply

REFERENCE = shipped("catalog") / "reference"


def test_every_run_has_a_name_of_its_own_and_plausible_numbers() -> None:
    runs = known_runs()
    assert len({run.run for run in runs}) == len(runs)
    for run in runs:
        assert 1e8 < run.params < 1e13
        assert 1e10 < run.tokens < 1e14
        assert run.active_params is None or run.active_params < run.params
        assert run.source or run.status == "recalled"


def test_a_rate_says_how_much_text_a_token_is_or_counts_it_and_where_that_is_published() -> None:
    rows = token_rates().rows
    assert len({(row.tokenizer, row.text) for row in rows}) == len(rows)
    for row in rows:
        assert row.bytes_per_token or row.characters_per_token or row.tokens
        assert all(1.5 < size < 6.5 for size in (row.bytes_per_token, row.characters_per_token) if size)
        assert row.domain in DOMAINS
        assert row.source


def test_every_text_is_counted_by_two_or_has_its_bytes_and_every_name_leads_to_a_rate() -> None:
    rates = token_rates()
    texts = [row.text for row in rates.rows]
    assert [row for row in rates.rows if texts.count(row.text) < 2 and not row.bytes_per_token] == []
    assert set(rates.names.values()) <= {row.tokenizer for row in rates.rows}


def test_the_registry_s_tokenizers_have_rates_or_are_listed_as_having_none() -> None:
    named = {row.tokenizer for row in published_corpora() if row.tokenizer}
    listed = {row["name"]: row["known_as"] for row in read_table("token_names.csv")}
    rates = token_rates()
    counted = {row.tokenizer for row in rates.rows}
    assert named <= {*listed, *counted}
    without = {name for name, known_as in listed.items() if not known_as}
    assert not without & {*rates.names, *counted}


@pytest.mark.usefixtures("made_reference")
def test_a_tokenizer_that_is_listed_as_having_no_rates_has_none() -> None:
    assert "Nobody's BPE" in {row["name"] for row in read_table("token_names.csv")}
    assert token_rates().names == RATES.names


@pytest.mark.parametrize("name", LAWS.names())
def test_the_tokenizer_of_every_law_has_rates_but_for_those_that_nothing_is_published_of(name: str) -> None:
    without = {"porian2024": "a vocabulary of 50,432", "komatsuzaki2019": "sub-word tokens"}
    tokenizer = LAWS.get(name).metadata.tokenizer
    assert tokenizer == without.get(name) or tokenizer in token_rates().names


@pytest.mark.parametrize(
    ("text", "own", "wanted", "factor"),
    [  # as the sources print them
        ("CulturaX en sample", "cl100k_base", "SentencePiece 32k", 1.186),
        ("CulturaX en sample", "o200k_base", "Llama 3's own tokenizer", 1.015),
        ("C4 en", "EleutherAI/gpt-neox-20b", "SentencePiece 32k", 1.134),
        ("Dolma v1.6 / peS2o papers", "EleutherAI/gpt-neox-20b", "SentencePiece 32k", 1.228),
        ("Pile-val", "gpt2", "SentencePiece 32k", 1.0272),
        ("FineWeb-Edu sample (nanochat fwe-train)", "cl100k_base", "GPT-2 BPE (50,257)", 1.029),
        ("the-stack-smol / python", "cl100k_base", "SentencePiece 32k", 4.186 / 3.0668),
        ("GitHub (The Pile against Dolma v1.6)", "gpt2", "SentencePiece 32k", 2.267 / 2.538),
        ("DCLM-baseline", "dolma2 (cl100k-derived)", "GPT-NeoX-20B", 1 / 0.9764),
        ("FineMath-4+", "Llama-3", "dolma2 (cl100k-derived)", 1.074),
        ("Dolma v1.6 / GitHub", "Unicode text segmentation words (not BPE)", "Llama", 1.581),
        ("Dolma v1.6 / peS2o papers", "whitespace words", "GPT-NeoX", 57 / 42.01),
        (
            "Dolma v1.6 / Project Gutenberg",
            "llm-jp-tokenizer v4 (v4_alpha_1.0 in the matching params.sh)",
            "GPT-NeoX",
            5.2 / 5.4943,
        ),
    ],
)
def test_published_factors_come_out(text: str, own: str, wanted: str, factor: float) -> None:
    rates = token_rates()
    rows = tuple(row for row in rates.rows if row.text == text)
    supply = Supply((DomainSupply(rows[0].domain, 1.0),), "a test", own)
    (found,) = convert(supply, wanted, TokenRates(rows, rates.names)).domains
    assert found.tokens_unique == pytest.approx(factor, abs=6e-4)


def test_repeated_runs_of_each_size_have_one_that_repeats_nothing() -> None:
    runs = repeated_runs()
    for size in {(run.params, run.tokens) for run in runs}:
        same = [run for run in runs if (run.params, run.tokens) == size]
        assert [run.epochs for run in same].count(1) == 1
        assert min(same, key=lambda run: run.loss).epochs == 1


def test_the_flops_of_a_mixture_of_experts_are_by_active_params() -> None:
    runs = {run.run: run for run in RUNS}
    assert runs["Experts-671B"].flops == pytest.approx(6 * 37e9 * 14.8e12)
    assert runs["Early-175B"].flops == pytest.approx(6 * 175e9 * 300e9)
    assert runs["Early-175B"].flops_ratio == pytest.approx(1.003, abs=5e-4)
    assert runs["Small-8B"].flops_ratio is None


@pytest.mark.parametrize("file", sorted(REFERENCE.glob("*.csv")), ids=lambda file: file.name)
def test_every_file_says_where_it_is_from_in_a_column_or_in_the_list_of_sources(file: Path) -> None:
    listed = f"| `{file.name}` |" in (REFERENCE / "SOURCES.md").read_text(encoding="utf-8")
    assert listed is not ("source" in read_table(file.name)[0])


@pytest.mark.parametrize(
    ("column", "cell"), [("standard", "maybe"), ("kind", "guessed"), ("tokens", "many"), ("year", "")]
)
@pytest.mark.usefixtures("made_reference")
def test_a_cell_that_holds_something_else_is_a_fault_of_the_file(
    monkeypatch: pytest.MonkeyPatch, column: str, cell: str
) -> None:
    spoilt = read.read_table("published_corpora.csv")[:1]
    assert read.read_rows(PublishedCorpus, "published_corpora.csv")[0].tokens is not None
    spoilt[0][column] = cell
    monkeypatch.setattr(read, "read_table", lambda _: spoilt)
    with pytest.raises(ValueError, match=r"none of|invalid literal"):
        published_corpora()
