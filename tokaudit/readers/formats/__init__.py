"""Bytes to text: one file a format; each yields TextBatches and bad records.

A format is one file here with one constant ``READER``; its name is what users type after ``--reader``.
"""

from typing import TYPE_CHECKING, Final

from tokaudit.core.plugins import Registry

if TYPE_CHECKING:
    from tokaudit.readers.reader import Reader

READERS: "Final[Registry[Reader]]" = Registry("tokaudit.readers.formats", "READER", "reader")
