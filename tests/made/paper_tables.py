"""The tables in tests/papers: published numbers as printed."""

import csv
from pathlib import Path


def table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file whose first line is its source."""
    with (Path(__file__).parents[1] / "papers" / name).open(encoding="utf-8") as file:
        assert file.readline().startswith("# ")
        return list(csv.DictReader(file))


def last_digit(printed: str) -> float:
    """The place value of the last printed digit."""
    mantissa, _, exponent = printed.partition("e")
    return float(10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2])))
