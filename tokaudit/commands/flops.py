"""``tokaudit flops``: training FLOPs by architecture beside 6ND, and how much of the hardware they use."""

import sys
from typing import TYPE_CHECKING, Final

import click

from tokaudit.errors import UsageError
from tokaudit.quantities import parse_count
from tokaudit.settings import Session

if TYPE_CHECKING:
    from tokaudit.flops import Architecture, Family
    from tokaudit.records import Row


_SIZE: Final = click.IntRange(1, 10**8)
_LEAST_MFU: Final = 1e-4


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
    layers: int,
    width: int,
    heads: int,
    kv_heads: int | None,
    key_size: int | None,
    feedforward: int | None,
    experts: int,
    experts_active: int,
    vocabulary: int,
    family: "Family",
    sequence: int,
    tokens: str,
    **reached: str | None,
) -> None:
    """Say what training a transformer takes: 6ND, with attention, and by its architecture."""
    from tokaudit.flops import Architecture
    from tokaudit.reports.rows import write_rows

    if key_size is None and width % heads:
        raise UsageError(f"--width {width} is no multiple of --heads {heads}: give --key-size")
    if kv_heads is not None and heads % kv_heads:
        raise UsageError(f"--kv-heads {kv_heads} is no divisor of --heads {heads}")
    if experts_active > experts:
        raise UsageError(f"--experts-active {experts_active}: there are no more than --experts {experts}")
    shape = Architecture(
        layers,
        width,
        feedforward or (-(-8 * width // 768) * 256 if family == "llama" else 4 * width),
        heads,
        key_size or width // heads,
        vocabulary,
        family,
        kv_heads,
        experts,
        experts_active,
    )
    rows = _rows(shape, parse_count(tokens, "--tokens"), sequence) + _mfu(shape, sequence, reached)
    write_rows(rows, sys.stdout, session.format, columns=("quantity", "value", "to_6nd", "source"))


def _rows(shape: "Architecture", tokens: float, sequence: int) -> list["Row"]:
    from tokaudit.planning.budgets import check_flops

    params, active = shape.params(), shape.active_params()
    plain = 6 * active * tokens
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
    for value, _ in counted.values():
        check_flops(value)
    tied = "tied" if shape.family == "chinchilla" else "not tied"
    first: list[Row] = [
        {"quantity": "params", "value": params, "to_6nd": None, "source": f"with embeddings, which are {tied}"}
    ]
    if active != params:
        source = "those that a token passes: N of 6ND; no dense law speaks of such a run"
        first.append({"quantity": "params_active", "value": active, "to_6nd": None, "source": source})
    return first + [
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
    each = 6 * shape.active_params() + shape.attention_flops(sequence)
    mfu = model_flops_utilization(each, parse_count(given["tokens_per_second"], "--tokens-per-second"), peak)
    if not _LEAST_MFU <= mfu <= 1:
        raise UsageError(f"--tokens-per-second: that is {mfu:.3g} times the peak of the hardware named")
    source = device.source if device.checked else "a peak that is recalled, not checked"
    return [{"quantity": "mfu", "value": mfu, "to_6nd": None, "source": f"{device.name}: {source}"}]


COMMAND: Final[click.Command] = flops
