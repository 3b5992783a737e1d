"""``tokaudit forget``."""

from pathlib import Path

import pytest
from made.samples import Run, ingested, text, write_jsonl


@pytest.mark.slow
def test_forget_says_what_it_removed_and_lists_known_sources(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        ingested(run, write_jsonl(tmp_path / name / "x.jsonl", [text(1), text(2)]).parent, "--domain", "web")
    refused = run("forget", "nothing", code=2).err
    forgotten = run("forget", "b", "--format", "json").json
    left = run("status", "--format", "json").json["rows"]

    assert "known: a, b" in refused
    assert (forgotten["source"], forgotten["files"], forgotten["documents"]) == ("b", 1, 2)
    assert [(row["source"], row["files"]) for row in left] == [("a", 1)]
