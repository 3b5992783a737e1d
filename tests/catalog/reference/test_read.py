"""The published facts that ship with tokaudit."""

from pathlib import Path

import pytest

from tokaudit.catalog.reference import read
from tokaudit.catalog.reference.accelerators import accelerators, find_accelerator
from tokaudit.catalog.reference.corpora import PublishedCorpus, published_corpora
from tokaudit.catalog.reference.known_runs import known_runs
from tokaudit.catalog.reference.read import read_table
from tokaudit.catalog.reference.repeats import repeated_runs
from tokaudit.catalog.reference.token_rates import token_rates
from tokaudit.core.errors import UsageError
from tokaudit.core.resources import shipped
from tokaudit.laws.published import LAWS
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.types import DomainSupply, Supply

DOMAINS = set("web multilingual-web books code encyclopedia forum legal math news other papers synthetic".split())

REFERENCE = shipped("catalog") / "reference"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("H100 SXM", "H100 SXM"),
        ("h100-sxm", "H100 SXM"),
        ("h100s", "H100 SXM"),
        ("a100", "A100 SXM 40/80GB"),
        ("tpu v5p", "TPU v5p"),
    ],
)
def test_a_device_is_found_by_any_beginning_that_only_it_has(asked: str, found: str) -> None:
    assert find_accelerator(asked).name == found


def test_a_beginning_of_several_devices_is_refused_with_their_names() -> None:
    with pytest.raises(UsageError, match=r"may be any of H100 SXM, H100 PCIe$"):
        find_accelerator("H100")


@pytest.mark.parametrize("name", ["GTX", "", "  "])
def test_an_unknown_device_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(UsageError, match=r"unknown accelerator .*known: V100 SXM"):
        find_accelerator(name)


def test_an_h100_has_989_teraflops_from_a_named_source() -> None:
    device = find_accelerator("H100 SXM")
    assert device.flops_per_second == 989e12
    assert device.checked
    assert device.source


def test_every_device_has_a_name_of_its_own_and_a_plausible_peak() -> None:
    devices = accelerators()
    assert len({device.name for device in devices}) == len(devices)
    assert all(1e13 < device.flops_per_second < 1e16 for device in devices)


def test_every_run_has_a_name_of_its_own_and_plausible_numbers() -> None:
    runs = known_runs()
    assert len({run.run for run in runs}) == len(runs) == 36
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


def test_the_registry_s_tokenizers_have_rates_but_for_those_that_nothing_is_published_of() -> None:
    without = {"mT5 SentencePiece", "XLM-R SentencePiece", "SentencePiece-256k", "Comma BPE 64k"}
    without |= {"StarCoder BPE 49k", "StarCoder2 BPE 49k"}
    named = {row.tokenizer for row in published_corpora() if row.tokenizer}
    rates = token_rates()
    assert named - without <= {*rates.names, *(row.tokenizer for row in rates.rows)}
    assert not without & rates.names.keys()


def test_the_tokenizers_of_these_laws_have_rates_but_for_two_that_nothing_is_published_of() -> None:
    without = {"porian2024": "a vocabulary of 50,432", "komatsuzaki2019": "sub-word tokens"}
    names = "besiroglu2024 deepseek2024 gadre2024 grattafiori2024 kaplan2020 kaplan2020-small-batch muennighoff2023"
    chinchilla = [f"hoffmann2022-approach{which}" for which in ("1", "2", "3", "3-rounded")]
    for name in (*names.split(), *chinchilla, "sardana2024"):
        assert LAWS.get(name).metadata.tokenizer in token_rates().names, name
    assert {name: LAWS.get(name).metadata.tokenizer for name in without} == without


@pytest.mark.parametrize("name", LAWS.names())
def test_a_supply_is_converted_to_the_tokens_of_every_law_whose_tokenizer_has_a_name_among_the_rates(name: str) -> None:
    tokenizer, rates = LAWS.get(name).metadata.tokenizer, token_rates()
    (found,) = convert(Supply((DomainSupply("web", 1.0),), "a test", "cl100k_base"), tokenizer, rates).domains
    assert (found.factor is not None) is (tokenizer in rates.names)


