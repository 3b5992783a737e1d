"""Pages as batches, and processes whose extractor misbehaves."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pytest

from tokaudit.core.batches import PageBatch
from tokaudit.core.extraction import Extraction
from tokaudit.core.page_kind import PageKind
from tokaudit.readers.pages import workers
from tokaudit.readers.processes.worker import Pool

Pages = Callable[..., PageBatch]


@pytest.fixture
def strange(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """Have `made.strange_pages` extract, in at most a fifth of a second of computing."""
    pool = Pool("made.strange_pages")
    monkeypatch.setattr(workers, "IDLE", pool)
    monkeypatch.setattr(workers, "seconds_for", lambda _: 0.2)
    yield pool
    pool.finish()


@pytest.fixture(scope="session")
def pages() -> Pages:
    """A function that makes a batch of pages."""

    def batch(contents: Sequence[bytes], first: int = 0, kind: PageKind = PageKind.HTML) -> PageBatch:
        count = len(contents)
        return PageBatch(
            pages=pa.array(contents, pa.large_binary()),
            kind=np.full(count, kind, np.uint8),
            charset=pa.nulls(count, pa.string()),
            extraction=Extraction(main_content=False),
            ordinal=np.arange(first, first + count),
            offset=pa.array([10 * (first + n) for n in range(count)], pa.int64()),
            labels={"n": pa.array([str(first + n) for n in range(count)])},
            position=99,
        )

    return batch
