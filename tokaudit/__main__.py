"""``python -m tokaudit`` is the command ``tokaudit``."""

from tokaudit.cli import run

run()
