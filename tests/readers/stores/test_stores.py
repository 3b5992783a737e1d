"""What the readers of stores share."""

from tokaudit.core.store_readers import STORE_READERS
from tokaudit.readers.formats import READERS
from tokaudit.readers.stores.stores import StoreReader


def test_the_readers_of_stores_are_known_by_name() -> None:
    assert {name for name in READERS.names() if isinstance(READERS.get(name), StoreReader)} == STORE_READERS
