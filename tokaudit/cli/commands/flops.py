"""``tokaudit flops``: training FLOPs of an architecture next to 6ND, and the share of the hardware they use."""

from typing import Any, Final

import click

from tokaudit.cli.command import Command
from tokaudit.cli.number_types import WholeNumber
from tokaudit.cli.output import emit
from tokaudit.cli.plan_options import gpu_option
from tokaudit.cli.session import Session
from tokaudit.core.units import parse_count
from tokaudit.reports.protocol import ForPeople, Table

_COLUMNS: Final = ("quantity", "value", "to_6nd", "source")
_SIZE: Final = WholeNumber(1, 10**8)


@click.command(
    "flops",
    cls=Command,
    group="Plan",
    examples=(
        "tokaudit flops --layers 80 --width 8192 --heads 64 --tokens 1.4T",
        "tokaudit flops --layers 32 --width 4096 --heads 32 --blocks llama --tokens 2T",
    ),
)
@click.option("--layers", type=_SIZE, required=True, metavar="L", help="Number of blocks (layers).")
@click.option("--width", type=_SIZE, required=True, metavar="D", help="Width of the model (d_model).")
@click.option("--heads", type=_SIZE, required=True, metavar="H", help="Attention heads per layer.")
@click.option("--kv-heads", type=_SIZE, metavar="G", help="Heads of keys and values.", show_default="--heads")
@click.option("--key-size", type=_SIZE, metavar="K", help="Width of a head.", show_default="width / heads")
@click.option(
    "--feedforward",
    type=_SIZE,
    metavar="F",
    help="Inner width of the feed-forward layer, per expert.",
    show_default="4 widths; llama: 8/3, rounded up to a multiple of 256",
)
@click.option("--experts", type=_SIZE, default=1, show_default=True, metavar="E", help="Experts per layer.")
@click.option("--experts-active", type=_SIZE, default=1, show_default=True, metavar="A", help="Experts per token.")
@click.option("--vocabulary", type=_SIZE, default=32_000, show_default=True, metavar="V", help="Vocabulary size.")
@click.option(
    "--blocks",
    "family",
    type=click.Choice(["chinchilla", "llama"]),
    default="chinchilla",
    show_default=True,
    help="Relative positions, biases, one embedding; or rotary positions, no biases, SwiGLU, two embeddings.",
)
@click.option("--sequence", type=_SIZE, default=2_048, show_default=True, metavar="S", help="Tokens per sequence.")
@click.option("--tokens", required=True, metavar="D", help="Tokens to train on, such as 1.4T.")
@click.option("--tokens-per-second", metavar="R", help="With --gpu and --gpus: measured speed of the run, for its MFU.")
@gpu_option(help="Accelerator, such as 'H100 SXM'.")
@click.option("--gpus", metavar="K", help="Number of accelerators.")
@click.pass_obj
def command(
    session: Session,
    /,
    *,
    sequence: int,
    tokens: str,
    tokens_per_second: str | None,
    gpu: str | None,
    gpus: str | None,
    **sizes: Any,
) -> None:
    """Compute the FLOPs of training a transformer.

    Three ways: as 6ND, with attention added, and exactly for the architecture.
    """
    from tokaudit.planning.flops import Architecture, mfu_rows, training_counts

    shape = Architecture.of(**sizes)
    rows = training_counts(shape, parse_count(tokens, "--tokens"), sequence)
    rows += mfu_rows(shape, sequence, {"gpu": gpu, "gpus": gpus, "tokens_per_second": tokens_per_second})
    emit(session, Table(_COLUMNS, rows, people=ForPeople(prose=("source",))))


COMMAND: Final = command
