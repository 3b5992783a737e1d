"""``python -m tokaudit`` is the command ``tokaudit``."""

from tokaudit.cli.app import run

run()
