"""What becomes of the pages of a batch: documents, bad records and pages without text, each in its place."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from tokaudit.core.batches import BadRecord, Omitted, PageBatch, TextBatch
from tokaudit.readers.pages.extracted import extract_all, extracted

Pages = Callable[..., PageBatch]
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("strange")]


def test_places_and_labels_stay_with_their_documents(pages: Pages) -> None:
    (found,) = extract_all([pages([b"a", b" \n", b"RAISE", b"\xc3\xa9", b""], 4)])

    found.text.text.validate(full=True)
    assert found.text.text.to_pylist() == ["A", "É"]
    assert found.text.ordinal.tolist() == [4, 7]
    assert found.text.offset.to_pylist() == [40, 70]
    assert found.text.labels["n"].to_pylist() == ["4", "7"]
    assert (found.text.position, found.text.text_field) == (99, None)
    why = "its text can't be extracted: the extractor failed: ValueError"
    assert found.bad == [BadRecord(6, 60, "extraction_failed", why)]
    assert found.omitted == Omitted("no_text", "", 2, 2, "record 5")


def test_batches_of_one_request_stay_apart(pages: Pages) -> None:
    found = extract_all([pages([b"a"]), pages([b"", b""], 1), pages([b"b", b"c"], 3)])

    assert [each.text.text.to_pylist() for each in found] == [["A"], [], ["B", "C"]]
    assert [each.text.ordinal.tolist() for each in found] == [[0], [], [3, 4]]
    assert [each.omitted and each.omitted.number for each in found] == [None, 2, None]
    assert extract_all([]) == []


def test_what_is_no_page_stays_as_it_is_and_where_it_is(pages: Pages) -> None:
    text = TextBatch(pa.array(["t"], pa.large_string()), np.array([1]), pa.nulls(1, pa.int64()))
    bad = BadRecord(None, None, "cut", "is cut off")
    found = list(extracted([pages([b"a"]), text, pages([b"", b"RAISE"], 2), bad]))

    assert isinstance(found[0], TextBatch)
    assert found[0].text.to_pylist() == ["A"]
    assert found[1] is text
    assert [type(each) for each in found[2:]] == [BadRecord, Omitted, BadRecord]
    assert found[-1] is bad
