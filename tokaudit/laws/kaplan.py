"""Kaplan et al. 2020 (arXiv:2001.08361), with either of two readings of a compute budget."""

from collections.abc import Mapping
from typing import Final

from tokaudit.core.units import format_count, format_power
from tokaudit.laws.frontier import Frontier
from tokaudit.laws.protocol import LawMetadata, Run, Standing, Validity

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
    """The frontier of table 6, the loss on it by table 5, and overfitting on a limited supply by table 2."""

    __slots__ = ()

    @property
    def constants(self) -> Mapping[str, float]:
        """Constants of the frontier, of ``L(C_min)`` and of ``L(N, D)``."""
        optimal = {"C_c": _C_C, "alpha_C": _ALPHA_C}
        return {**super().constants, **optimal, "N_c": _N_C, "D_c": _D_C, "alpha_N": _ALPHA_N, "alpha_D": _ALPHA_D}

    def optimal_loss(self, flops: float) -> float:
        """``L = (C_c / C_min)^alpha_C`` (table 5)."""
        return float((_C_C * self.unit / flops) ** _ALPHA_C)

    def warnings(self, run: Run, unique: float | None) -> tuple[str, ...]:
        """Also warnings of a budget beyond the paper's trends, and of too few unique tokens to avoid overfitting."""
        found = list(super().warnings(run, unique))
        if run.flops / self.unit > _TRENDS_END:
            found.append(
                f"beyond {_TRENDS_END:g} PF-days, the paper's trends contradict each other, so its loss means nothing"
            )
        if unique is not None and unique < tokens_against_overfitting(run.params):
            found.append(
                f"by the paper's eq. 4.4, {format_count(run.params)} parameters need "
                f"{format_count(tokens_against_overfitting(run.params))} unique tokens to avoid overfitting; on the "
                f"{format_count(unique)} unique tokens there are, the loss stays above "
                f"{loss_on(run.params, unique):.2f} nats, however long the training (eq. 1.5)"
            )
        return tuple(found)


def loss_on(params: float, unique: float) -> float:
    """Loss in nats of ``params`` parameters, fully trained on ``unique`` unique tokens (eq. 1.5, table 2)."""
    return float(((_N_C / params) ** (_ALPHA_N / _ALPHA_D) + _D_C / unique) ** _ALPHA_D)


def tokens_against_overfitting(params: float) -> float:
    """Unique tokens that keep overfitting of ``params`` parameters within the noise between seeds (eq. 4.4)."""
    return float(5e3 * params**0.74)


def table_6(unit: float, reading: str, *, standing: Standing, about: str, aliases: tuple[str, ...] = ()) -> Kaplan:
    """The law ``N_opt = 1.3e9 C_min^0.73``, C_min in PF-days.

    Args:
        unit: FLOPs of a budget that equal one PF-day of C_min.
        reading: how the budget is read, as a warning.
        standing: as in ``LawMetadata``.
        about: likewise.
        aliases: likewise.
    """
    return Kaplan(
        gives="params",
        k=1.3e9,
        exponent=0.73,
        unit=unit,
        metadata=LawMetadata(
            source=f"arXiv:2001.08361, table 6 (one PF-day of its C_min is {format_power(unit)} FLOPs of a budget)",
            about=about,
            aliases=aliases,
            params_counted="non-embedding",
            corpus="WebText2",
            tokenizer="GPT-2 BPE (50,257)",
            valid=Validity(params=(768, 1.5e9), tokens=(22e6, 23e9)),
            standing=standing,
            warnings=(
                (
                    "history: this exponent is an artefact of small models counted without embeddings, and of warm-up "
                    "and schedules that did not suit short runs (arXiv:2406.12907, arXiv:2406.19146); later laws "
                    "call for far more tokens"
                ),
                (
                    "the paper prints three values of alpha_C_min: 0.050 as fitted (table 5, used here), 0.054 as "
                    "derived, and 0.052 from the other exponents"
                ),
                "table 6 contradicts itself: its N and its D (2e10 C_min^0.27) give a 6ND of 1.8 times C_min",
                reading,
            ),
        ),
    )
