"""Defaults of a plan's options, in a module that is cheap to import."""

from typing import Final

DEFAULT_LAW: Final = "besiroglu2024"
UNIMAX: Final = "unimax"
"""The mixture that is as even as ``--max-epochs`` allows (arXiv:2304.09151)."""
