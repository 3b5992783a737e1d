"""A source next to published rows: causes that sum to the difference."""

import re
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.registry import published_row

from tokaudit.audit.compare.compare import Comparison, choose_rows, compare
from tokaudit.audit.compare.measured_source import Amount, CountedText, LeftOutFiles, MeasuredSource
from tokaudit.catalog.reference.corpora import Counted, PublishedCorpus
from tokaudit.catalog.reference.token_rates import NO_RATES, TokenRate, TokenRates
from tokaudit.core.errors import UsageError

SEEN = Amount(100, 40_000, 10_000)
SAME = CountedText(SEEN, SEEN, SEEN)
COPIES = CountedText(SEEN, Amount(90, 36_000, 9_000), Amount(80, 32_000, 8_000))


def source(text: CountedText = SAME, **more: object) -> MeasuredSource:
    return replace(MeasuredSource("ours", "web", "ours", {"ours": text}), **more)  # type: ignore[arg-type]


def rate(tokenizer: str, text: str, size: float) -> TokenRate:
    return TokenRate(tokenizer, text, "web", size, None, None, "a source")


RATES = TokenRates((rate("theirs", "a", 4.0), rate("ours", "a", 5.0), rate("theirs", "b", 4.0), rate("ours", "b", 4.5)))
ONE_RATE = TokenRates(RATES.rows[:2])


def causes(found: Comparison) -> dict[str, int]:
    assert len({cause.cause for cause in found.causes}) == len(found.causes)
    return {cause.cause: cause.tokens for cause in found.causes}


amounts = st.builds(Amount, st.integers(0, 10**9), st.integers(0, 10**14), st.integers(0, 10**14))
sizes = st.none() | st.integers(1, 10**14)
rows = st.builds(
    published_row,
    tokens=st.integers(0, 10**14),
    bytes=sizes,
    documents=st.none() | st.integers(1, 10**10),
    tokenizer=st.sampled_from(["ours", "theirs", "words", ""]),
    counted=st.sampled_from(get_args(Counted)),
)


@pytest.mark.slow
@given(st.builds(CountedText, amounts, amounts, amounts), st.lists(rows, min_size=1, max_size=3), st.integers(0, 10**6))
@pytest.mark.parametrize("rates", [NO_RATES, ONE_RATE, RATES])
def test_the_causes_sum_to_the_difference(
    rates: TokenRates, text: CountedText, published: list[PublishedCorpus], bad: int
) -> None:
    found = compare(source(text, bad_records=bad), published, rates)

    assert sum(cause.tokens for cause in found.causes) == found.difference
    assert found.difference == text.unique.tokens - sum(row.tokens or 0 for row in published)
    assert len({cause.cause for cause in found.causes}) == len(found.causes)
    for cause in found.causes:
        assert (cause.low is None) == (cause.high is None)
        assert cause.low is None or cause.high is None or cause.low <= cause.tokens <= cause.high


@given(amounts, st.booleans(), st.booleans(), st.sampled_from(get_args(Counted)))
def test_equal_text_has_no_causes(amount: Amount, documents: bool, size: bool, counted: Counted) -> None:
    row = published_row(
        tokens=amount.tokens,
        tokenizer="ours",
        documents=amount.documents if documents else None,
        bytes=amount.bytes if size else None,
        counted=counted,
    )
    found = compare(source(CountedText(amount, amount, amount), bad_records=3), [row], NO_RATES)

    assert set(causes(found).values()) == {0}
    assert found.difference == found.published["difference_converted"] == 0


def test_an_empty_source_lacks_documents() -> None:
    nothing = Amount(0, 0, 0)
    row = published_row(tokens=1_000, tokenizer="ours", documents=10, bytes=4_000)
    found = causes(compare(source(CountedText(nothing, nothing, nothing)), [row], NO_RATES))

    assert found.pop("missing shards or filters") == -1_000
    assert set(found.values()) == {0}


def test_each_cause_has_the_tokens_of_its_step() -> None:
    # 20,000 of theirs are 16,000 of ours (4 bytes a token against 5); half of the documents, of 500 bytes for 320; they
    # have 4 bytes a token against 4.
    row = published_row(tokens=20_000, tokenizer="theirs", documents=200, bytes=64_000)
    text = CountedText(Amount(100, 50_000, 12_000), Amount(95, 48_000, 11_500), Amount(90, 45_000, 11_000))
    found = compare(source(text, bad_records=4), [row], ONE_RATE)

    assert causes(found) == {
        "tokenizer": -4_000,
        "missing shards or filters": -(200 - 104) * 80,
        "bad records": -4 * 80,
        "fields, cleaning or unlike documents": 12_500 - 8_000,
        "unexplained": -500,
        "dedup scope": -1_000,
    }
    assert found.difference == -9_000
    assert found.published["difference_converted"] == -5_000


