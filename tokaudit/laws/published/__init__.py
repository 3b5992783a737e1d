"""Published scaling laws: one file per law, named by author and year."""

from typing import Final

from tokaudit.core.plugins import Registry
from tokaudit.laws.protocol import ScalingLaw

LAWS: Final = Registry[ScalingLaw]("tokaudit.laws.published", "LAW", "law")
