"""Defaults of what plans and forecasts take, in a module that is cheap to import."""

from typing import Final

DEFAULT_LAW: Final = "besiroglu2024"
UNIMAX: Final = "unimax"
"""The mixture that is as even as ``--max-epochs`` allows (arXiv:2304.09151)."""

DEFAULT_MODEL: Final = "villalobos2024"
"""The published forecast whose settings are used."""
DEFAULT_SAMPLES: Final = 100_000
"""Samples of a forecast."""
