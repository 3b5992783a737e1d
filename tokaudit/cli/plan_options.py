"""The options that say which plan is asked for, for all commands that make one."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import click

from tokaudit.planning.defaults import DEFAULT_LAW, SUPPLY_FORMS

BUDGET: Final = ("flops", "params", "tokens", "gpus", "days", "mfu")

law_option = click.option("--law", metavar="NAME", default=DEFAULT_LAW, show_default=True, help="A law.")
tokenizer_option = click.option(
    "--tokenizer", metavar="NAME", help="Whose tokens the supply has [default: the catalog's first, or the law's]."
)

_OPTIONS: Final = (
    click.option("--flops", metavar="C", help="The budget in training FLOPs, such as 1e24."),
    click.option("--params", metavar="N", help="Params of the run; alone: the budget of its compute-optimal run."),
    click.option("--tokens", metavar="D", help="Tokens of the run; alone: the budget of its compute-optimal run."),
    click.option(
        "--gpu", metavar="NAME", help="Hardware, as the budget, or with a price as what it costs: which accelerator."
    ),
    click.option("--gpus", metavar="K", help="How many."),
    click.option("--days", metavar="T", help="For how long."),
    click.option("--mfu", metavar="F", help="Share of the peak that the model's FLOPs reach [default: 0.4]."),
    law_option,
    click.option(
        "--mixture",
        metavar="DOMAIN=SHARE,…|NAME",
        help="Shares of the tokens, or a known mixture such as llama1, or unimax [default: the supply's].",
    ),
    click.option(
        "--supply",
        metavar=SUPPLY_FORMS,
        help="The unique tokens there are [default: measured, if the catalog has anything, else published].",
    ),
    tokenizer_option,
    click.option("--max-epochs", metavar="E[,DOMAIN=E…]", help="Most epochs in mixture_suggested [default: 4]."),
    click.option(
        "--inference-tokens",
        metavar="T",
        help="Tokens to serve over the model's lifetime: the cheapest run for training and serving.",
    ),
    click.option("--price-gpu-hour", metavar="P", help="Price of a GPU-hour [of --gpu; default: H100 SXM]."),
    click.option("--add", metavar="DOMAIN=TOKENS,…", help="What these tokens more are worth [default: all it lacks]."),
)
_NAMES: Final = (
    *("gpu", "law", "mixture", "supply", "tokenizer"),
    *("max_epochs", "inference_tokens", "price_gpu_hour", "add"),
)


def plan_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The function with these options, which reach it together as ``options``, a `PlanOptions`."""

    @wraps(command)
    def called(*given: Any, **named: Any) -> Any:
        from tokaudit.planning.options import PlanOptions

        budget = {name: text for name in BUDGET if (text := named.pop(name)) is not None}
        options = PlanOptions(budget=budget, **{name: named.pop(name) for name in _NAMES})
        return command(*given, options=options, **named)

    for option in reversed(_OPTIONS):
        called = option(called)
    return called