def test_all_causes_but_dedup_have_the_spread_of_the_conversion() -> None:
    row = published_row(tokens=20_000, tokenizer="theirs", documents=100, bytes=80_000)
    found = {cause.cause: cause for cause in compare(source(COPIES), [row], RATES).causes}

    # 4 / 5 and 4 / 4.5
    assert (found["tokenizer"].low, found["tokenizer"].high) == (-4_000, -2_222)
    assert (found["fields or cleaning"].low, found["fields or cleaning"].high) == (-8_889, -8_000)
    assert (found["unexplained"].low, found["unexplained"].high) == (10_000 - 8_889, 10_000 - 8_000)
    assert (found["dedup scope"].low, found["dedup scope"].high) == (-2_000, -2_000)


def test_without_a_spread_there_are_no_bounds_and_a_warning() -> None:
    row = published_row(tokens=20_000, tokenizer="theirs", documents=100, bytes=80_000)
    found = compare(source(), [row], ONE_RATE)

    assert {cause.low for cause in found.causes} == {None}
    assert any("no cause has bounds" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("counted", "dedup"), [("nominal", -2_000), ("repeated", -2_000), ("exact", -1_000), ("near", 0)]
)
def test_a_number_is_compared_with_the_same_kind_of_count(counted: Counted, dedup: int) -> None:
    ours = COPIES.counted_as(counted)
    row = published_row(
        tokens=ours.tokens,
        tokenizer="ours",
        documents=ours.documents,
        bytes=ours.bytes,
        counted=counted,
    )
    found = causes(compare(source(COPIES), [row], NO_RATES))

    assert found.pop("dedup scope") == dedup
    assert set(found.values()) == {0}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("known", "names"),
    [
        ({}, ["missing shards, filters, fields or cleaning", "dedup scope"]),
        ({"tokens": 500}, ["other edition, fields or cleaning", "dedup scope"]),
        ({"tokenizer": ""}, ["tokenizer, missing shards, filters, fields or cleaning", "dedup scope"]),
        ({"documents": 200}, ["missing shards or filters", "fields, cleaning or unlike documents", "dedup scope"]),
        ({"documents": 50}, ["other edition", "fields, cleaning or unlike documents", "dedup scope"]),
        ({"documents": 100}, ["missing shards or filters", "fields or cleaning", "dedup scope"]),
        (
            {"documents": 200, "tokenizer": "words"},
            ["missing shards or filters", "tokenizer, fields, cleaning or unlike documents", "dedup scope"],
        ),
        ({"bytes": 80_000}, ["missing shards, filters, fields or cleaning", "unexplained", "dedup scope"]),
        (
            {"bytes": 80_000, "tokens": 30_000},
            ["missing shards, filters, fields or cleaning", "unexplained", "dedup scope"],
        ),
        ({"counted": "repeated"}, ["repeats, missing shards, filters, fields or cleaning", "dedup scope"]),
        (
            {"bytes": 80_000, "tokenizer": ""},
            ["tokenizer or other text", "missing shards, filters, fields or cleaning", "unexplained", "dedup scope"],
        ),
    ],
)
def test_causes_that_can_t_be_separated_are_named_together(known: dict[str, object], names: list[str]) -> None:
    row = published_row(**{"tokens": 20_000, "tokenizer": "ours", **known})
    found = [cause.cause for cause in compare(source(), [row], NO_RATES).causes if cause.cause != "tokenizer"]

    assert found == names


def test_the_conversion_by_bytes_leaves_nothing_unexplained() -> None:
    row = published_row(tokens=30_000, tokenizer="words", documents=200, bytes=80_000)
    found = causes(compare(source(), [row], NO_RATES))

    assert found["tokenizer or other text"] == -10_000
    assert found["missing shards or filters"] == -10_000
    assert found["unexplained"] == 0


def test_a_sum_lacks_what_one_of_its_rows_lacks() -> None:
    two = [
        published_row(component="one", tokens=6_000, tokenizer="ours", documents=60, bytes=24_000),
        published_row(component="two", tokens=4_000, tokenizer="ours", documents=40, counted="near"),
    ]
    found = compare(source(COPIES), two, NO_RATES)

    assert (found.published["tokens"], found.published["documents"], found.published["bytes"]) == (10_000, 100, None)
    assert found.published["counted"] == "nominal"
    assert any("different duplicates" in warning for warning in found.warnings)
    assert causes(found) == {
        "tokenizer": 0,
        "missing shards or filters": 0,
        "fields or cleaning": 0,
        "dedup scope": -2_000,
    }


