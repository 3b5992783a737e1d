"""What a plan's options fall back on, known without loading what uses it."""

from typing import Final

DEFAULT_LAW: Final = "besiroglu2024"
UNIMAX: Final = "unimax"
"""The mixture that is as even as ``--max-epochs`` allows (arXiv:2304.09151)."""
