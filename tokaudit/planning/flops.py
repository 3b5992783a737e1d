"""Training FLOPs beyond 6ND: by architecture, with attention, and the share of the hardware that they use (MFU)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from tokaudit.catalog.reference.accelerators import find_accelerator
from tokaudit.core.errors import UsageError
from tokaudit.core.rows import Row
from tokaudit.core.units import parse_count
from tokaudit.planning.budgets import check_flops

Family = Literal["chinchilla", "llama"]
"""The kind of blocks. Chinchilla has relative positions as in Transformer-XL, biases, two matrices in the dense block
and one embedding for input and output. Llama has rotary positions, no biases, three matrices (SwiGLU) and two
embeddings."""

_LEAST_MFU: Final = 1e-4  # a lower MFU is a wrong unit, not a speed


@dataclass(frozen=True, slots=True)
class Architecture:
    """A decoder-only transformer, as arXiv:2203.15556 (appendix F) counts it, or in the shape of later models.

    Attributes:
        layers: number of blocks.
        width: d_model.
        feedforward: ffw_size, the inner width of the dense block, or of one expert.
        heads: number of attention heads.
        key_size: width of a head's keys, queries and values.
        vocabulary: number of tokens.
        family: the kind of blocks.
        kv_heads: heads of keys and values, fewer with grouped queries; None: as many as ``heads``.
        experts: dense blocks (experts) in a layer; 1: not a mixture of experts.
        experts_active: experts that each token passes through.
    """

    layers: int
    width: int
    feedforward: int
    heads: int
    key_size: int
    vocabulary: int
    family: Family = "chinchilla"
    kv_heads: int | None = None
    experts: int = 1
    experts_active: int = 1

    @classmethod
    def of(
        cls,
        *,
        layers: int,
        width: int,
        heads: int,
        vocabulary: int,
        family: Family,
        kv_heads: int | None = None,
        key_size: int | None = None,
        feedforward: int | None = None,
        experts: int = 1,
        experts_active: int = 1,
    ) -> "Architecture":
        """A transformer, in the usual proportions where none are given.

        The key size is the width divided by the heads. The inner width is 4 times the width; for Llama's three matrices
        it is 8/3 of the width, rounded up to a multiple of 256.

        Raises:
            UsageError: the numbers do not fit together.
        """
        if key_size is None and width % heads:
            raise UsageError(f"--width: {width} is not a multiple of --heads {heads}; pass --key-size")
        if kv_heads is not None and heads % kv_heads:
            raise UsageError(f"--kv-heads: {kv_heads} does not divide --heads {heads}")
        if experts_active > experts:
            raise UsageError(f"--experts-active: {experts_active} is more than --experts {experts}")
        return cls(
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

    def params(self) -> int:
        """All parameters, including all experts and embeddings."""
        return self._params(self.experts)

    def active_params(self) -> int:
        """Active parameters, those that a token passes through: N of 6ND."""
        return self._params(self.experts_active)

    def _params(self, experts: int) -> int:
        width, queries, keys = self.width, self._queries, self._keys
        attention = width * (2 * queries + 2 * keys)
        dense = self._dense_matrices * width * self.feedforward
        if self.family == "llama":
            block = attention + experts * dense + self._router + 2 * width
            return 2 * self.vocabulary * width + self.layers * block + width
        positions = width * queries + 2 * queries
        biases = queries + 2 * keys + width
        block = attention + positions + biases + experts * (dense + self.feedforward + width) + self._router + 4 * width
        return self.vocabulary * width + self.layers * block + 2 * width

    @property
    def _queries(self) -> int:
        return self.heads * self.key_size

    @property
    def _keys(self) -> int:
        return (self.kv_heads or self.heads) * self.key_size

    @property
    def _dense_matrices(self) -> int:
        return 3 if self.family == "llama" else 2

    @property
    def _router(self) -> int:
        """Parameters that choose among the experts."""
        return self.width * self.experts if self.experts > 1 else 0

    def forward_flops(self, sequence: int, *, embeddings: bool) -> int:
        """Forward FLOPs of one sequence (arXiv:2203.15556, appendix F).

        Args:
            sequence: tokens in the sequence.
            embeddings: whether to count the embedding and the logits. The paper's formula does; its table A4 does not.
        """
        projections = 2 * sequence * self.width * (self._queries + 2 * self._keys)
        logits = 2 * sequence**2 * self._queries
        softmax = 3 * self.heads * sequence**2
        reduction = 2 * sequence**2 * self._queries
        output = 2 * sequence * self._queries * self.width
        dense = 2 * sequence * self._dense_matrices * self.width * self.feedforward * self.experts_active
        routing = 2 * sequence * self._router
        blocks = self.layers * (projections + logits + softmax + reduction + output + dense + routing)
        return blocks + 2 * (2 * sequence * self.vocabulary * self.width) * embeddings

    def training_flops(self, tokens: float, sequence: int, *, embeddings: bool) -> float:
        """Training FLOPs for ``tokens`` in sequences of ``sequence``; backward takes twice as many as forward."""
        return 3 * self.forward_flops(sequence, embeddings=embeddings) * tokens / sequence

    def attention_flops(self, sequence: int) -> int:
        """Training FLOPs per token that 6N leaves out: ``12 L H Q T`` (arXiv:2204.02311, appendix B)."""
        return 12 * self.layers * self._queries * sequence


def training_counts(shape: Architecture, tokens: float, sequence: int) -> list[Row]:
    """Parameters and training FLOPs by every count: ``quantity``, ``value``, ``to_6nd`` (for FLOPs) and ``source``.

    Args:
        shape: shape of the model.
        tokens: tokens to train on.
        sequence: tokens in each sequence.

    Raises:
        UsageError: the FLOPs are not those of a training run.
    """
    params, active = shape.params(), shape.active_params()
    plain = 6 * active * tokens
    counted = {
        "flops_6nd": (plain, "per parameter and token: two forward, four backward"),
        "flops_with_attention": (plain + shape.attention_flops(sequence) * tokens, "arXiv:2204.02311, appendix B"),
        "flops_by_architecture": (
            shape.training_flops(tokens, sequence, embeddings=False),
            "arXiv:2203.15556, appendix F, as in its table A4: without embeddings and logits",
        ),
        "flops_with_embeddings": (
            shape.training_flops(tokens, sequence, embeddings=True),
            "arXiv:2203.15556, appendix F, as its formula is printed (its table A4 does not follow it)",
        ),
    }
    for value, _ in counted.values():
        check_flops(value)
    tied = "tied" if shape.family == "chinchilla" else "not tied"
    first: list[Row] = [
        {"quantity": "params", "value": params, "to_6nd": None, "source": f"including embeddings, which are {tied}"}
    ]
    if active != params:
        source = "parameters that a token passes through: N of 6ND; laws for dense models do not apply to such a run"
        first.append({"quantity": "params_active", "value": active, "to_6nd": None, "source": source})
    return first + [
        {"quantity": name, "value": value, "to_6nd": value / plain, "source": source}
        for name, (value, source) in counted.items()
    ]


def mfu_rows(shape: Architecture, sequence: int, reached: Mapping[str, str | None]) -> list[Row]:
    """A row, as in `training_counts`, with the MFU of a measured speed; none without a speed.

    Args:
        shape: shape of the model.
        sequence: tokens in each sequence.
        reached: ``gpu``, ``gpus`` and ``tokens_per_second`` as the user typed them; None: not given.

    Raises:
        UsageError: some of these are missing, the accelerator is unknown, or it can't reach the speed.
    """
    given = {name: text for name, text in reached.items() if text is not None}
    if not given:
        return []
    if missing := sorted(set(reached) - set(given)):
        names = " and ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise UsageError(f"an MFU also needs {names}")
    device = find_accelerator(given["gpu"])
    peak = device.flops_per_second * parse_count(given["gpus"], "--gpus")
    each = 6 * shape.active_params() + shape.attention_flops(sequence)
    mfu = model_flops_utilization(each, parse_count(given["tokens_per_second"], "--tokens-per-second"), peak)
    source = device.source if device.checked else "the peak is recalled, not checked against a source"
    return [{"quantity": "mfu", "value": mfu, "to_6nd": None, "source": f"{device.name}: {source}"}]


def model_flops_utilization(flops_per_token: float, tokens_per_second: float, peak_flops_per_second: float) -> float:
    """The MFU (arXiv:2204.02311, appendix B): the model's FLOPs, without recomputation, as a share of the peak.

    Args:
        flops_per_token: training FLOPs per token, ``6N`` plus attention.
        tokens_per_second: speed of the whole machine.
        peak_flops_per_second: peak of the whole machine.

    Raises:
        UsageError: the MFU is above 1 or below 1e-4, which training does not reach.
    """
    mfu = flops_per_token * tokens_per_second / peak_flops_per_second
    if not _LEAST_MFU <= mfu <= 1:
        raise UsageError(f"--tokens-per-second: is {mfu:.3g} times the peak of the hardware; check --gpu and --gpus")
    return mfu
