"""Table 6 of Kaplan et al. 2020 (arXiv:2001.08361), under either reading of a budget."""

from typing import Final

from tokaudit.laws import About, Validity
from tokaudit.laws._frontier import Frontier
from tokaudit.quantities import format_power

PF_DAY: Final = 1e15 * 86_400
"""The paper's unit of compute, in FLOPs."""


def table_6(unit: float, reading: str, *, asked: bool) -> Frontier:
    """``N_opt = 1.3e9 C_min^0.73``, C_min in PF-days.

    Args:
        unit: FLOPs of a budget that are one PF-day of C_min.
        reading: what that takes the budget for, as a warning.
        asked: as in ``About``.
    """
    return Frontier(
        gives="params",
        k=1.3e9,
        exponent=0.73,
        unit=unit,
        about=About(
            source=f"arXiv:2001.08361, table 6 ({format_power(unit)} FLOPs of a budget are a PF-day of its C_min)",
            params_counted="non-embedding",
            corpus="WebText2",
            tokenizer="GPT-2 BPE (50,257)",
            valid=Validity(params=(768, 1.5e9), tokens=(22e6, 23e9)),
            asked=asked,
            warnings=(
                (
                    "history: this exponent comes of leaving the embeddings of small models out, and of warm-up and "
                    "schedules that short runs suffer from (arXiv:2406.12907, arXiv:2406.19146); later laws want far "
                    "more tokens"
                ),
                "table 6 does not agree with itself: its N and its D (2e10 C_min^0.27) make 6ND 1.8 times C_min",
                reading,
            ),
        ),
    )
