"""Training FLOPs beyond 6ND: by architecture, with attention, and how much of the hardware they use."""

from dataclasses import dataclass
from typing import Literal

Family = Literal["chinchilla", "llama"]
"""Whose blocks: Chinchilla's have relative positions as Transformer-XL, biases, two matrices in the dense block and one
embedding for input and output; Llama's rotary positions, no bias, three matrices (SwiGLU) and two embeddings."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """A decoder-only transformer, of the shape that arXiv:2203.15556 (appendix F) counts, or as later models are.

    Attributes:
        layers: how many blocks.
        width: d_model.
        feedforward: ffw_size, the inner width of the dense block, or of one expert.
        heads: attention heads.
        key_size: width of a head's keys, queries and values.
        vocabulary: tokens.
        family: whose blocks.
        kv_heads: heads of keys and values, fewer with grouped queries; None: as many as there are.
        experts: dense blocks in a layer, each of them an expert; 1: no mixture of experts.
        experts_active: experts that a token passes through.
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

    def params(self) -> int:
        """All params, every expert's and both or the one embedding's among them."""
        return self._params(self.experts)

    def active_params(self) -> int:
        """Those that a token passes through: N of 6ND."""
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
        """Params that choose among the experts."""
        return self.width * self.experts if self.experts > 1 else 0

    def forward_flops(self, sequence: int, *, embeddings: bool) -> int:
        """FLOPs of one sequence of so many tokens, forward (arXiv:2203.15556, appendix F).

        Args:
            sequence: tokens in the sequence.
            embeddings: whether to count the embedding and the logits. The paper's formula does, its table A4 does not.
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
        """FLOPs of training on so many tokens in such sequences: backward takes twice what forward takes."""
        return 3 * self.forward_flops(sequence, embeddings=embeddings) * tokens / sequence

    def attention_flops(self, sequence: int) -> int:
        """Training FLOPs a token that 6N leaves out: ``12 L H Q T`` (arXiv:2204.02311, appendix B)."""
        return 12 * self.layers * self._queries * sequence


def model_flops_utilization(flops_per_token: float, tokens_per_second: float, peak_flops_per_second: float) -> float:
    """MFU (arXiv:2204.02311, appendix B): the model's own FLOPs, no recomputation, as a share of the peak.

    Args:
        flops_per_token: of training, ``6N`` and what attention adds.
        tokens_per_second: of the whole machine.
        peak_flops_per_second: of the whole machine.
    """
    return flops_per_token * tokens_per_second / peak_flops_per_second
