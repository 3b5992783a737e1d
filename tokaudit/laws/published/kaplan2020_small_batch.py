"""Kaplan et al. 2020, with the budget read as C_min: training far below the critical batch size."""

from typing import Final

from tokaudit.laws.kaplan import PF_DAY, table_6
from tokaudit.laws.protocol import ScalingLaw

LAW: Final[ScalingLaw] = table_6(
    PF_DAY,
    "C is read as C_min (training at a very small batch size); D is C/(6N), 0.55 times that of table 6; kaplan2020 "
    "reads C as 2 C_min and gives 0.60 times the parameters",
    standing="quoted",
    about="OpenAI's law of 2020, with compute read as C_min",
    aliases=("kaplan-small-batch",),
)
