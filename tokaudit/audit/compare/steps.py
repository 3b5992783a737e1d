"""A comparison as people read it: from the published tokens, cause by cause, to the measured unique tokens."""

from dataclasses import asdict

from tokaudit.audit.compare.compare import Comparison
from tokaudit.core.rows import Row


def steps(found: Comparison) -> list[Row]:
    """Rows of ``cause``, ``tokens``, ``low``, ``high``: published, each cause, measured, and the difference."""
    return [
        {"cause": "published", "tokens": found.published["tokens"]},
        *map(asdict, found.causes),
        {"cause": "measured, unique", "tokens": found.measured["tokens_unique"]},
        {"cause": "difference", "tokens": found.difference},
    ]


def explained(found: Comparison) -> tuple[str, ...]:
    """One line per row that says what it is computed from."""
    published, measured = found.published, found.tokenizer
    converted = published["difference_converted"]
    return (
        f"published: {', '.join(published['components'])}, in tokens of {published['tokenizer']}",
        f"measured: {found.source}, in tokens of {measured}",
        *(f"{cause.cause}: {cause.how}" for cause in found.causes),
        *(
            ()
            if converted is None
            else (f"difference: {converted:,} after converting the published tokens to {measured}",)
        ),
    )
