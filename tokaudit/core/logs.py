"""Loggers of the library: children of ``tokaudit`` that write nothing unless the program that uses it asks them to."""

import logging
from typing import Final

LIBRARY: Final = "tokaudit"
"""Name of the logger of the whole library."""

logging.getLogger(LIBRARY).addHandler(logging.NullHandler())


def logger(name: str) -> logging.Logger:
    """The logger of a module, given its ``__name__``, or of a part of the library, such as ``tokaudit.progress``."""
    return logging.getLogger(name)
