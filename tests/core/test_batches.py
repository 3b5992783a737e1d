"""Where the texts of a file come from, batch by batch."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from tokaudit.core.batches import PageBatch, TextBatch, TextOrigin
from tokaudit.core.extraction import Extraction
from tokaudit.core.page_kind import PageKind

NONE = pa.nulls(1, pa.int64())
ZERO = np.zeros(1, np.int64)
PAGE = PageBatch(
    pa.array([b"p"], pa.large_binary()),
    np.array([PageKind.HTML], np.uint8),
    pa.nulls(1, pa.string()),
    Extraction(),
    ZERO,
    NONE,
)


def text(field: str | None) -> TextBatch:
    return TextBatch(pa.array(["t"], pa.large_string()), ZERO, NONE, text_field=field)


def origin(batches: Sequence[TextBatch | PageBatch]) -> TextOrigin:
    """The origin after all batches."""
    found = TextOrigin()
    for batch in batches:
        found = found.after(batch)
    return found


def test_an_origin_has_the_last_field_and_the_extractor() -> None:
    identity = Extraction().identity

    assert origin([]) == origin([text(None)]) == TextOrigin(None, None)
    assert origin([text("a"), text(None)]) == TextOrigin("a", None)
    assert origin([PAGE, text(None)]) == TextOrigin(None, identity)
    assert origin([text("a"), PAGE]) == origin([PAGE, text("a")]) == TextOrigin("a", identity)
