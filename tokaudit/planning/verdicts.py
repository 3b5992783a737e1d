"""The words of a verdict."""

from typing import Final, Literal

Constraint = Literal["data", "model", "compute"]
Cause = Literal["allocation", "supply", "both", "mixture"]
DomainVerdict = Literal["enough", "repeat", "strained", "exhausted"]
Level = Literal["sure", "likely", "undecided"]

MANY_EPOCHS: Final = 16
"""Beyond so many epochs, repeats cost more than the laws say, so the cost in a plan is a lower bound."""
