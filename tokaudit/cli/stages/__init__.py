"""The stages that run by themselves, one file per stage: commands of ``tokaudit stage``."""

from typing import Final

from tokaudit.cli.command import Listed
from tokaudit.core.plugins import Registry

STAGES: Final = Registry[Listed]("tokaudit.cli.stages", "COMMAND", "stage")
