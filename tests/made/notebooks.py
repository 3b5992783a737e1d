"""The notebook of the guide: run in a kernel, and written as Markdown."""

import os
import re
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from traitlets.config import Config

import tokaudit

NOTEBOOKS = sorted((Path(tokaudit.__file__).parent / "guide").glob("*.ipynb"))
"""The chapters of the guide that are notebooks."""

_PATH = re.compile(r"\S*/notebook\.duckdb")


def executed(notebook: Path, folder: Path) -> Any:
    """The notebook with the outputs of each cell, run in a folder by a kernel of its own.

    Raises:
        CellExecutionError: a cell raised an error.
    """
    found = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as short:  # sockets have short names
        patch.setenv("PYTHONPATH", os.pathsep.join([str(notebook.parents[2]), os.environ.get("PYTHONPATH", "")]))
        patch.setenv("JUPYTER_RUNTIME_DIR", short)
        config = Config(KernelManager={"transport": "ipc", "ip": f"{short}/kernel"})  # no port, no network
        resources = {"metadata": {"path": folder}}
        NotebookClient(found, timeout=120, kernel_name="python3", resources=resources, config=config).execute()
    for cell in found.cells:
        cell.metadata.clear()
        for output in cell.get("outputs", ()):
            output.get("metadata", {}).clear()
    found.metadata.language_info = {"name": "python"}
    return found


def outputs(notebook: Any) -> list[list[tuple[str, str]]]:
    """The kind and the text of each output of each cell, without paths of this machine."""
    return [[_shown(output) for output in cell.outputs] for cell in notebook.cells if cell.cell_type == "code"]


def _shown(output: Any) -> tuple[str, str]:
    if output.output_type == "stream":
        return f"stream {output.name}", _PATH.sub("notebook.duckdb", output.text)
    if output.output_type == "error":
        return "error", output.ename
    return "value", _PATH.sub("notebook.duckdb", output.data["text/plain"])


def as_markdown(notebook: Any) -> str:
    """The cells of a notebook as a chapter of the guide, each followed by its output as text."""
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        parts.append(f"```python\n{cell.source}\n```")
        shown = "".join(f"{text.rstrip()}\n" for _, text in map(_shown, cell.outputs))
        if shown:
            parts.append(f"```text\n{shown}```")
    return "\n\n".join(parts) + "\n"
