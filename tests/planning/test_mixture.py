"""Shares: as typed, in proportion to the supply, and as close to those asked for as the epoch limits allow."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tokaudit.core.errors import UsageError
from tokaudit.planning.mixture import parse_max_epochs, parse_shares, project_shares, proportional, uniform


def test_shares_are_read_as_typed() -> None:
    assert parse_shares("web=0.7, code=.3") == {"web": 0.7, "code": 0.3}
    assert parse_shares("web=70%, code=0.3") == {"web": 0.7, "code": 0.3}


def test_shares_that_sum_to_almost_one_are_scaled() -> None:
    assert math.fsum(parse_shares("a=0.3333333,b=0.3333333,c=0.3333333").values()) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("web=0.7,code=0.2", "the shares sum to 0.9; they must sum to 1"),
        ("web=1.2,code=-0.2", "--mixture of web: '1.2' is not a share from 0 to 1"),
        ("web=1,code=-0.5", "--mixture of code: '-0.5' is not a share from 0 to 1"),
        ("web=nan", "--mixture of web: 'nan' is not a number; write 0.4 or 40%"),
        ("web=inf", "--mixture of web: 'inf' is not a number"),
        ("web=70,code=30", "--mixture of web: '70' is not a share from 0 to 1; write 0.4 or 40%"),
        ("web=0,7,code=0,3", "'7' is not of the form DOMAIN=SHARE; commas separate the entries of a list"),
        ("web=0.5,web=0.5", "web is named twice"),
        ("web=", "'web=' is not of the form DOMAIN=SHARE"),
        ("=1", "'=1' is not of the form"),
        ("web=1,", "'' is not of the form"),
        ("", "'' is not of the form"),
    ],
)
def test_invalid_shares_are_refused_with_the_reason(text: str, what: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_shares(text)
    assert what in str(raised.value)


@pytest.mark.parametrize(
    ("text", "every", "single"),
    [
        ("8", 8, {}),
        ("2,code=1.5", 2, {"code": 1.5}),
        ("code=3,web=1", None, {"code": 3, "web": 1}),
    ],
)
def test_epoch_limits_are_for_all_domains_or_single_ones(
    text: str, every: float | None, single: dict[str, float]
) -> None:
    assert parse_max_epochs(text) == (every, single)


@pytest.mark.parametrize("text", ["0", "-1", "x", "4,code", "4,code=0", ""])
def test_invalid_epoch_limits_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--max-epochs"):
        parse_max_epochs(text)


def test_proportional_shares_are_those_of_the_supply() -> None:
    assert proportional({"web": 3e12, "code": 1e12}) == {"web": 0.75, "code": 0.25}


def test_a_supply_without_tokens_has_no_proportions() -> None:
    with pytest.raises(UsageError, match=r"no unique tokens in any domain \(web\)"):
        proportional({"web": 0})


@st.composite
def wishes(draw: st.DrawFn) -> tuple[list[float], list[float], float]:
    weights = draw(st.lists(st.floats(0.01, 1), min_size=1, max_size=6))
    most = [draw(st.floats(1e9, 1e13)) for _ in weights]
    tokens = draw(st.floats(0.01, 0.99)) * math.fsum(most)
    return [weight / math.fsum(weights) for weight in weights], most, tokens


@given(wish=wishes())
def test_a_suggested_mixture_sums_to_one_within_every_limit(
    wish: tuple[list[float], list[float], float],
) -> None:
    asked, most, tokens = wish
    shares, feasible = project_shares(asked, most, tokens)
    assert feasible
    assert math.fsum(shares) == pytest.approx(1, abs=1e-12)
    assert all(share * tokens <= limit * (1 + 1e-9) for share, limit in zip(shares, most, strict=True))


@given(wish=wishes())
def test_domains_below_their_limits_keep_their_proportions(
    wish: tuple[list[float], list[float], float],
) -> None:
    asked, most, tokens = wish
    shares, _ = project_shares(asked, most, tokens)
    free = [
        share / wanted
        for share, wanted, limit in zip(shares, asked, most, strict=True)
        if share * tokens < limit * (1 - 1e-9)
    ]
    assert all(factor == pytest.approx(free[0], rel=1e-9) for factor in free)
    assert all(factor >= 1 - 1e-9 for factor in free)


@given(wish=wishes(), other=st.lists(st.floats(0.01, 1), min_size=6, max_size=6))
def test_no_other_mixture_within_the_limits_is_closer(
    wish: tuple[list[float], list[float], float], other: list[float]
) -> None:
    asked, most, tokens = wish
    shares, _ = project_shares(asked, most, tokens)
    rival, _ = project_shares([weight / math.fsum(other[: len(asked)]) for weight in other[: len(asked)]], most, tokens)

    def distance(mixture: list[float]) -> float:
        return math.fsum(share * math.log(share / wanted) for share, wanted in zip(mixture, asked, strict=True))

    assert distance(shares) <= distance(rival) + 1e-9


def test_a_mixture_within_its_limits_stays_as_it_is() -> None:
    assert project_shares([0.7, 0.3], [4e12, 4e12], 1e12) == ([0.7, 0.3], True)


def test_a_domain_without_a_share_stays_out() -> None:
    shares, feasible = project_shares([0.5, 0.5, 0.0], [1e12, 1e11, 1e13], 1e12)
    assert (shares, feasible) == ([pytest.approx(0.9), pytest.approx(0.1), 0.0], True)


@given(wish=wishes(), beyond=st.floats(1.01, 100))
def test_too_many_tokens_give_the_shares_at_the_most_there_are(
    wish: tuple[list[float], list[float], float], beyond: float
) -> None:
    asked, most, _ = wish
    assume(len(asked) > 1)
    shares, feasible = project_shares(asked, most, beyond * math.fsum(most))
    assert not feasible
    assert shares == pytest.approx([limit / math.fsum(most) for limit in most])


@given(
    unique=st.dictionaries(st.text(min_size=1), st.floats(1e6, 1e13), min_size=1, max_size=8),
    part=st.floats(0.01, 0.99),
    most=st.floats(0.5, 8),
)
def test_unimax_is_as_even_as_the_limits_allow(unique: dict[str, float], part: float, most: float) -> None:
    limits = [most * tokens for tokens in unique.values()]
    tokens = part * math.fsum(limits)
    shares, feasible = project_shares(list(uniform(unique).values()), limits, tokens)

    # Chung et al. 2023, algorithm 1: from the smallest on, each domain takes an even part of the rest, up to its limit.
    left = tokens
    expected: dict[int, float] = {}
    for place, limit in sorted(enumerate(limits), key=lambda entry: entry[1]):
        expected[place] = min(limit, left / (len(limits) - len(expected)))
        left -= expected[place]
    assert feasible
    assert shares == pytest.approx([expected[place] / tokens for place in range(len(limits))], rel=1e-9)
