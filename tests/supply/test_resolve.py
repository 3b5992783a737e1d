"""The supplies that ``--supply`` can name."""

from pathlib import Path

import pytest

from tokaudit.core.errors import InputError, UsageError
from tokaudit.supply.resolve import find_supply
from tokaudit.supply.types import DomainSupply, Supply

pytestmark = pytest.mark.usefixtures("made_reference")

NOWHERE = Path("/nonexistent/tokaudit.duckdb")
LAW_S = "SentencePiece 32k"


def supply_in(folder: Path, text: str | bytes) -> Supply:
    file = folder / "supply.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return find_supply(str(file), NOWHERE, None, LAW_S)


def test_numbers_are_taken_as_they_stand_and_sorted_by_domain() -> None:
    found = find_supply("web=2T, code=400B", NOWHERE, None, LAW_S)
    assert found.domains == (DomainSupply("code", 4e11), DomainSupply("web", 2e12))
    assert found.tokenizer is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("web=2T,code", "'code' is not of the form DOMAIN=TOKENS"),
        ("web=1,web=2", "web is named twice"),
        ("web=2,000,code=1T", "'000' is not of the form DOMAIN=TOKENS; commas separate the entries of a list"),
        ("web=0", "--supply of web: '0' must be positive"),
        ("web=nan", "--supply of web"),
        ("web=-3", "must be positive"),
        ("published:dough", "--supply published:dough: 'dough' is not a published corpus; similar names: Dough v1"),
        ("published:", "--supply published:: names no corpus after the colon (`tokaudit corpora` lists them)"),
        ("published: ,", "'' is not a published corpus"),
        ("published:Pool Mix", "Pool Mix: the name alone means none of its rows; name one of "),
        ("published:Pool Mix/all", "Pool Mix/all: counts repeats, not unique text; name what it repeats"),
        ("published:Late Mix", ": is not in the registry; it is a recount of Baseline/all: name that"),
        ("published:Gutenberg", "neither tokens nor bytes of text are known for Gutenberg/all"),
        ("published:Snapshot", "known for Snapshot/all (3.2e12 bytes are published, but they are compressed)"),
        ("published:Threads", "they are of whole files, not only of text"),
        ("publishedx", "'publishedx' is not a supply"),
        ("measured+web=2T", "'measured+web=2T' is not a supply"),
        ("webz", "'webz' is not a supply; write measured, published, published:CORPUS"),
        ("", "'' is not a supply"),
    ],
)
def test_text_that_is_not_a_supply_is_refused_with_the_known_forms(text: str, what: str) -> None:
    with pytest.raises(UsageError) as raised:
        find_supply(text, NOWHERE, None, LAW_S)
    assert what in str(raised.value)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("domain,tokens_unique\nweb,1T,9\n", ":2: has more values than columns"),
        ("domain,tokens\nweb,1T\n", "has no column 'tokens_unique'"),
    ],
)
def test_a_file_with_other_columns_is_refused(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "s.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=what):
        find_supply(str(path), NOWHERE, None, LAW_S)


def test_blanks_around_column_names_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("domain, tokens_unique\nweb,1T\n")
    assert find_supply(str(path), NOWHERE, None, LAW_S).domains[0].tokens_unique == 1e12


def test_without_a_name_and_a_catalog_the_supply_is_published() -> None:
    found = find_supply(None, NOWHERE, None, LAW_S)
    published = find_supply("published", NOWHERE, None, LAW_S)
    assert found.domains == published.domains
    assert found.warnings[0].startswith(
        f"no --supply is given and {NOWHERE} has no counts, so the supply is the published"
    )
    assert found.warnings[1:] == published.warnings


def test_an_empty_catalog_is_treated_as_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    there = tmp_path / "x.duckdb"
    without = find_supply(None, there, None, LAW_S)
    there.touch()
    monkeypatch.setattr("tokaudit.supply.measured.measured_supply", lambda *_: Supply((), "measured"))
    assert find_supply(None, there, None, LAW_S) == without


def test_published_tokens_are_the_law_s_unless_others_are_requested() -> None:
    assert find_supply("published:Pages", NOWHERE, None, LAW_S).tokenizer == LAW_S
    assert find_supply("published:Pages", NOWHERE, "gpt2", LAW_S).tokenizer == "gpt2"
    assert find_supply("published:Pages", NOWHERE, None, "sub-word tokens").tokenizer == "cl100k_base"


def test_the_low_bound_leaves_out_text_known_to_be_in_two_domains() -> None:
    found = find_supply("published:Zebra/all,Pages/en", NOWHERE, None, LAW_S)
    other, web = found.domains
    assert (other.tokens_unique_low, web.tokens_unique_low) == (other.tokens_unique, 0)
    assert found.warnings[0].startswith(
        "Zebra/all contains text of Pages/en: up to 198B tokens are counted in two domains"
    )
    assert not any("not known" in warning for warning in found.warnings)


def test_the_bytes_of_a_library_s_files_are_not_its_text() -> None:
    (books,) = find_supply("published:Everyone's Library", NOWHERE, None, LAW_S).domains
    assert books.tokens_unique == 3.9e12


@pytest.mark.parametrize("law", [LAW_S, "gpt2", "sub-word tokens"])
@pytest.mark.parametrize("named", ["", ":Dough v1", ":Jam v1,Stars", ":Shadow Books"])
def test_published_domains_are_the_same_next_to_measured_ones(
    law: str, named: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    counted = Supply((DomainSupply("ours", 5.0, bytes_unique=20.0),), "measured", "cl100k_base", ("of the catalog",))
    monkeypatch.setattr("tokaudit.supply.measured.measured_supply", lambda *_: counted)
    found = find_supply(f"measured+published{named}", tmp_path, None, law)
    alone = find_supply(f"published{named}", NOWHERE, None, law)
    assert found.tokenizer == alone.tokenizer
    assert [entry for entry in found.domains if entry.domain != "ours"] == list(alone.domains)
    assert {"of the catalog", *alone.warnings} <= set(found.warnings)


def test_measured_tokens_are_converted_to_the_law_s(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    entry = DomainSupply("web", 5.0, bytes_unique=20.0, tokens_by={"cl100k_base": 5.0, "gpt2": 6.0})
    counted = Supply((entry, DomainSupply("zoo", 3.0)), "measured", "cl100k_base")
    monkeypatch.setattr("tokaudit.supply.measured.measured_supply", lambda *_: counted)
    found = find_supply("measured+published:Shadow Books", tmp_path, None, "gpt2")
    assert found.domains[1].tokens_unique == 6  # as counted, not by a published rate
    assert found.warnings[0].startswith(
        "measured tokens of cl100k_base are converted to those of gpt2: "
        "web times 1.2, counted in the catalog with gpt2; zoo times "
    )
    as_counted = find_supply("measured+published:Shadow Books", tmp_path, None, "cl100k_base")
    assert as_counted.domains[1:] == counted.domains
    assert not any("measured tokens of" in warning for warning in as_counted.warnings)


def test_measured_tokens_without_published_rates_are_converted_by_bytes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    counted = Supply((DomainSupply("web", 5.0, bytes_unique=48.0),), "measured", "ours")
    monkeypatch.setattr("tokaudit.supply.measured.measured_supply", lambda *_: counted)
    found = find_supply("measured+published:Shadow Books", tmp_path, None, LAW_S)
    assert found.tokenizer == LAW_S
    assert found.domains[1].tokens_unique == pytest.approx(12)  # 4 bytes per token of web pages
    assert "measured tokens of ours are converted to those of SentencePiece 32k: web times" in found.warnings[0]


def test_measured_tokens_without_known_rates_are_not_converted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(
        "tokaudit.supply.measured.measured_supply", lambda *_: Supply((DomainSupply("web", 5.0),), "measured", "ours")
    )
    found = find_supply("measured+published:Shadow Books", tmp_path, None, LAW_S)
    assert found.domains[1].tokens_unique == 5
    assert found.warnings[0].endswith("web is not converted, because no rate is known")


def test_without_a_name_the_supply_is_the_catalog_s(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    catalog = tmp_path / "x.duckdb"
    catalog.touch()
    asked: list[tuple[Path, str | None]] = []

    def measured(path: Path, tokenizer: str | None, where: str | None) -> Supply:
        assert where is None
        asked.append((path, tokenizer))
        return Supply((DomainSupply("web", 5.0),), "measured")

    monkeypatch.setattr("tokaudit.supply.measured.measured_supply", measured)
    assert find_supply(None, catalog, "gpt2", LAW_S).origin == "measured"
    assert find_supply("measured", catalog, None, LAW_S).origin == "measured"
    assert asked == [(catalog, "gpt2"), (catalog, None)]


def test_an_empty_catalog_is_refused_if_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tokaudit.supply.measured.measured_supply", lambda *_: Supply((), "measured"))
    with pytest.raises(UsageError, match=r"nothing is counted in .* yet; count text with `tokaudit ingest`"):
        find_supply("measured", tmp_path / "x.duckdb", None, LAW_S)


def test_a_file_gives_unique_tokens_with_bounds(tmp_path: Path) -> None:
    found = supply_in(
        tmp_path,
        "\ufeffdomain,tokens_unique,tokens_unique_low,tokens_unique_high,note\nweb,2T,1T,3e12,x\ncode,400_000,,,\n",
    )
    assert found.domains == (DomainSupply("code", 4e5), DomainSupply("web", 2e12, 1e12, 3e12))
    assert "supply.csv" in found.origin


def test_a_file_may_have_a_domain_with_zero_tokens(tmp_path: Path) -> None:
    assert supply_in(tmp_path, "domain,tokens_unique\nweb,0\n").domains == (DomainSupply("web", 0.0),)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "supply.csv:1: has no column 'domain' (its columns: none)"),
        ("domain;tokens_unique\nweb;1\n", "supply.csv:1: has no column 'domain' (its columns: domain;tokens_unique)"),
        ("domain,tokens\nweb,1\n", "supply.csv:1: has no column 'tokens_unique' (its columns: domain, tokens)"),
        ("domain,tokens_unique\n", "supply.csv: has no rows; add one per domain"),
        ("domain,tokens_unique\nweb,many\n", "supply.csv:2: column tokens_unique: 'many' is not a number"),
        (
            "domain,tokens_unique\nweb,1\ncode,-2\n",
            "supply.csv:3: column tokens_unique: '-2' must be positive",
        ),
        ("domain,tokens_unique\nweb\n", "supply.csv:2: column tokens_unique: is empty"),
        ("domain,tokens_unique\n,5\n", "supply.csv:2: column domain: is empty"),
        ("domain,tokens_unique\nwe\0b,1\n", r"supply.csv:2: column domain: 'we\x00b' has a control character"),
        ("domain,tokens_unique\nwe\x1b[31mb,1\n", r"column domain: 'we\x1b[31mb' has a control character; remove it"),
        ("domain,tokens_unique\nweb,1\nweb,2\n", "supply.csv:3: column domain: 'web' occurs twice"),
        (
            "domain,tokens_unique,tokens_unique_low\nweb,1,2\n",
            "supply.csv:2: tokens_unique is not between tokens_unique_low and tokens_unique_high",
        ),
        (
            "domain,tokens_unique,tokens_unique_high\nweb,1,x\n",
            "supply.csv:2: column tokens_unique_high: 'x'",
        ),
        (b"domain,tokens_unique\n\xff,1\n", "is not valid UTF-8 (byte 21); convert it"),
        ('domain,tokens_unique\n"' + "x" * 200_000 + '",1\n', "is not a CSV file"),
    ],
)
def test_an_invalid_file_is_refused_by_file_line_and_column(tmp_path: Path, text: str | bytes, what: str) -> None:
    with pytest.raises(InputError) as raised:
        supply_in(tmp_path, text)
    assert what in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be read: No such file"):
        find_supply(str(tmp_path / "none.csv"), NOWHERE, None, LAW_S)


def test_a_stated_supply_may_name_its_tokenizer(tmp_path: Path) -> None:
    assert find_supply("web=1T", NOWHERE, "cl100k_base", LAW_S).tokenizer == "cl100k_base"
    file = tmp_path / "supply.csv"
    file.write_text("domain,tokens_unique,bytes_unique\nweb,1T,4T\ncode,1T,\n")
    found = find_supply(str(file), NOWHERE, "openai-community/gpt2", LAW_S)
    assert found.tokenizer == "openai-community/gpt2"
    assert [entry.bytes_unique for entry in found.domains] == [None, 4e12]


def test_a_stated_supply_in_a_tokenizer_without_rates_is_refused() -> None:
    with pytest.raises(UsageError, match=r"--tokenizer cl100k: no rates are known .*known: .*cl100k_base"):
        find_supply("web=1T", NOWHERE, "cl100k", LAW_S)
