"""``--limit``: names, sizes and numbers."""

import pytest

from tokaudit.core.errors import UsageError
from tokaudit.pipeline.limit_options import limit_texts, parse_limits
from tokaudit.readers.unpack.limits import DEFAULT_LIMITS, Limits


def test_the_defaults_are_those_that_the_help_names() -> None:
    assert parse_limits([f"{name}={value}" for name, value in DEFAULT_LIMITS.items()]) == Limits() == parse_limits([])


def test_limits_are_sizes_and_numbers() -> None:
    found = parse_limits(["record=2GB", "page=1MB", "ratio=2,000", "total=1TiB", "members=5e6"])

    assert found == Limits(record=2_000_000_000, page=1_000_000, ratio=2000, total=1 << 40, members=5_000_000)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("size=1GB", r"--limit: unknown limit 'size' .*known: record, page, ratio, total, members"),
        ("record=5", "--limit record: '5' has no unit"),
        ("ratio=0.5", "--limit ratio: '0.5' must be at least 1"),
        ("ratio", "--limit: 'ratio' is not of the form NAME=VALUE"),
    ],
)
def test_a_wrong_limit_is_refused(given: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        parse_limits([given])


def test_integers_are_bytes_where_a_limit_is_a_size() -> None:
    given = limit_texts({"record": 2_000_000_000, "page": "1MB", "ratio": 2000, "members": 5_000_000})

    assert parse_limits(given) == Limits(record=2_000_000_000, page=1_000_000, ratio=2000, members=5_000_000)
    assert list(limit_texts({"size": 5})) == ["size=5"]
