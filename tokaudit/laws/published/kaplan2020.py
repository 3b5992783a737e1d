"""Kaplan et al. 2020: the first compute-efficient frontier, in non-embedding parameters."""

from typing import Final

from tokaudit.laws.kaplan import PF_DAY, table_6
from tokaudit.laws.protocol import ScalingLaw

# C = C_min (1 + B/B_crit): twice C_min at the critical batch size, as arXiv:2203.15556, appendix D.4, reads it.
LAW: Final[ScalingLaw] = table_6(
    2 * PF_DAY,
    "C is read as 2 C_min (training at the critical batch size), as in arXiv:2203.15556: 4.68B parameters at 1e21 "
    "FLOPs; D is C/(6N), 1.11 times that of table 6; kaplan2020-small-batch reads C as C_min and gives 1.66 times the "
    "parameters (7.77B)",
    standing="shown",
    about="OpenAI's law of 2020, kept as history",
    aliases=("kaplan", "openai"),
)
