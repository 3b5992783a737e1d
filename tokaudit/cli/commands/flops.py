"""``tokaudit flops``: training FLOPs by architecture beside 6ND, and how much of the hardware they use."""

from typing import Any, Final

import click

from tokaudit.cli.output import emit
from tokaudit.cli.session import Session
from tokaudit.core.units import parse_count

_COLUMNS: Final = ("quantity", "value", "to_6nd", "source")
_SIZE: Final = click.IntRange(1, 10**8)


@click.command("flops")
@click.option("--layers", type=_SIZE, required=True, metavar="L", help="Blocks.")
@click.option("--width", type=_SIZE, required=True, metavar="D", help="d_model.")
@click.option("--heads", type=_SIZE, required=True, metavar="H", help="Attention heads.")
@click.option("--kv-heads", type=_SIZE, metavar="G", help="Heads of keys and values [default: as many as heads].")
@click.option("--key-size", type=_SIZE, metavar="K", help="Width of a head [default: width / heads].")
@click.option(
    "--feedforward",
    type=_SIZE,
    metavar="F",
    help="Inner width, of each expert [default: 4 widths; of llama 8/3, rounded up to a multiple of 256].",
)
@click.option("--experts", type=_SIZE, default=1, metavar="E", help="Experts in a layer, of a mixture of experts.")
@click.option("--experts-active", type=_SIZE, default=1, metavar="A", help="Experts that a token passes [default: 1].")
@click.option("--vocabulary", type=_SIZE, default=32_000, show_default=True, metavar="V", help="Tokens.")
@click.option(
    "--blocks",
    "family",
    type=click.Choice(["chinchilla", "llama"]),
    default="chinchilla",
    show_default=True,
    help="Relative positions, biases, one embedding; or rotary positions, no biases, SwiGLU, two embeddings.",
)
@click.option("--sequence", type=_SIZE, default=2_048, show_default=True, metavar="S", help="Tokens.")
@click.option("--tokens", required=True, metavar="D", help="Tokens to train on, such as 1.4T.")
@click.option("--tokens-per-second", metavar="R", help="With --gpu and --gpus: what the run reaches, for its MFU.")
@click.option("--gpu", metavar="NAME", help="Which accelerator, such as 'H100 SXM'.")
@click.option("--gpus", metavar="K", help="How many.")
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
    """Say what training a transformer takes: 6ND, with attention, and by its architecture."""
    from tokaudit.planning.flops import Architecture, mfu_rows, training_counts
    from tokaudit.reports.protocol import ForPeople, Table

    shape = Architecture.of(**sizes)
    rows = training_counts(shape, parse_count(tokens, "--tokens"), sequence)
    rows += mfu_rows(shape, sequence, {"gpu": gpu, "gpus": gpus, "tokens_per_second": tokens_per_second})
    emit(session, Table(_COLUMNS, rows, people=ForPeople(prose=("source",))))


COMMAND: Final = command
