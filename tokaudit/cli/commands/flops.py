"""``tokaudit flops``: training FLOPs by architecture beside 6ND, and how much of the hardware they use."""

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from tokaudit.cli.session import Session
from tokaudit.core.errors import UsageError
from tokaudit.core.units import parse_count

if TYPE_CHECKING:
    from tokaudit.core.types import Row
    from tokaudit.planning.flops import Architecture, Family


_SIZE: Final = click.IntRange(1, 10**8)


@click.command()
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
def flops(
    session: Session,
    /,
    *,
    family: "Family",
    sequence: int,
    tokens: str,
    tokens_per_second: str | None,
    gpu: str | None,
    gpus: str | None,
    **sizes: Any,
) -> None:
    """Say what training a transformer takes: 6ND, with attention, and by its architecture."""
    from tokaudit.planning.budgets import check_flops
    from tokaudit.planning.flops import Architecture, training_counts
    from tokaudit.reports.rows import write_rows

    shape = Architecture.of(family=family, **sizes)
    rows = training_counts(shape, parse_count(tokens, "--tokens"), sequence)
    for row in rows:
        if row["quantity"].startswith("flops"):
            check_flops(row["value"])
    rows += _mfu(shape, sequence, {"gpu": gpu, "gpus": gpus, "tokens_per_second": tokens_per_second})
    write_rows(rows, sys.stdout, session.format, columns=("quantity", "value", "to_6nd", "source"))


def _mfu(shape: "Architecture", sequence: int, reached: dict[str, str | None]) -> list["Row"]:
    """The share of the hardware's peak that a measured speed uses, if one is given."""
    given = {name: text for name, text in reached.items() if text is not None}
    if not given:
        return []
    if missing := sorted(set(reached) - set(given)):
        names = " and ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise UsageError(f"an MFU needs {names} too")
    from tokaudit.catalog.reference.accelerators import find_accelerator
    from tokaudit.planning.flops import model_flops_utilization

    device = find_accelerator(given["gpu"])
    peak = device.flops_per_second * parse_count(given["gpus"], "--gpus")
    each = 6 * shape.active_params() + shape.attention_flops(sequence)
    mfu = model_flops_utilization(each, parse_count(given["tokens_per_second"], "--tokens-per-second"), peak)
    source = device.source if device.checked else "a peak that is recalled, not checked"
    return [{"quantity": "mfu", "value": mfu, "to_6nd": None, "source": f"{device.name}: {source}"}]


COMMAND: Final[click.Command] = flops
