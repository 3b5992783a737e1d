"""Labels from the fields of records that nobody asked for."""

import numpy as np
import pyarrow as pa

from tokaudit.core.batches import BadRecord, PageBatch, TextBatch
from tokaudit.core.extraction import Extraction
from tokaudit.ingesters.base import LabelField
from tokaudit.pipeline.default_labels import DefaultLabels

WANTED = {"language": LabelField(("lang", "language"), str.lower)}


def batch(**labels: list[str | None]) -> TextBatch:
    """Two documents with labels."""
    columns = {name.replace("__", "\0"): pa.array(values, pa.string()) for name, values in labels.items()}
    return TextBatch(pa.array(["a", "b"], pa.large_string()), np.arange(2), pa.array([0, 2], pa.int64()), columns, 4)


def test_the_first_field_that_is_not_null_counts() -> None:
    defaults = DefaultLabels(WANTED, {"stars": "stars"})
    found = defaults.settled(batch(stars=["1", "2"], language__lang=[None, "C"], language__language=["D", "E"]))

    assert list(defaults.fields.values()) == ["stars", "lang", "language"]
    assert isinstance(found, TextBatch)
    assert {name: values.to_pylist() for name, values in found.labels.items()} == {
        "stars": ["1", "2"],
        "language": ["d", "c"],
    }


def test_a_record_without_any_of_the_fields_has_no_label() -> None:
    found = DefaultLabels(WANTED, {}).settled(batch(language__lang=[None, None], language__language=[None, "E"]))

    assert isinstance(found, TextBatch)
    assert found.labels["language"].to_pylist() == [None, "e"]


def test_a_label_that_the_reader_gave_comes_before_the_fields() -> None:
    found = DefaultLabels(WANTED, {}).settled(batch(language=["rust", None], language__lang=["C", "C"]))

    assert isinstance(found, TextBatch)
    assert {name: values.to_pylist() for name, values in found.labels.items()} == {"language": ["rust", "c"]}


def test_a_label_of_the_user_comes_first() -> None:
    defaults = DefaultLabels(WANTED, {"language": "dialect"})
    given = batch(language=["X", None])

    assert defaults.fields == {"language": "dialect"}
    assert defaults.settled(given) is given


def test_bad_records_pass_unchanged() -> None:
    bad = BadRecord(0, 0, "malformed", "is bad")

    assert DefaultLabels(WANTED, {}).settled(bad) is bad


def test_pages_are_labelled_like_texts() -> None:
    texts = batch(language__lang=["C", None], language__language=["D", "E"])
    pages = PageBatch(
        texts.text.cast(pa.large_binary()),
        np.zeros(2, np.uint8),
        pa.nulls(2, pa.string()),
        Extraction(),
        texts.ordinal,
        texts.offset,
        texts.labels,
    )
    found = DefaultLabels(WANTED, {}).settled(pages)

    assert isinstance(found, PageBatch)
    assert {name: values.to_pylist() for name, values in found.labels.items()} == {"language": ["c", "e"]}
