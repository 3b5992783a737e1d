"""The readers, one file per format; each yields TextBatches or IdBatches, and bad records.

Each file defines one constant ``READER``; the name of the file is what users type after ``--reader``.
"""

from typing import TYPE_CHECKING, Final

from tokaudit.core.plugins import Registry

if TYPE_CHECKING:
    from tokaudit.readers.reader import Reader

READERS: "Final[Registry[Reader]]" = Registry("tokaudit.readers.formats", "READER", "reader")
