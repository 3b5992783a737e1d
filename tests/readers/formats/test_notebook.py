"""Notebooks: the source of the cells is one document, and a damaged notebook is one bad record."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokaudit.readers.files import InputFile

Stored = Callable[[str, bytes], InputFile]
Seen = Callable[..., Any]

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def cell(kind: str, source: str | list[str], **more: Any) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source} | more


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    metadata = {"kernelspec": {"name": "python3", "language": "python"}}
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


GOOD = notebook(
    cell("markdown", ["# Title\n", "text"], attachments={"a.png": {"image/png": "AAAA"}}),
    cell("code", "x = 1\nx", outputs=[{"output_type": "stream", "text": ["OUTPUT"]}], execution_count=1),
    cell("code", []),
    cell("raw", "raw é"),
)
GOOD_TEXT = "# Title\ntext\n\nx = 1\nx\n\nraw é"


@settings(max_examples=60, deadline=None)
@given(sources=st.lists(TEXTS | st.lists(TEXTS)), indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
def test_a_notebook_is_the_source_of_its_cells(
    *, stored: Stored, seen: Seen, sources: list[str | list[str]], indent: int | None, ascii_only: bool
) -> None:
    cells = [cell("code", source, outputs=[{"text": "OUTPUT"}]) for source in sources]
    data = json.dumps(notebook(*cells), indent=indent, ensure_ascii=ascii_only).encode()

    found = seen(stored("a.ipynb", data), "notebook")

    joined = ["".join(source) for source in sources]
    assert found.texts == ["\n\n".join(source for source in joined if source)]
    assert (found.ordinals, found.offsets, found.bad) == ([0], [0], [])


@pytest.mark.parametrize("packed", [False, True])
def test_markdown_code_and_raw_cells_count_and_outputs_do_not(*, stored: Stored, seen: Seen, packed: bool) -> None:
    data = b"\xef\xbb\xbf" + json.dumps(GOOD).encode()
    file = stored("a.ipynb.gz", gzip.compress(data)) if packed else stored("a.ipynb", data)

    assert seen(file, "notebook").texts == [GOOD_TEXT]


def test_a_notebook_of_format_3_has_its_cells_in_worksheets(stored: Stored, seen: Seen) -> None:
    code = {"cell_type": "code", "input": ["x = 1\n", "y"], "language": "python", "outputs": [{"text": "OUTPUT"}]}
    sheets = [
        {"cells": [cell("heading", "Title", level=1), code]},
        {"metadata": {}},
        {"cells": [cell("markdown", "b")]},
    ]
    data = json.dumps({"nbformat": 3, "worksheets": sheets}).encode()

    assert seen(stored("a.ipynb", data), "notebook").texts == ["Title\n\nx = 1\ny\n\nb"]


def test_a_number_in_an_output_that_json_lacks_does_not_lose_the_notebook(stored: Stored, seen: Seen) -> None:
    data = json.dumps(notebook(cell("code", "x", outputs=[{"data": {"y": [float("nan"), float("inf")]}}]))).encode()

    assert b"NaN" in data
    assert seen(stored("a.ipynb", data), "notebook").texts == ["x"]


def test_a_label_is_a_field_of_the_notebook(stored: Stored, seen: Seen) -> None:
    labels = {"language": "metadata.kernelspec.language", "none": "nothing"}

    found = seen(stored("a.ipynb", json.dumps(GOOD).encode()), "notebook", labels=labels)

    assert found.labels == {"language": ["python"], "none": [None]}


@pytest.mark.parametrize("data", [b"", b" \n", b"\xef\xbb\xbf"])
def test_an_empty_file_has_no_document(stored: Stored, seen: Seen, data: bytes) -> None:
    found = seen(stored("a.ipynb", data), "notebook")

    assert (found.texts, found.bad) == ([], [])


def test_a_notebook_without_cells_is_an_empty_document(stored: Stored, seen: Seen) -> None:
    assert seen(stored("a.ipynb", b'{"cells":[]}'), "notebook").texts == [""]


@pytest.mark.parametrize(
    ("data", "ordinal", "code", "why"),
    [
        (b"{}", 0, "malformed", "is not a notebook: it has no list of cells"),
        (b'{"cells":{}}', 0, "malformed", "is not a notebook: it has no list of cells"),
        (b'{"worksheets":[1]}', 0, "malformed", "is not a notebook: it has no list of cells"),
        (b'{"worksheets":[{"cells":null}]}', 0, "malformed", "is not a notebook: it has no list of cells"),
        (b'{"cells":[{"source":"a"},{"outputs":[]}]}', 0, "malformed", "its cell 2 has no source that is text"),
        (b'{"cells":[{"source":["a",1]}]}', 0, "malformed", "its cell 1 has no source that is text"),
        (b'{"cells":[null]}', 0, "malformed", "its cell 1 has no source that is text"),
        (b'{"cells":[{"source":NaN}]}', 0, "malformed", "its cell 1 has no source that is text"),
        (b"[]", 0, "malformed", "is an array, not an object"),
        (b'{"cells":[{"source":"a', 0, "cut", "ends inside of the notebook"),
        (b'{"cells":[{"source":"a",}]}', 0, "malformed", "is not valid JSON: trailing comma"),
        (b'{"cells":[{"source":"\\ud800"}]}', 0, "encoding", "half a surrogate pair"),
        (b'{"cells":[{"source":"\xff"}]}', 0, "encoding", "byte 22 of the record is not valid UTF-8"),
        (b'{"cells":' + b"[" * 10_000 + b"]" * 10_000 + b"}", 0, "malformed", "depth limit exceeded"),
        (b"\0\0", 0, "malformed", "contains a zero byte"),
        ("{}".encode("utf-16"), None, "encoding", "looks like UTF-16: convert it to UTF-8"),
        (b"PAR1\0\0", None, "wrong_format", "is not a notebook: it is Parquet"),
    ],
)
def test_a_damaged_notebook_is_one_bad_record(
    *, stored: Stored, seen: Seen, data: bytes, ordinal: int | None, code: str, why: str
) -> None:
    found = seen(stored("a.ipynb", data), "notebook")

    assert (found.texts, found.codes) == ([], [(ordinal, code)])
    assert why in found.bad[0].why


@pytest.mark.slow
@pytest.mark.parametrize("packed", [False, True])
def test_flips_and_cuts_give_one_document_or_one_fault(*, stored: Stored, seen: Seen, packed: bool) -> None:
    rng = np.random.default_rng(1)
    good = json.dumps(GOOD, indent=1).encode()
    file = gzip.compress(good) if packed else good
    for number in range(120):
        data = bytearray(file)
        place = int(rng.integers(10 if packed else 0, len(data)))
        if number % 2:
            del data[place:]
        else:
            data[place] ^= 1 << int(rng.integers(8))
        found = seen(stored("a.ipynb.gz" if packed else "a.ipynb", bytes(data)), "notebook")

        assert len(found.texts) + len(found.bad) == 1 or not data
        assert number % 2 == 0 or found.bad or not data, "a cut was not noticed"
        assert found.bad or not packed
