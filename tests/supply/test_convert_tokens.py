"""Conversion of token counts between tokenizers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.plans import make_plan
from made.reference import RATES

from tokaudit.catalog.reference.token_rates import NO_RATES, TokenRate, TokenRates
from tokaudit.laws.published import LAWS
from tokaudit.planning.budgets import budget_for
from tokaudit.supply.convert_tokens import convert
from tokaudit.supply.types import DomainSupply, Supply

LAW_S = "the law's"
NAMES = {LAW_S: "coarse", "other/coarse": "coarse"}


def rate(tokenizer: str, text: str, domain: str = "web", **known: float) -> TokenRate:
    return TokenRate(
        tokenizer, text, domain, known.get("bytes"), known.get("characters"), known.get("tokens"), "a source"
    )


def one(entry: DomainSupply, *rates: TokenRate, own: str = "fine") -> DomainSupply:
    """The only domain of a supply, converted."""
    (found,) = convert(Supply((entry,), "a test", own), LAW_S, TokenRates(rates, NAMES)).domains
    return found


def bounds(entry: DomainSupply) -> list[float | None]:
    return [entry.tokens_unique_low, entry.tokens_unique_high]


# Four bytes per token against five: the law's tokens are longer, so there are fewer of them.
FOUR_TO_FIVE = (rate("fine", "a", bytes=4.0), rate("coarse", "a", bytes=5.0))


def test_longer_tokens_are_fewer() -> None:
    found = one(DomainSupply("web", 100.0), *FOUR_TO_FIVE)
    assert found.tokens_unique == pytest.approx(80)
    assert found.factor is not None
    assert found.factor.value == pytest.approx(0.8)


@given(st.floats(1, 8), st.floats(1, 8), st.floats(1, 1e15))
def test_the_bytes_stay_the_same(of_own: float, of_law: float, tokens: float) -> None:
    rates = (rate("fine", "a", bytes=of_own), rate("coarse", "a", bytes=of_law))
    assert one(DomainSupply("web", tokens), *rates).tokens_unique * of_law == pytest.approx(tokens * of_own)


@pytest.mark.parametrize(
    ("here", "there", "factor"),
    [
        ({"characters": 4.5}, {"characters": 3.0}, 1.5),
        ({"tokens": 200.0}, {"tokens": 300.0}, 1.5),
        ({"bytes": 4.0, "tokens": 200.0}, {"characters": 3.0, "tokens": 300.0}, 1.5),
        ({"bytes": 4.0}, {"characters": 3.0}, None),
        ({"bytes": 4.0, "tokens": 1.0}, {"bytes": 5.0, "tokens": 9.0}, 0.8),  # a rate precedes whole counts
    ],
)
def test_only_the_same_unit_is_compared(here: dict[str, float], there: dict[str, float], factor: float | None) -> None:
    found = one(
        DomainSupply("web", 100.0), rate("fine", "a", "web", **here), rate("coarse", "a", "web", **there)
    ).factor
    assert (found.value if found else None) == (None if factor is None else pytest.approx(factor))


def test_if_nothing_else_is_known_web_rates_through_a_third_one_are_used() -> None:
    way = [rate("fine", "a", bytes=4.0), rate("third", "a", bytes=4.4)]
    way += [rate("third", "b", characters=3.0), rate("coarse", "b", characters=3.3)]
    found = one(DomainSupply("books", 100.0), *way)
    assert found.tokens_unique == pytest.approx(100 * 4.0 / 4.4 * 3.0 / 3.3)
    assert found.factor is not None
    assert "(b, through third, as there is no rate for books" in found.factor.source
    own_bytes = one(DomainSupply("books", 100.0, bytes_unique=500.0), *way, rate("coarse", "c", bytes=5.0))
    assert own_bytes.tokens_unique == pytest.approx(100)


def test_texts_of_the_domain_come_first_and_give_the_spread() -> None:
    code = [rate("fine", text, "code", bytes=size) for text, size in (("x", 3.0), ("y", 2.5), ("z", 4.0))]
    code += [rate("coarse", text, "code", bytes=5.0) for text in "xyz"]
    found = one(DomainSupply("code", 100.0), *FOUR_TO_FIVE, *code)
    assert found.tokens_unique == pytest.approx(60)
    assert bounds(found) == pytest.approx([50, 80])
    assert found.factor is not None
    assert found.factor.source == "published rates (x)"


def test_a_domain_without_texts_is_converted_as_web_pages() -> None:
    code = (rate("fine", "x", "code", bytes=3.0), rate("coarse", "x", "code", bytes=5.0))
    found = one(DomainSupply("books", 100.0), *code, *FOUR_TO_FIVE)
    assert found.tokens_unique == pytest.approx(80)
    assert bounds(found) == pytest.approx([60, 80])
    assert found.factor is not None
    assert "as there is no rate for books" in found.factor.source


def test_a_text_of_the_domain_through_a_third_one_precedes_web_pages() -> None:
    third = (
        rate("third", "a", bytes=4.4),
        rate("third", "x", "code", bytes=3.0),
        rate("coarse", "x", "code", bytes=2.0),
    )
    found = one(DomainSupply("code", 100.0), *FOUR_TO_FIVE, *third)
    assert found.tokens_unique == pytest.approx(100 * 4.0 / 4.4 * 3.0 / 2.0)
    assert found.factor is not None
    assert "(x, through third; the only text" in found.factor.source
    assert one(DomainSupply("web", 100.0), *FOUR_TO_FIVE, *third).tokens_unique == pytest.approx(80)
    assert one(DomainSupply("books", 100.0), *FOUR_TO_FIVE, *third).tokens_unique == pytest.approx(80)


def test_both_steps_through_a_third_one_use_texts_of_the_domain() -> None:
    code = [rate("fine", "x", "code", bytes=4.2), rate("third", "x", "code", bytes=3.0)]
    code += [rate("third", "y", "code", bytes=2.5), rate("coarse", "y", "code", bytes=2.2)]
    found = one(DomainSupply("code", 100.0), rate("fine", "a", bytes=4.0), rate("third", "a", bytes=4.4), *code)
    assert found.tokens_unique == pytest.approx(100 * 4.2 / 3.0 * 2.5 / 2.2)


def test_bytes_per_token_of_several_texts_give_the_spread() -> None:
    texts = (rate("coarse", "a", bytes=5.0), rate("coarse", "b", bytes=4.0), rate("coarse", "c", bytes=8.0))
    found = one(DomainSupply("web", 100.0, bytes_unique=400.0), *texts, own="nobody's")
    assert found.tokens_unique == pytest.approx(80)
    assert bounds(found) == pytest.approx([50, 100])


def test_bounds_of_the_supply_are_converted_and_widened() -> None:
    other = (rate("fine", "b", bytes=4.0), rate("coarse", "b", bytes=4.0))
    found = one(DomainSupply("web", 100.0, 50.0, 200.0), *FOUR_TO_FIVE, *other)
    assert found.tokens_unique == pytest.approx(80)
    assert bounds(found) == pytest.approx([40, 200])


def test_a_single_text_gives_no_spread_and_says_so() -> None:
    found = one(DomainSupply("web", 100.0, 50.0), *FOUR_TO_FIVE)
    assert bounds(found) == pytest.approx([40, None])
    assert found.factor is not None
    assert "spread is unknown" in found.factor.source


def test_a_count_in_the_catalog_precedes_published_rates() -> None:
    entry = DomainSupply("web", 100.0, None, None, 400.0, {"fine": 100, "other/coarse": 93})
    found = one(entry, *FOUR_TO_FIVE)
    assert found.tokens_unique == pytest.approx(93)
    assert bounds(found) == [None, None]
    assert found.factor is not None
    assert found.factor.source == "counted in the catalog with other/coarse"


def test_an_unknown_tokenizer_is_converted_by_the_supply_s_bytes() -> None:
    found = one(DomainSupply("web", 100.0, None, None, 600.0), *FOUR_TO_FIVE, own="nobody's")
    assert found.tokens_unique == pytest.approx(120)
    assert found.factor is not None
    assert "its bytes divided by published bytes per token" in found.factor.source


def test_a_domain_without_known_rates_is_not_converted() -> None:
    entry = DomainSupply("web", 100.0)
    assert one(entry, *FOUR_TO_FIVE, own="nobody's") == entry
    assert one(entry) == entry
    empty = DomainSupply("web", 0.0, None, None, 0.0)
    assert one(empty, *FOUR_TO_FIVE, own="nobody's") == empty


def test_the_law_s_own_tokenizer_needs_no_conversion() -> None:
    found = one(DomainSupply("web", 100.0), own="other/coarse")
    assert found.tokens_unique == 100
    assert found.factor is not None
    assert found.factor.value == 1


def test_bare_numbers_are_the_law_s_tokens() -> None:
    bare = Supply((DomainSupply("web", 100.0),), "a test")
    assert convert(bare, LAW_S, TokenRates(FOUR_TO_FIVE, NAMES)) is bare


@pytest.mark.parametrize(("converted", "share", "constraint"), [(False, 0.782, "data"), (True, 0.8305, "compute")])
def test_the_tokenizer_alone_changes_a_verdict(converted: bool, share: float, constraint: str) -> None:
    rates = TokenRates(tuple(row for row in RATES.rows if row.text == "a page"), RATES.names)
    domains = tuple(DomainSupply(name, tokens) for name, tokens in (("books", 3e10), ("code", 4e11), ("web", 2e12)))
    law = LAWS.get("hoffmann2022-approach3")
    supply = Supply(domains, "a test", "cl100k_base" if converted else None)
    made = make_plan("hoffmann2022-approach3", law, budget_for(law, flops=1e25), supply, rates=rates)
    assert made.compute_equivalent_share == pytest.approx(share, abs=5e-4)
    assert made.constraint == constraint
    for domain, stated in zip(made.domains, domains, strict=True):
        factor = 1.2 if converted else 1
        assert domain.tokens_unique == pytest.approx(stated.tokens_unique * factor)
        assert domain.tokens_factor == (pytest.approx(factor) if converted else None)


def test_each_law_gets_the_supply_in_its_own_tokens() -> None:
    supply = Supply((DomainSupply("web", 1e12),), "a test", "cl100k_base")
    law = LAWS.get("besiroglu2024")
    budget = budget_for(law, flops=1e25)
    others = {name: LAWS.get(name) for name in ("hoffmann2022-approach3", "muennighoff2023", "gadre2024")}
    made = make_plan("besiroglu2024", law, budget, supply, rates=RATES, voters=others)
    for verdict in made.sensitivity or ():
        alone = make_plan(verdict.law, LAWS.get(verdict.law), budget, supply, rates=RATES)
        assert verdict.compute_equivalent_share == pytest.approx(alone.compute_equivalent_share)


def test_without_rates_a_plan_says_that_tokens_are_not_converted() -> None:
    law = LAWS.get("besiroglu2024")
    supply = Supply((DomainSupply("web", 1e12),), "a test", "cl100k_base")
    made = make_plan("besiroglu2024", law, budget_for(law, flops=1e24), supply, rates=NO_RATES)
    assert made.domains[0].tokens_unique == 1e12
    assert any("no conversion rate is known for web" in warning for warning in made.warnings)
