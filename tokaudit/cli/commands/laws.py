"""``tokaudit laws``: the scaling laws there are, what they count, where they hold, and their constants."""

import sys
from typing import Any, Final

import click

from tokaudit.cli.output import say
from tokaudit.cli.session import Session

_WHAT: Final = (
    "law",
    "source",
    "params_counted",
    "corpus",
    "tokenizer",
    "valid_flops_low",
    "valid_flops_high",
)
_MORE: Final = (
    *("valid_params_low", "valid_params_high", "valid_tokens_low", "valid_tokens_high"),
    *("valid_tokens_per_param_low", "valid_tokens_per_param_high"),
    *("interval_level", "interval", "asked", "warnings"),
)


@click.command()
@click.option("--forget", "forgotten", metavar="NAME", help="Instead, take a law that 'fit --save' kept out.")
@click.pass_obj
def laws(session: Session, forgotten: str | None) -> None:
    """List the scaling laws, published and fitted: source, what they count, where they hold, constants."""
    from tokaudit.laws.find import find_law, law_names
    from tokaudit.reports.rows import write_rows

    if forgotten is not None:
        from tokaudit.laws.saved import forget_law

        forget_law(session.catalog, forgotten)
        say(session, f"forgot the law {forgotten} of {session.catalog}")
        return
    rows: list[dict[str, Any]] = []
    constants: dict[str, None] = {}
    for name in law_names(session.catalog):
        law, _ = find_law(name, session.catalog)
        metadata = law.metadata
        row: dict[str, Any] = {
            "law": name,
            "source": metadata.source,
            "params_counted": metadata.params_counted,
            "corpus": metadata.corpus,
            "tokenizer": metadata.tokenizer,
        }
        for quantity, known in (
            ("flops", metadata.valid.flops),
            ("params", metadata.valid.params),
            ("tokens", metadata.valid.tokens),
            ("tokens_per_param", metadata.valid.tokens_per_param),
        ):
            row[f"valid_{quantity}_low"], row[f"valid_{quantity}_high"] = known or (None, None)
        interval = metadata.interval
        row |= {
            "interval_level": interval.level if interval else None,
            "interval": {name: list(bounds) for name, bounds in interval.bounds.items()} if interval else None,
            "asked": metadata.votes,
            "warnings": list(metadata.warnings),
        }
        constants |= dict.fromkeys(law.constants)
        rows.append(row | dict(law.constants))
    for row in rows:
        for constant in constants:
            row.setdefault(constant, None)
    # A table is read by people, who have no room for what programs can have.
    more = _MORE if session.format in ("json", "csv") else ()
    write_rows(rows, sys.stdout, session.format, columns=(*_WHAT, *constants, *more))


COMMAND: Final[click.Command] = laws
