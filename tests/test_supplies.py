"""What ``--supply`` can name."""

from pathlib import Path

import pytest

from tokaudit.errors import InputError, UsageError
from tokaudit.records import DomainSupply, Supply
from tokaudit.supplies import find_supply

NOWHERE = Path("/nonexistent/tokaudit.duckdb")


def supply_in(folder: Path, text: str | bytes) -> Supply:
    file = folder / "supply.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return find_supply(str(file), NOWHERE, None)


def test_numbers_are_taken_as_they_stand_and_sorted_by_domain() -> None:
    found = find_supply("web=2T, code=400B", NOWHERE, None)
    assert found.domains == (DomainSupply("code", 4e11), DomainSupply("web", 2e12))
    assert found.tokenizer is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("web=2T,code", "'code' is not of the form DOMAIN=TOKENS"),
        ("web=1,web=2", "web is named twice"),
        ("web=0", "--supply of web: '0' must be positive"),
        ("web=nan", "--supply of web"),
        ("web=-3", "must be positive"),
        ("published:dolma", "not available in this version"),
        ("measured+published", "not available in this version"),
        ("webz", "'webz' is no supply (there are: measured, FILE.csv, or DOMAIN=TOKENS"),
        ("", "'' is no supply"),
    ],
)
def test_what_is_no_supply_is_refused_with_the_forms_there_are(text: str, what: str) -> None:
    with pytest.raises(UsageError) as raised:
        find_supply(text, NOWHERE, None)
    assert what in str(raised.value)


def test_without_a_word_and_without_a_catalog_nothing_is_known() -> None:
    assert find_supply(None, NOWHERE, None).domains == ()


def test_without_a_word_a_catalog_is_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    catalog.touch()
    asked: list[tuple[Path, str | None]] = []

    def measured(path: Path, tokenizer: str | None) -> Supply:
        asked.append((path, tokenizer))
        return Supply((DomainSupply("web", 5.0),), "measured")

    monkeypatch.setattr("tokaudit.measured.measured_supply", measured)
    assert find_supply(None, catalog, "gpt2").origin == "measured"
    assert find_supply("measured", catalog, None).origin == "measured"
    assert asked == [(catalog, "gpt2"), (catalog, None)]


def test_an_empty_catalog_that_was_asked_for_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tokaudit.measured.measured_supply", lambda *_: Supply((), "measured"))
    with pytest.raises(UsageError, match="nothing is counted"):
        find_supply("measured", tmp_path / "x.duckdb", None)


def test_a_file_gives_unique_tokens_with_their_bounds(tmp_path: Path) -> None:
    found = supply_in(
        tmp_path,
        "\ufeffdomain,tokens_unique,tokens_unique_low,tokens_unique_high,note\nweb,2T,1T,3e12,x\ncode,400_000,,,\n",
    )
    assert found.domains == (DomainSupply("code", 4e5), DomainSupply("web", 2e12, 1e12, 3e12))
    assert "supply.csv" in found.origin


def test_a_file_may_say_that_a_domain_has_nothing(tmp_path: Path) -> None:
    assert supply_in(tmp_path, "domain,tokens_unique\nweb,0\n").domains == (DomainSupply("web", 0.0),)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "supply.csv:1: no column 'domain' (it has: none)"),
        ("domain;tokens_unique\nweb;1\n", "supply.csv:1: no column 'domain' (it has: domain;tokens_unique)"),
        ("domain,tokens\nweb,1\n", "supply.csv:1: no column 'tokens_unique' (it has: domain, tokens)"),
        ("domain,tokens_unique\n", "has no rows"),
        ("domain,tokens_unique\nweb,many\n", "supply.csv:2: column tokens_unique: 'many' is no number"),
        (
            "domain,tokens_unique\nweb,1\ncode,-2\n",
            "supply.csv:3: column tokens_unique: '-2' must be positive",
        ),
        ("domain,tokens_unique\nweb\n", "supply.csv:2: column tokens_unique: is empty"),
        ("domain,tokens_unique\n,5\n", "supply.csv:2: column domain: is empty"),
        ("domain,tokens_unique\nweb,1\nweb,2\n", "supply.csv:3: column domain: 'web' is there twice"),
        ("domain,tokens_unique,tokens_unique_low\nweb,1,2\n", "supply.csv:2: tokens_unique lies outside"),
        (
            "domain,tokens_unique,tokens_unique_high\nweb,1,x\n",
            "supply.csv:2: column tokens_unique_high: 'x'",
        ),
        (b"domain,tokens_unique\n\xff,1\n", "is no UTF-8 text"),
        ('domain,tokens_unique\n"' + "x" * 200_000 + '",1\n', "is no CSV file"),
    ],
)
def test_a_file_that_is_no_supply_is_refused_by_file_line_and_column(
    tmp_path: Path, text: str | bytes, what: str
) -> None:
    with pytest.raises(InputError) as raised:
        supply_in(tmp_path, text)
    assert what in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be read: No such file"):
        find_supply(str(tmp_path / "none.csv"), NOWHERE, None)


def test_a_stated_supply_may_say_whose_tokens_it_has(tmp_path: Path) -> None:
    assert find_supply("web=1T", NOWHERE, "cl100k_base").tokenizer == "cl100k_base"
    file = tmp_path / "supply.csv"
    file.write_text("domain,tokens_unique,bytes_unique\nweb,1T,4T\ncode,1T,\n")
    found = find_supply(str(file), NOWHERE, "openai-community/gpt2")
    assert found.tokenizer == "openai-community/gpt2"
    assert [entry.bytes_unique for entry in found.domains] == [None, 4e12]


def test_a_tokenizer_of_which_no_rate_is_known_is_refused_for_tokens_that_nobody_counts() -> None:
    with pytest.raises(UsageError, match=r"--tokenizer cl100k: no rates are known .*known: .*cl100k_base"):
        find_supply("web=1T", NOWHERE, "cl100k")
