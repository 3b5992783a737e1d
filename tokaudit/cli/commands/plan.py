"""``tokaudit plan``: is data the constraint of a training run, in which domain and by how much?"""

import sys
from dataclasses import asdict, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tokaudit.cli.output import say
from tokaudit.cli.session import Session
from tokaudit.core.errors import InputError, UsageError
from tokaudit.core.units import parse_count

if TYPE_CHECKING:
    from tokaudit.planning.plan import Plan
    from tokaudit.supply.types import Supply

DEFAULT_LAW: Final = "besiroglu2024"
UNIMAX: Final = "unimax"
SUPPLY_FORMS: Final = "measured|published[:CORPUS,…]|measured+published[:CORPUS,…]|FILE.csv|DOMAIN=TOKENS,…"


@click.command()
@click.option("--flops", metavar="C", help="The budget in training FLOPs, such as 1e24.")
@click.option("--params", metavar="N", help="Params of the run; alone: the budget of its compute-optimal run.")
@click.option("--tokens", metavar="D", help="Tokens of the run; alone: the budget of its compute-optimal run.")
@click.option(
    "--gpu", metavar="NAME", help="Hardware, as the budget, or with a price as what it costs: which accelerator."
)
@click.option("--gpus", metavar="K", help="How many.")
@click.option("--days", metavar="T", help="For how long.")
@click.option("--mfu", metavar="F", help="Share of the peak that the model's FLOPs reach [default: 0.4].")
@click.option("--law", "law_name", metavar="NAME", default=DEFAULT_LAW, show_default=True, help="A law.")
@click.option(
    "--mixture",
    metavar="DOMAIN=SHARE,…|NAME",
    help="Shares of the tokens, or a known mixture such as llama1, or unimax [default: the supply's].",
)
@click.option(
    "--supply",
    metavar=SUPPLY_FORMS,
    help="The unique tokens there are [default: measured, if the catalog has anything, else published].",
)
@click.option(
    "--tokenizer", metavar="NAME", help="Whose tokens the supply has [default: the catalog's first, or the law's]."
)
@click.option("--max-epochs", metavar="E[,DOMAIN=E…]", help="Most epochs in mixture_suggested [default: 4].")
@click.option(
    "--inference-tokens",
    metavar="T",
    help="Tokens to serve over the model's lifetime: the cheapest run for training and serving.",
)
@click.option("--price-gpu-hour", metavar="P", help="Price of a GPU-hour [of --gpu; default: H100 SXM].")
@click.option("--add", metavar="DOMAIN=TOKENS,…", help="What these tokens more are worth [default: all it lacks].")
@click.option(
    "--markdown",
    "markdown_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write the plan here.",
)
@click.option("--force", is_flag=True, help="Overwrite FILE.")
@click.pass_obj
def plan(
    session: Session,
    /,
    *,
    law_name: str,
    mixture: str | None,
    supply: str | None,
    tokenizer: str | None,
    max_epochs: str | None,
    inference_tokens: str | None,
    price_gpu_hour: str | None,
    add: str | None,
    markdown_file: Path | None,
    force: bool,
    **budget: str | None,
) -> None:
    """Say whether data, model size or compute limits a training run, in which domain and by how much.

    Published laws are of dense models: of a mixture of experts, whatever is given as --params, they know nothing.
    """
    from tokaudit.catalog.reference.repeats import repeated_runs
    from tokaudit.catalog.reference.token_rates import token_rates
    from tokaudit.laws.find import find_law, voting_laws
    from tokaudit.planning.budgets import spending
    from tokaudit.planning.mixture import DEFAULT_MAX_EPOCHS, parse_max_epochs
    from tokaudit.planning.planner import make_plan
    from tokaudit.supply.resolve import find_supply, parse_tokens

    if markdown_file and markdown_file.exists() and not force:
        raise UsageError(f"--markdown: {markdown_file} is there already; --force overwrites it")
    law, draws = find_law(law_name, session.catalog)
    price = None if price_gpu_hour is None else parse_count(price_gpu_hour, "--price-gpu-hour")
    gpu = budget.pop("gpu")
    numbers = {name: parse_count(text, f"--{name}") for name, text in budget.items() if text is not None}
    wanted, hardware, notes = spending(law, numbers, gpu, priced=price is not None)
    most, most_of = parse_max_epochs(max_epochs) if max_epochs is not None else (DEFAULT_MAX_EPOCHS, {})
    available = find_supply(supply, session.catalog, tokenizer, law.metadata.tokenizer)
    shares, more = _shares(mixture, available)
    planned = partial(
        make_plan,
        law_name,
        law,
        wanted,
        available,
        max_epochs=most,
        max_epochs_of=most_of,
        others=voting_laws(),
        draws=draws,
        rates=token_rates(),
        repeated=repeated_runs(),
        served=None if inference_tokens is None else parse_count(inference_tokens, "--inference-tokens"),
        hardware=hardware,
        price=price,
        added=None if add is None else parse_tokens(add, "--add"),
        notes=[*notes, *more],
    )
    made = planned(shares=shares)
    if mixture == UNIMAX:  # as even as the limits allow, for the tokens of the plan
        made = planned(shares=made.mixture_suggested)
    _write(made, session)
    if markdown_file:
        _write_markdown(made, markdown_file)


def _shares(mixture: str | None, supply: "Supply") -> tuple[dict[str, float] | None, list[str]]:
    """The shares that ``--mixture`` asks for, and what to know of them."""
    from tokaudit.catalog.reference.mixtures import find_mixture
    from tokaudit.planning.mixture import parse_shares, uniform

    if mixture is None or "=" in mixture:
        return None if mixture is None else parse_shares(mixture), []
    if mixture == UNIMAX:
        with_tokens = [entry.domain for entry in supply.domains if entry.tokens_unique]
        return uniform(with_tokens), ["mixture unimax: as even as --max-epochs allows (arXiv:2304.09151)"]
    known = find_mixture(mixture)
    return known.shares, known.notes()


def _write(made: "Plan", session: Session) -> None:
    if session.format == "csv":
        from tokaudit.planning.plan import DomainPlan
        from tokaudit.reports.rows import write_rows

        columns = [field.name for field in fields(DomainPlan)]
        write_rows([asdict(entry) for entry in made.domains], sys.stdout, "csv", columns=columns)
        for warning in (*made.warnings, *(made.details if session.verbose else ())):
            say(session, f"{warning}.")
        return
    if session.format == "json":
        from tokaudit.reports import json

        json.write_plan(made, sys.stdout)
    elif session.format == "markdown":
        from tokaudit.reports import markdown

        markdown.write_plan(made, sys.stdout)
    else:
        from tokaudit.reports import text

        text.write_plan(made, sys.stdout, details=session.verbose)


def _write_markdown(made: "Plan", path: Path) -> None:
    from tokaudit.reports.markdown import write_plan

    try:
        with path.open("w", encoding="utf-8") as file:
            write_plan(made, file)
    except OSError as error:
        raise InputError(f"--markdown: {path} can't be written: {error.strerror or error}") from error


COMMAND: Final[click.Command] = plan
