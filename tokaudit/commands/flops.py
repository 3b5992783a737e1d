"""``tokaudit flops``: training FLOPs by architecture beside 6ND, and how much of the hardware they use."""

import sys
from typing import TYPE_CHECKING, Final

import click

from tokaudit.errors import UsageError
from tokaudit.quantities import parse_count
from tokaudit.settings import Session

if TYPE_CHECKING:
    from tokaudit.flops import Architecture
    from tokaudit.records import Row


@click.command()
@click.option("--layers", type=click.IntRange(1), required=True, metavar="L", help="Blocks.")
@click.option("--width", type=click.IntRange(1), required=True, metavar="D", help="d_model.")
@click.option("--heads", type=click.IntRange(1), required=True, metavar="H", help="Attention heads.")
@click.option("--key-size", type=click.IntRange(1), metavar="K", help="Width of a head [default: width / heads].")
@click.option("--feedforward", type=click.IntRange(1), metavar="F", help="Inner width [default: 4 widths].")
@click.option("--vocabulary", type=click.IntRange(1), default=32_000, show_default=True, metavar="V", help="Tokens.")
@click.option("--sequence", type=click.IntRange(1), default=2_048, show_default=True, metavar="S", help="Tokens.")
@click.option("--tokens", required=True, metavar="D", help="Tokens to train on, such as 1.4T.")
@click.option("--tokens-per-second", metavar="R", help="With --gpu and --gpus: what the run reaches, for its MFU.")
@click.option("--gpu", metavar="NAME", help="Which accelerator, such as 'H100 SXM'.")
@click.option("--gpus", metavar="K", help="How many.")
@click.pass_obj
def flops(
    session: Session,
    /,
    *,
    layers: int,
    width: int,
    heads: int,
    key_size: int | None,
    feedforward: int | None,
    vocabulary: int,
    sequence: int,
    tokens: str,
    **reached: str | None,
) -> None:
    """Say what training a dense transformer takes: 6ND, with attention, and by its architecture."""
    from tokaudit.flops import Architecture
    from tokaudit.reports.rows import write_rows

    if key_size is None and width % heads:
        raise UsageError(f"--width {width} is no multiple of --heads {heads}: give --key-size")
    shape = Architecture(layers, width, feedforward or 4 * width, heads, key_size or width // heads, vocabulary)
    rows = _rows(shape, parse_count(tokens, "--tokens"), sequence) + _mfu(shape, sequence, reached)
    write_rows(rows, sys.stdout, session.format, columns=("quantity", "value", "to_6nd", "source"))


def _rows(shape: "Architecture", tokens: float, sequence: int) -> list["Row"]:
    params = shape.params()
    plain = 6 * params * tokens
    counted = {
        "flops_6nd": (plain, "two a param and token forward, four backward"),
        "flops_with_attention": (plain + shape.attention_flops(sequence) * tokens, "arXiv:2204.02311, appendix B"),
        "flops_by_architecture": (
            shape.training_flops(tokens, sequence, embeddings=False),
            "arXiv:2203.15556, appendix F, as its table A4 counts: without embeddings and logits",
        ),
        "flops_with_embeddings": (
            shape.training_flops(tokens, sequence, embeddings=True),
            "the same, as its formula is printed: table A4 does not follow it",
        ),
    }
    first: Row = {"quantity": "params", "value": params, "to_6nd": None, "source": "with embeddings, which are tied"}
    return [first] + [
        {"quantity": name, "value": value, "to_6nd": value / plain, "source": source}
        for name, (value, source) in counted.items()
    ]


def _mfu(shape: "Architecture", sequence: int, reached: dict[str, str | None]) -> list["Row"]:
    """The share of the hardware's peak that a measured speed uses, if one is given."""
    given = {name: text for name, text in reached.items() if text is not None}
    if not given:
        return []
    if missing := sorted(set(reached) - set(given)):
        names = " and ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise UsageError(f"an MFU needs {names} too")
    from tokaudit.flops import model_flops_utilization
    from tokaudit.reference import find_accelerator

    device = find_accelerator(given["gpu"])
    peak = device.flops_per_second * parse_count(given["gpus"], "--gpus")
    each = 6 * shape.params() + shape.attention_flops(sequence)
    mfu = model_flops_utilization(each, parse_count(given["tokens_per_second"], "--tokens-per-second"), peak)
    if mfu > 1:
        raise UsageError(f"--tokens-per-second: that is {mfu:.3g} times the peak of the hardware named")
    source = device.source if device.checked else "a peak that is recalled, not checked"
    return [{"quantity": "mfu", "value": mfu, "to_6nd": None, "source": f"{device.name}: {source}"}]


COMMAND: Final[click.Command] = flops
