"""Pages of a batch of work become texts in their places, whatever else is in the batch."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest

from tokaudit.core.batches import BadRecord, Omitted, PageBatch, TextBatch
from tokaudit.core.extraction import Extraction
from tokaudit.core.page_kind import PageKind
from tokaudit.pipeline.batching import WorkBatch
from tokaudit.pipeline.changes import FileTask
from tokaudit.pipeline.extracting import with_texts
from tokaudit.readers.files import InputFile
from tokaudit.readers.pages import extracted
from tokaudit.readers.pages.workers import Failure


def upper(batches: Sequence[PageBatch]) -> list[bytes | Failure]:
    """The texts of pages as `extract` returns them: in capitals; pages ``bad`` fail."""
    contents = [page for batch in batches for page in batch.pages.to_pylist()]
    return [Failure("it is bad") if page == b"bad" else page.strip().upper() for page in contents]


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracted, "extract", upper)


def pages(*contents: bytes, first: int = 0) -> PageBatch:
    count = len(contents)
    return PageBatch(
        pages=pa.array(contents, pa.large_binary()),
        kind=np.full(count, PageKind.HTML, np.uint8),
        charset=pa.nulls(count, pa.string()),
        extraction=Extraction(),
        ordinal=np.arange(first, first + count),
        offset=pa.nulls(count, pa.int64()),
    )


def text(*contents: str, first: int = 0) -> TextBatch:
    count = len(contents)
    return TextBatch(
        pa.array(contents, pa.large_string()), np.arange(first, first + count), pa.nulls(count, pa.int64())
    )


def work(*files: Sequence[PageBatch | TextBatch | BadRecord | Omitted]) -> WorkBatch:
    """A batch of whole files with what was found in each."""
    made = WorkBatch()
    for number, found in enumerate(files):
        file = InputFile(f"/{number}", f"{number}", 1, "")
        made.open(FileTask(file, "html", None, {}), "", {})
        for each in found:
            made.add(each)
    return made


def texts(done: WorkBatch) -> list[str]:
    assert all(isinstance(batch, TextBatch) for batch in done.batches)
    return [one for batch in done.batches if isinstance(batch, TextBatch) for one in batch.text.to_pylist()]


def test_each_file_keeps_its_documents_and_its_faults() -> None:
    done = with_texts(
        work(
            [pages(b"a", b"bad"), pages(b"", b"b", first=2)],
            [],
            [text("t"), pages(b"", first=1), text("u", first=2)],
            [pages(b"bad")],
            [pages(b"c")],
        )
    )

    assert texts(done) == ["A", "B", "t", "u", "C"]
    assert (done.documents, done.rows) == ([2, 0, 2, 0, 1], 5)
    assert [(place, bad.ordinal, bad.code) for place, bad in done.bad] == [
        (0, 1, "extraction_failed"),
        (3, 0, "extraction_failed"),
    ]
    assert [(place, each.rule, each.number) for place, each in done.omitted] == [(0, "no_text", 1), (2, "no_text", 1)]


def test_bad_records_come_in_the_order_of_the_file_its_rest_last() -> None:
    cut = BadRecord(None, None, "cut", "is cut off")
    other = BadRecord(1, None, "corrupt", "is damaged")
    done = with_texts(work([pages(b"bad"), other, pages(b"bad", first=2), cut], [BadRecord(0, 0, "cut", "x")]))

    assert [(place, bad.ordinal) for place, bad in done.bad] == [(0, 0), (0, 1), (0, 2), (0, None), (1, 0)]


def test_batches_without_rows_belong_to_no_place() -> None:
    done = with_texts(work([pages()], [pages(), pages(b"a"), pages()], [pages()]))

    assert texts(done) == ["A"]
    assert done.documents == [0, 1, 0]


def test_work_without_pages_is_the_same_object() -> None:
    given = work([text("a")], [])

    assert with_texts(given) is given
    assert with_texts(WorkBatch()).batches == []


def test_all_pages_of_the_work_are_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def extract(batches: Sequence[PageBatch]) -> list[bytes | Failure]:
        asked.append(len(batches))
        return upper(batches)

    monkeypatch.setattr(extracted, "extract", extract)
    with_texts(work([pages(b"a")], [pages(b"b")], [text("t")], [pages(b"c"), pages(b"d", first=1)]))

    assert asked == [4]
