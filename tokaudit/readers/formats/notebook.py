"""Jupyter notebooks: one document per notebook, the source of its cells in order, with a blank line between them.

Markdown, code and raw cells count. Outputs, attachments and empty cells do not. Formats 3 and 4 of notebooks are
read. A label is a field of the notebook's JSON, such as ``metadata.kernelspec.language``.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from tokaudit.core.bad_codes import BadCode
from tokaudit.core.batches import BadRecord, Found
from tokaudit.readers.faults import yields_faults
from tokaudit.readers.fields.record_paths import MISSING
from tokaudit.readers.files import InputFile
from tokaudit.readers.json.damage import is_cut
from tokaudit.readers.json.faults import no_object, unparsed
from tokaudit.readers.json.heads import start_of_json
from tokaudit.readers.json.numbers import parse_odd_numbers
from tokaudit.readers.json.records import GatheredDocuments, JsonDocument
from tokaudit.readers.options import ReadOptions
from tokaudit.readers.reader import Reader
from tokaudit.readers.unpack.streams import read_whole

_BLANK_LINE: Final = "\n\n"


class _StructureError(Exception):
    """What is wrong with the structure of a notebook."""


class Notebook(Reader):
    """Reads one document per notebook, compressed or not; an empty file has no document."""

    suffixes = (".ipynb",)
    documents_per_file = 1

    @yields_faults
    def read(self, file: InputFile, options: ReadOptions) -> Iterator[Found]:
        """Yield the document, or a bad record."""
        data, position = read_whole(file, options.limits)
        raw = bytes(data)[start_of_json(memoryview(data), "a notebook") :]
        if not raw.strip():
            return
        found = _document(raw)
        if isinstance(found, JsonDocument):
            gathered = GatheredDocuments(options.labels)
            gathered.add(found, 0, 0)
            yield from gathered.batches(1, position, None)
        else:
            yield BadRecord(0, 0, *found)


def _document(raw: bytes) -> JsonDocument | tuple[BadCode, str]:
    """The document of a notebook, or the code and reason of its fault."""
    try:
        notebook = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        notebook = parse_odd_numbers(raw)  # such as NaN in the output of a cell
        if notebook is MISSING:
            return ("cut", "ends inside of the notebook") if is_cut(raw) else unparsed(raw, error)
    if not isinstance(notebook, dict):
        return no_object(notebook)
    try:
        sources = [_source(cell, number) for number, cell in enumerate(_cells(notebook), 1)]
    except _StructureError as fault:
        return "malformed", f"is not a notebook: {fault}"
    return JsonDocument(_BLANK_LINE.join(filter(None, sources)), notebook)


def _cells(notebook: Mapping[str, Any]) -> list[Any]:
    """The cells in order; those of the format 3 are in worksheets.

    Raises:
        _StructureError: there is no list of cells.
    """
    worksheets = notebook.get("worksheets")
    sheets = worksheets if "cells" not in notebook and isinstance(worksheets, list) else [notebook]
    cells: list[Any] = []
    for sheet in sheets:
        found = sheet.get("cells", [] if sheet is not notebook else None) if isinstance(sheet, dict) else None
        if not isinstance(found, list):
            raise _StructureError("it has no list of cells")
        cells += found
    return cells


def _source(cell: Any, number: int) -> str:
    """The source of a cell; the format 3 calls that of a code cell ``input``.

    Raises:
        _StructureError: the cell is something else.
    """
    source = cell.get("source", cell.get("input", MISSING)) if isinstance(cell, dict) else MISSING
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    if not isinstance(source, str):
        raise _StructureError(f"its cell {number} has no source that is text")
    return source


READER: Final = Notebook()
