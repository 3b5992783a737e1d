"""Laws found by name, everyday names included."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.runs import on_budgets

from tokaudit.core.errors import CatalogError, UsageError
from tokaudit.core.name_matching import fold_name
from tokaudit.laws.find import everyday_names, find_law, law_names, shipped_draws
from tokaudit.laws.fit.methods import METHODS
from tokaudit.laws.published import LAWS
from tokaudit.laws.saved import save_law, saved_law

NOWHERE = Path("no such catalog.duckdb")
ALIASES = everyday_names()


def save(catalog: Path, name: str) -> None:
    save_law(catalog, name, "isoflop", "runs.csv", METHODS.get("isoflop")(on_budgets(noise=1e-3), draws=0))


def test_a_published_law_needs_no_catalog(tmp_path: Path) -> None:
    broken = tmp_path / "broken.duckdb"
    broken.write_text("no catalog")

    found = find_law("besiroglu2024", broken)
    assert found.law is LAWS.get("besiroglu2024")
    assert len(found.draws["beta"]) == 1000
    assert found.notes == ()
    assert find_law("hoffmann2022-approach3", broken).draws == {}
    with pytest.raises(CatalogError):
        find_law("ours", broken)


def test_an_unknown_law_lists_published_and_saved_laws(tmp_path: Path) -> None:
    path = tmp_path / "c.duckdb"
    with pytest.raises(UsageError, match=r"unknown law 'our'.*muennighoff2023.*`tokaudit fit --save NAME` adds one"):
        find_law("our", path)
    save(path, "ours")
    assert law_names(path) == [*LAWS.names(), "ours"]
    with pytest.raises(UsageError, match=r"unknown law 'our'; did you mean 'ours'\? \(known: ours, besiroglu2024, "):
        find_law("our", path)
    assert find_law("ours", path).law.constants == saved_law(path, "ours")[0].constants


def test_the_nearest_laws_are_listed_first() -> None:
    with pytest.raises(UsageError, match=r"did you mean 'chinchilla'\? \(known: besiroglu2024, hoffmann2022"):
        find_law("chinchila", NOWHERE)
    with pytest.raises(UsageError, match=r"\(known: kaplan2020, kaplan2020-small-batch, "):
        find_law("kaplan202", NOWHERE)


def test_an_everyday_name_leads_to_its_law_and_a_note_says_so() -> None:
    found = find_law("chinchilla", NOWHERE)
    assert found.name == "besiroglu2024"
    assert found.law is LAWS.get("besiroglu2024")
    assert len(found.draws["beta"]) == 1000
    assert found.notes == (
        (
            "--law chinchilla: besiroglu2024 is used, a corrected fit of the Chinchilla data; `tokaudit laws` lists "
            "the others"
        ),
    )
    assert find_law("chinchilla", NOWHERE, "--base").notes[0].startswith("--base chinchilla: ")


@pytest.mark.parametrize(
    ("name", "law"),
    [
        ("hoffmann", "hoffmann2022-approach3"),
        ("hoffmann2022", "hoffmann2022-approach3"),
        ("kaplan", "kaplan2020"),
        ("openai", "kaplan2020"),
        ("llama3", "grattafiori2024"),
        ("Llama 3", "grattafiori2024"),
        ("DeepSeek", "deepseek2024"),
        ("muennighoff", "muennighoff2023"),
        ("Data_Constrained", "muennighoff2023"),
        ("epoch", "besiroglu2024"),
        ("Chinchilla", "besiroglu2024"),
    ],
)
def test_common_names_lead_to_the_law_that_people_mean(name: str, law: str) -> None:
    assert find_law(name, NOWHERE).name == law


@given(alias=st.sampled_from(sorted(ALIASES)), upper=st.lists(st.booleans(), min_size=40, max_size=40))
def test_letter_case_and_hyphens_of_everyday_names_do_not_matter(alias: str, upper: list[bool]) -> None:
    typed = "".join(letter.upper() if up else letter for letter, up in zip(alias, upper, strict=False))
    assert find_law(typed, NOWHERE).name == ALIASES[alias]
    assert find_law(typed.replace("-", "_"), NOWHERE).name == ALIASES[alias]


@pytest.mark.parametrize("name", LAWS.names())
def test_another_spelling_of_a_law_s_own_name_needs_no_note(name: str) -> None:
    found = find_law(name.upper().replace("-", "_"), NOWHERE)
    assert (found.name, found.notes) == (name, ())


def test_an_everyday_name_leads_to_one_law_and_is_not_a_law_s_name() -> None:
    folded = [fold_name(alias) for name in LAWS.names() for alias in LAWS.get(name).metadata.aliases]
    assert len(folded) == len(set(folded))
    assert not set(folded) & {fold_name(name) for name in LAWS.names()}
    assert all(alias[0].isalpha() for alias in ALIASES)  # forecast --law takes what begins with a digit for a ratio


@pytest.mark.parametrize("name", LAWS.names())
def test_a_law_with_everyday_names_says_in_words_what_it_is(name: str) -> None:
    metadata = LAWS.get(name).metadata
    assert metadata.aliases
    assert metadata.about
    assert not metadata.about.endswith(".")


def test_a_saved_law_comes_before_an_everyday_name(tmp_path: Path) -> None:
    path = tmp_path / "c.duckdb"
    save(path, "Chinchilla")
    assert find_law("chinchilla", path).name == "Chinchilla"
    assert find_law("chinchilla", path).notes == ()


def test_a_name_that_may_mean_two_saved_laws_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.duckdb"
    save(path, "Ours")
    save(path, "o-u-r-s")
    assert find_law("Ours", path).name == "Ours"
    with pytest.raises(UsageError, match=r"law 'OURS' may be Ours or o-u-r-s; write one of these names exactly"):
        find_law("OURS", path)


@pytest.mark.parametrize("name", LAWS.names())
def test_shipped_draws_are_of_the_law_s_constants(name: str) -> None:
    draws = shipped_draws(name)
    assert set(draws) <= set(LAWS.get(name).constants)
    assert len({len(values) for values in draws.values()}) <= 1