@pytest.mark.parametrize(
    ("domain", "own", "wanted", "factor"),
    [  # as the sources print them
        ("web", "cl100k_base", "SentencePiece 32k", 1.186),
        ("web", "o200k_base", "Llama 3's own tokenizer", 1.015),
        ("web", "EleutherAI/gpt-neox-20b", "SentencePiece 32k", 1.134),
        ("papers", "EleutherAI/gpt-neox-20b", "SentencePiece 32k", 1.228),
        ("other", "gpt2", "SentencePiece 32k", 1.0272),
        ("web", "cl100k_base", "GPT-2 BPE (50,257)", 1.029),
        ("code", "cl100k_base", "SentencePiece 32k", 4.186 / 3.0668),
        ("code", "gpt2", "SentencePiece 32k", 2.267 / 2.538),
        ("code", "cl100k_base", "GPT-2 BPE (50,257)", 4.186 / 3.0668 * 2.538 / 2.267),
        ("code", "o200k_base", "SentencePiece 32k", 4.65736 / 4.58203 * 4.186 / 3.0668),
        ("web", "dolma2 (cl100k-derived)", "GPT-NeoX-20B", 1 / 0.9764),
        ("math", "Llama-3", "dolma2 (cl100k-derived)", 1.074),
        ("code", "Unicode text segmentation words (not BPE)", "Llama", 1.581),
        ("papers", "whitespace words", "GPT-NeoX", 57 / 42.01),
        ("books", "llm-jp-tokenizer v4 (v4_alpha_1.0 in the matching params.sh)", "GPT-NeoX", 5.2 / 5.4943),
    ],
)
def test_published_factors_come_out(domain: str, own: str, wanted: str, factor: float) -> None:
    supply = Supply((DomainSupply(domain, 1.0),), "a test", own)
    (found,) = convert(supply, wanted, token_rates()).domains
    assert found.tokens_unique == pytest.approx(factor, abs=6e-4)


def test_repeated_runs_of_each_size_have_one_that_repeats_nothing() -> None:
    runs = repeated_runs()
    for size in {(run.params, run.tokens) for run in runs}:
        same = [run for run in runs if (run.params, run.tokens) == size]
        assert [run.epochs for run in same].count(1) == 1
        assert min(same, key=lambda run: run.loss).epochs == 1


def test_the_flops_of_a_mixture_of_experts_are_by_active_params() -> None:
    runs = {run.run: run for run in known_runs()}
    assert runs["DeepSeek-V3"].flops == pytest.approx(6 * 37e9 * 14.8e12)
    assert runs["GPT-3-175B"].flops == pytest.approx(6 * 175e9 * 300e9)
    assert runs["GPT-3-175B"].flops_ratio == pytest.approx(1.003, abs=5e-4)
    assert runs["LLaMA-13B"].flops_ratio is None


@pytest.mark.parametrize("file", sorted(REFERENCE.glob("*.csv")), ids=lambda file: file.name)
def test_every_file_says_where_it_is_from_in_a_column_or_in_the_list_of_sources(file: Path) -> None:
    listed = f"| `{file.name}` |" in (REFERENCE / "SOURCES.md").read_text(encoding="utf-8")
    assert listed is not ("source" in read_table(file.name)[0])


@pytest.mark.parametrize(
    ("column", "cell"), [("standard", "maybe"), ("kind", "guessed"), ("tokens", "many"), ("year", "")]
)
def test_a_cell_that_holds_something_else_is_a_fault_of_the_file(
    monkeypatch: pytest.MonkeyPatch, column: str, cell: str
) -> None:
    spoilt = read.read_table("published_corpora.csv")[:1]
    assert read.read_rows(PublishedCorpus, "published_corpora.csv")[0].tokens is not None
    spoilt[0][column] = cell
    monkeypatch.setattr(read, "read_table", lambda _: spoilt)
    with pytest.raises(ValueError, match=r"none of|invalid literal"):
        published_corpora()
