"""Training FLOPs beyond 6ND: by architecture, with attention, and how much of the hardware they use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Architecture:
    """A dense decoder-only transformer, of the shape that arXiv:2203.15556 (appendix F) counts.

    Attributes:
        layers: how many blocks.
        width: d_model.
        feedforward: ffw_size, the inner width of the dense block.
        heads: attention heads.
        key_size: width of a head's keys, queries and values.
        vocabulary: tokens.
    """

    layers: int
    width: int
    feedforward: int
    heads: int
    key_size: int
    vocabulary: int

    def params(self) -> int:
        """All params: tied embeddings, relative positions as in Transformer-XL, biases and norms included."""
        attention = self.heads * self.key_size
        matrices = 5 * self.width * attention + 2 * self.width * self.feedforward
        vectors = 5 * attention + self.width + self.feedforward + self.width + 4 * self.width
        return self.vocabulary * self.width + self.layers * (matrices + vectors) + 2 * self.width

    def forward_flops(self, sequence: int, *, embeddings: bool) -> int:
        """FLOPs of one sequence of so many tokens, forward (arXiv:2203.15556, appendix F).

        Args:
            sequence: tokens in the sequence.
            embeddings: whether to count the embedding and the logits. The paper's formula does, its table A4 does not.
        """
        attention = self.heads * self.key_size
        projections = 2 * 3 * sequence * self.width * attention
        logits = 2 * sequence**2 * attention
        softmax = 3 * self.heads * sequence**2
        reduction = 2 * sequence**2 * attention
        output = 2 * sequence * attention * self.width
        dense = 2 * sequence * 2 * self.width * self.feedforward
        blocks = self.layers * (projections + logits + softmax + reduction + output + dense)
        return blocks + 2 * (2 * sequence * self.vocabulary * self.width) * embeddings

    def training_flops(self, tokens: float, sequence: int, *, embeddings: bool) -> float:
        """FLOPs of training on so many tokens in such sequences: backward takes twice what forward takes."""
        return 3 * self.forward_flops(sequence, embeddings=embeddings) * tokens / sequence

    def attention_flops(self, sequence: int) -> int:
        """Training FLOPs a token that 6N leaves out: ``12 L H Q T`` (arXiv:2204.02311, appendix B)."""
        return 12 * self.layers * self.heads * self.key_size * sequence


def model_flops_utilization(flops_per_token: float, tokens_per_second: float, peak_flops_per_second: float) -> float:
    """MFU (arXiv:2204.02311, appendix B): the model's own FLOPs, no recomputation, as a share of the peak.

    Args:
        flops_per_token: of training, ``6N`` and what attention adds.
        tokens_per_second: of the whole machine.
        peak_flops_per_second: of the whole machine.
    """
    return flops_per_token * tokens_per_second / peak_flops_per_second
