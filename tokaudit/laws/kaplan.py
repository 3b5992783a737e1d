"""Kaplan et al. 2020 (arXiv:2001.08361), under either reading of a budget."""

from collections.abc import Mapping
from typing import Final

from tokaudit.core.units import format_count, format_power
from tokaudit.laws.frontier import Frontier
from tokaudit.laws.protocol import LawMetadata, Run, Validity

PF_DAY: Final = 1e15 * 86_400
"""The paper's unit of compute, in FLOPs."""

# Table 5, L(C_min): C_c in PF-days.
_C_C: Final = 3.1e8
_ALPHA_C: Final = 0.050
# Table 2, L(N, D).
_N_C: Final = 6.4e13
_D_C: Final = 1.8e13
_ALPHA_N: Final = 0.076
_ALPHA_D: Final = 0.103

_TRENDS_END: Final = 1e4  # PF-days of C_min, section 6.3


class Kaplan(Frontier):
    """Table 6, the loss of its runs by table 5, and what a supply does to them by table 2."""

    __slots__ = ()

    @property
    def constants(self) -> Mapping[str, float]:
        """Those of the frontier, of ``L(C_min)`` and of ``L(N, D)``."""
        optimal = {"C_c": _C_C, "alpha_C": _ALPHA_C}
        return {**super().constants, **optimal, "N_c": _N_C, "D_c": _D_C, "alpha_N": _ALPHA_N, "alpha_D": _ALPHA_D}

    def optimal_loss(self, flops: float) -> float:
        """``L = (C_c / C_min)^alpha_C`` (table 5)."""
        return float((_C_C * self.unit / flops) ** _ALPHA_C)

    def warnings(self, run: Run, unique: float | None) -> tuple[str, ...]:
        """Also where the paper's trends end, and of tokens too few to train so many parameters without overfitting."""
        found = list(super().warnings(run, unique))
        if run.flops / self.unit > _TRENDS_END:
            found.append(
                f"beyond {_TRENDS_END:g} PF-days the paper's own trends contradict each other: its loss means nothing"
            )
        if unique is not None and unique < tokens_against_overfitting(run.params):
            found.append(
                f"by the paper's eq. 4.4 {format_count(run.params)} params want "
                f"{format_count(tokens_against_overfitting(run.params))} different tokens not to overfit; however long "
                f"they train on the {format_count(unique)} there are, they stay above "
                f"{loss_on(run.params, unique):.2f} nats (eq. 1.5)"
            )
        return tuple(found)


def loss_on(params: float, unique: float) -> float:
    """Loss in nats of so many parameters at the end of training on so many different tokens (eq. 1.5, table 2)."""
    return float(((_N_C / params) ** (_ALPHA_N / _ALPHA_D) + _D_C / unique) ** _ALPHA_D)


def tokens_against_overfitting(params: float) -> float:
    """Different tokens that so many parameters want, for overfitting to cost no more than chance does (eq. 4.4)."""
    return float(5e3 * params**0.74)


def table_6(unit: float, reading: str, *, votes: bool) -> Kaplan:
    """``N_opt = 1.3e9 C_min^0.73``, C_min in PF-days.

    Args:
        unit: FLOPs of a budget that are one PF-day of C_min.
        reading: what that takes the budget for, as a warning.
        votes: as in ``LawMetadata``.
    """
    return Kaplan(
        gives="params",
        k=1.3e9,
        exponent=0.73,
        unit=unit,
        metadata=LawMetadata(
            source=f"arXiv:2001.08361, table 6 ({format_power(unit)} FLOPs of a budget are a PF-day of its C_min)",
            params_counted="non-embedding",
            corpus="WebText2",
            tokenizer="GPT-2 BPE (50,257)",
            valid=Validity(params=(768, 1.5e9), tokens=(22e6, 23e9)),
            votes=votes,
            warnings=(
                (
                    "history: this exponent comes of leaving the embeddings of small models out, and of warm-up and "
                    "schedules that short runs suffer from (arXiv:2406.12907, arXiv:2406.19146); later laws want far "
                    "more tokens"
                ),
                (
                    "table 5 and its theory do not agree: alpha_C_min is 0.050 as fitted, as here, 0.054 as derived in "
                    "the paper, and 0.052 from the exponents that it prints"
                ),
                "table 6 does not agree with itself: its N and its D (2e10 C_min^0.27) make 6ND 1.8 times C_min",
                reading,
            ),
        ),
    )
