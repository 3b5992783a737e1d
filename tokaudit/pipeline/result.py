"""What an ingest says when it is done: its numbers as rows, and what to know of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from tokaudit.core.types import Row


def fields(result: Mapping[str, Any]) -> list[Row]:
    """Rows of ``field`` and ``value``, the tokens of each tokenizer last; warnings are told by `notes`."""
    counts = {f"tokens {name}": tokens for name, tokens in result["tokens"].items()}
    shown = {name: value for name, value in result.items() if name not in {"tokens", "warnings"}}
    return [{"field": name, "value": value} for name, value in {**shown, **counts}.items()]


def notes(result: Mapping[str, Any]) -> Iterator[str]:
    """What the user must know, one sentence each."""
    if result["files"] == result["files_unchanged"]:
        yield "nothing to do: every file is in the catalog already and has not changed"
    yield from result["warnings"]
    if result["files_gone"]:
        gone = f"{result['files_gone']:,} files of this source are no longer there, but still count"
        yield f"{gone} (`tokaudit forget {result['source']}` and ingest it again)"
    if not result["complete"]:
        yield f"{result['bad_records']:,} bad records are not counted (`tokaudit errors` lists them)"
