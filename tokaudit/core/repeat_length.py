"""The length from which a line or paragraph counts as repeated inside its document, and how much of that is much."""

from typing import Final

REPEAT_LENGTH: Final = 40
"""Characters of the shortest line or paragraph that counts, by default: braces and most rules are shorter."""
MUCH: Final = 0.05
"""Share of the tokens seen above which repetition is warned of."""
