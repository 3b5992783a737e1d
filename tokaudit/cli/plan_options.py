"""The options that say which plan is asked for, for all commands that take them."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import click

from tokaudit.cli.command import with_options
from tokaudit.cli.common_options import where_option
from tokaudit.cli.completion import (
    complete_accelerators,
    complete_laws,
    complete_mixtures,
    complete_supplies,
    complete_supply_tokenizers,
)
from tokaudit.cli.settings import setting
from tokaudit.planning.defaults import DEFAULT_LAW

BUDGET: Final = ("flops", "params", "tokens", "gpus", "days", "mfu")


def supply_option(**settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--supply``, with further settings of the option, such as a default."""
    default = settings or {"show_default": "measured if the catalog has counts, else published"}
    return click.option(
        "--supply",
        metavar="NAME|FILE.csv|DOMAIN=TOKENS,…",
        help="Unique tokens that there are: measured, published[:CORPUS,…], measured+published[:CORPUS,…], a CSV file,"
        " or tokens per domain.",
        shell_complete=complete_supplies,
        **default,
    )


def gpu_option(**settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--gpu``, with further settings of the option, such as its help."""
    return click.option("--gpu", metavar="NAME", shell_complete=complete_accelerators, **settings)


law_option = click.option(
    "--law",
    metavar="NAME",
    default=DEFAULT_LAW,
    show_default=True,
    help="Scaling law to use (see `tokaudit laws`).",
    shell_complete=complete_laws,
    **setting("law"),
)
tokenizer_option = click.option(
    "--tokenizer",
    metavar="NAME",
    help="Tokenizer in whose tokens the supply is given.",
    show_default="the catalog's first, or the law's",
    shell_complete=complete_supply_tokenizers,
    **setting("tokenizer"),
)

_OPTIONS: Final = (
    click.option("--flops", metavar="C", help="Training FLOPs of the budget, such as 1e24."),
    click.option(
        "--params", metavar="N", help="Parameters of the model; alone, the budget of the compute-optimal run of it."
    ),
    click.option(
        "--tokens", metavar="D", help="Tokens to train on; alone, the budget of the compute-optimal run on them."
    ),
    gpu_option(help="Accelerator of the budget or of the price, such as 'H100 SXM'."),
    click.option(
        "--params-total",
        metavar="N",
        help="All parameters of a mixture of experts, of which --params are the active ones.",
    ),
    click.option("--gpus", metavar="K", help="With --gpu: number of accelerators."),
    click.option("--days", metavar="T", help="With --gpu: days of training."),
    click.option(
        "--mfu",
        metavar="F",
        help="Share of the hardware's peak FLOPs that the run reaches.",
        show_default="0.4",
        **setting("mfu"),
    ),
    law_option,
    click.option(
        "--mixture",
        metavar="DOMAIN=SHARE,…|NAME",
        help="Share of each domain in the run's tokens, the name of a known mixture (see `tokaudit mixtures`), or"
        " unimax.",
        show_default="llama3 for published text, else in proportion to the supply",
        shell_complete=complete_mixtures,
    ),
    supply_option(),
    where_option,
    click.option(
        "--count-synthetic",
        is_flag=True,
        help="Count synthetic and translated text of published corpora as supply, in a domain of its own.",
    ),
    tokenizer_option,
    click.option(
        "--stage",
        metavar="'NAME TOKENS|SHARE% MIXTURE'",
        multiple=True,
        help="A stage of the run: its name, its tokens or its share of them, and its mixture; once per stage.",
    ),
    click.option(
        "--max-epochs",
        metavar="E[,DOMAIN=E…]",
        help="Most epochs per domain, in the run and in the suggested mixture.",
        show_default="no limit, and 4 in the suggested mixture",
    ),
    click.option(
        "--inference-tokens",
        metavar="T",
        help="Tokens that the model will serve in its lifetime; finds the cheapest run for training and serving.",
    ),
    click.option(
        "--price-gpu-hour", metavar="P", help="Price of an hour of --gpu, or of an H100 SXM; adds costs to the plan."
    ),
    click.option(
        "--add",
        metavar="DOMAIN=TOKENS,…",
        help="More unique tokens whose value to estimate.",
        show_default="all that each domain lacks",
    ),
)
_NAMES: Final = (
    *("gpu", "law", "mixture", "supply", "where", "count_synthetic", "tokenizer"),
    *("max_epochs", "params_total", "inference_tokens", "price_gpu_hour", "add"),
)


def _is_typed(name: str) -> bool:
    """Whether a value was given as an option, rather than by a variable or a file."""
    context = click.get_current_context()
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def plan_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The function with these options; it gets them together as ``options``, a `PlanOptions`."""

    @wraps(command)
    def called(*given: Any, **named: Any) -> Any:
        from tokaudit.planning.options import PlanOptions

        budget = {name: text for name in BUDGET if (text := named.pop(name)) is not None}
        if named["gpu"] is None and named["price_gpu_hour"] is None and not _is_typed("mfu"):
            budget.pop("mfu", None)  # it is a setting for hardware, and this plan has none
        stages = named.pop("stage")
        options = PlanOptions(budget=budget, stages=stages, **{name: named.pop(name) for name in _NAMES})
        return command(*given, options=options, **named)

    decorated: Callable[..., Any] = with_options(_OPTIONS)(called)
    return decorated