def test_a_partial_source_is_scaled_to_the_whole() -> None:
    row = published_row(tokens=1_000_000, tokenizer="ours", documents=10_000, bytes=4_000_000)
    found = compare(source(), [row], NO_RATES)

    assert any("0.01 of the published documents" in warning and "1.00M" in warning for warning in found.warnings)
    (said,) = (cause.how for cause in found.causes if cause.cause == "missing shards or filters")
    assert "as many bytes each" in said
    assert compare(source(), [replace(row, tokens=10_000, documents=100, bytes=40_000)], NO_RATES).warnings == ()


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (
            {"documents": 1_000},
            "only 0.1 of the published documents are measured, .*whole has 100K tokens, against 20.0K published$",
        ),
        ({"documents": 1_000, "tokenizer": ""}, "whole has 100K tokens$"),
        ({"bytes": 80_000}, "only 0.5 of the published bytes .*whole has 20.0K tokens, against 20.0K published$"),
        ({"bytes": 80_000, "tokenizer": ""}, "0.5 of the published bytes .*whole has 20.0K tokens$"),
        ({}, "only 0.5 of the published tokens are measured, so duplicates of the rest are not found$"),
    ],
)
def test_the_part_is_measured_by_published_sizes(known: dict[str, object], said: str) -> None:
    row = published_row(**{"tokens": 20_000, "tokenizer": "ours", **known})
    (warning,) = (one for one in compare(source(), [row], NO_RATES).warnings if "of the published" in one)

    assert re.match(f".*{said}", warning)


@pytest.mark.parametrize(
    ("counted", "scope", "said"),
    [
        ("nominal", "dump", "includes duplicates .it searched for duplicates within each crawl"),
        (
            "near",
            "global",
            "leaves out near-duplicates, .* across the whole corpus.*1,000 tokens in exact .* and 1,000 in near-",
        ),
    ],
)
def test_dedup_names_what_the_published_number_leaves_out(counted: Counted, scope: str, said: str) -> None:
    row = published_row(tokenizer="ours", counted=counted, dedup_scope=scope)

    assert re.search(said, compare(source(COPIES), [row], NO_RATES).causes[-1].how)


def test_missing_and_doubtful_numbers_are_warnings() -> None:
    measured = source(
        bad_records=2,
        bad_files=1,
        bad_files_bytes=77,
        left_out=(LeftOutFiles("binary", 3, 800), LeftOutFiles("link", 1, None)),
        warnings=("not final",),
        steps=("a-step",),
    )
    row = published_row(
        tokens=10_000, tokens_low=9_000, tokenizer="ours", documents=100, bytes=40_000, kind="recalled", note="a note"
    )
    found = compare(measured, [row], NO_RATES)
    said = "\n".join(found.warnings)

    for part in (
        "not final",
        "2 bad records",
        "77 stored bytes",
        "3 paths of the source left out by the rule binary (800 stored bytes, 200 tokens if plain text)",
        "1 path of the source left out by the rule link (of unknown size",
        "made/all: the numbers are recalled, not read in the source itself",
        "in dispute, from 9,000 to 10,000",
    ):
        assert part in said
    assert "bad records" not in causes(found)  # as many documents as published, so they are not counted
    assert found.published["notes"] == ["made/all: a note"]
    assert any("a-step" in cause.how for cause in found.causes)


def test_rows_without_any_size_are_refused() -> None:
    with pytest.raises(UsageError, match="made/all: neither tokens nor bytes of text are published"):
        compare(source(), [published_row(tokens=None)], NO_RATES)


@pytest.mark.parametrize(
    ("asked", "domains", "components"),
    [
        ("made", ["web", "code"], ["0"]),
        ("made", ["web", "code", "web"], ["0", "2"]),
        ("made", ["books", "code"], ["0", "1"]),
        ("made", ["web", "web"], ["0", "1"]),
        ("made", ["books"], ["0"]),
        ("made/0,made/1", ["web", "code"], ["0", "1"]),
    ],
)
def test_a_corpus_means_its_rows_of_the_source_s_domain(asked: str, domains: list[str], components: list[str]) -> None:
    corpus = [published_row(component=str(place), domain=name) for place, name in enumerate(domains)]
    found, notes = choose_rows(asked, corpus, "web")

    assert [row.component for row in found] == components
    assert bool(notes) == (asked == "made" and len(set(domains)) > 1)


@pytest.mark.parametrize("other", [{"corpus": "another"}, {"standard": False}])
def test_rows_that_overlap_are_not_added_up(other: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="only disjoint parts of one corpus"):
        choose_rows("x/y,z", [published_row(), published_row(**other)], "web")
