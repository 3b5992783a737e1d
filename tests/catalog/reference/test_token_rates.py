"""Published counts of tokenizers on one text."""

import pytest
from made.reference import RATES
from made.registry import DOMAINS

from tokaudit.catalog.reference.corpora import published_corpora
from tokaudit.catalog.reference.read import read_table
from tokaudit.catalog.reference.token_rates import token_rates


def test_every_rate_has_a_plausible_size_and_a_source() -> None:
    rows = token_rates().rows
    assert len({(row.tokenizer, row.text) for row in rows}) == len(rows)
    for row in rows:
        assert row.bytes_per_token or row.characters_per_token or row.tokens
        assert all(1.5 < size < 6.5 for size in (row.bytes_per_token, row.characters_per_token) if size)
        assert row.domain in DOMAINS
        assert row.source


def test_every_text_can_be_compared_and_every_name_has_a_rate() -> None:
    rates = token_rates()
    texts = [row.text for row in rates.rows]
    assert [row for row in rates.rows if texts.count(row.text) < 2 and not row.bytes_per_token] == []
    assert set(rates.names.values()) <= {row.tokenizer for row in rates.rows}


def test_tokenizers_of_the_registry_have_rates_or_are_listed() -> None:
    named = {row.tokenizer for row in published_corpora() if row.tokenizer}
    listed = {row["name"]: row["known_as"] for row in read_table("token_names.csv")}
    rates = token_rates()
    counted = {row.tokenizer for row in rates.rows}
    assert named - {*listed, *counted} == set(), (
        "needs a row in token_names.csv, with an empty known_as if no rate is published"
    )
    without = {name for name, known_as in listed.items() if not known_as}
    assert not without & {*rates.names, *counted}


@pytest.mark.usefixtures("made_reference")
def test_a_tokenizer_listed_without_rates_has_none() -> None:
    assert "Nobody's BPE" in {row["name"] for row in read_table("token_names.csv")}
    assert token_rates().names == RATES.names
