"""The length from which a line or paragraph counts as repeated inside its document."""

from typing import Final

REPEAT_LENGTH: Final = 40
"""Characters of the shortest line or paragraph that counts, by default: braces and most rules are shorter."""
